//! Workloads that run more than once: what the rules for budgets and spreading share.

use crate::k8s::{Object, Release, Workload};
use crate::yaml::Data;

/// The object of a Deployment or StatefulSet that never has fewer than two pods.
#[must_use]
pub fn replicated<'r, 'a>(release: &'r Release<'a>, workload: &Workload<'_>) -> Option<&'r Object<'a>> {
    let object = release.object_of(workload);
    let kind = object.is("apps", "Deployment") || object.is("apps", "StatefulSet");
    let runs_on = kind && object.value.path("spec.selector").is_some();
    (runs_on && release.fewest_replicas(object) >= 2).then_some(object)
}

/// The selector of such an object, as written.
#[must_use]
pub fn selector(object: &Object<'_>) -> Data {
    object.value.path("spec.selector").map_or(Data::Null, |selector| selector.to_data())
}
