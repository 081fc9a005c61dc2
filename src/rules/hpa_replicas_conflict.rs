//! `hpa-replicas-conflict`.

use crate::k8s::{Object, Release};
use crate::rule::{Findings, remove};
use crate::yaml::Value;

crate::rule! {
    /// A fixed replica count fights the autoscaler.
    ///
    /// # Why
    /// Every apply sets the count back, and the autoscaler changes it again: under load that drops pods at
    /// the worst moment.
    ///
    /// # Fix
    /// With consent: `spec.replicas` goes. The first apply without it sets the count to 1 until the
    /// autoscaler acts, unless the field was applied with server-side apply by another owner. A count of 0
    /// switches the autoscaler off, so it stays.
    "hpa-replicas-conflict", Consent, [low, medium, high],
    standards: [],
    peers: ["kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured"],
    Object => check
}

fn check(release: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let Some(replicas) = object.value.path("spec.replicas").and_then(Value::as_i64) else { return };
    let Some(autoscaler) = release.autoscalers_of(object).first().filter(|_| replicas != 0) else { return };
    let name = &release.objects[autoscaler.object].id;
    let found = object.at("spec.replicas").wrong(format!("replicas: {replicas} fights {name}"));
    findings.add(found.consent([remove(object.route.path("spec.replicas"))]));
}
