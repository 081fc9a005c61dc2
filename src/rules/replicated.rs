//! Workloads that run more than once: what the rules for budgets and spreading share.

use crate::k8s::{Object, Release, Workload};
use crate::yaml::Data;

/// The object of a Deployment or StatefulSet that never has fewer than two pods, and its selector as written.
#[must_use]
pub fn replicated<'r, 'a>(
    release: &'r Release<'a>,
    workload: &Workload<'_>,
) -> Option<(&'r Object<'a>, Data)> {
    let object = release.object_of(workload);
    let kind = object.is("apps", "Deployment") || object.is("apps", "StatefulSet");
    if !kind || release.fewest_replicas(object) < 2 {
        return None;
    }
    Some((object, object.value.path("spec.selector")?.to_data()))
}
