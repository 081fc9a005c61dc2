//! `topology-spread-missing`.

use super::replicated::{replicated, selector};
use crate::k8s::{Access, Release, Workload};
use crate::rule::{Findings, append};
use crate::yaml::{Data, Value};

crate::rule! {
    /// All replicas may land in one zone, or a spread constraint does not say what it must.
    ///
    /// # Why
    /// Then the loss of a zone takes the service with it.
    ///
    /// # Fix
    /// With consent, for at least two replicas and where there are no constraints: `maxSkew: 1` over
    /// `topology.kubernetes.io/zone` with the workload's own selector and `ScheduleAnyway`, so that no pod
    /// stays pending. Constraints of its own replace those the cluster gives by default. A broken constraint
    /// is reported.
    "topology-spread-missing", Consent, [off, low, low],
    standards: [],
    peers: ["Kyverno topologyspreadconstraints-policy", "Polaris topologySpreadConstraint",
        "kube-score pod-topology-spread-constraints"],
    Workload => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let constraints = workload.get("topologySpreadConstraints");
    let mut none = true;
    for (index, constraint) in constraints.into_iter().flat_map(Value::items).enumerate() {
        none = false;
        if let Some(why) = broken(constraint).filter(|_| workload.access != Access::Part) {
            let place = workload.at("topologySpreadConstraints").index(index);
            findings.add(place.wrong(why).help("the API server refuses it, or it spreads nothing"));
        }
    }
    if let Some(object) = replicated(release, workload).filter(|_| none) {
        let constraint: Data = serde_json::json!({
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": selector(object),
        });
        let place = workload.at("topologySpreadConstraints");
        let edit = append(place.route.clone(), constraint);
        findings.add(place.wrong("all replicas may land in one zone").consent([edit]));
    }
}

fn broken(constraint: Value<'_>) -> Option<&'static str> {
    let text = |key: &str| constraint.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let unsatisfied = text("whenUnsatisfiable");
    if text("topologyKey").is_none() {
        return Some("a spread constraint has no topologyKey");
    }
    if constraint.get("maxSkew").and_then(Value::as_i64).is_none_or(|skew| skew < 1) {
        return Some("a spread constraint has no maxSkew of at least 1");
    }
    if !matches!(unsatisfied.as_deref(), Some("DoNotSchedule" | "ScheduleAnyway")) {
        return Some("a spread constraint says neither DoNotSchedule nor ScheduleAnyway");
    }
    if constraint.get("labelSelector").is_none() && constraint.get("matchLabelKeys").is_none() {
        return Some("a spread constraint has no labelSelector, so it counts no pods");
    }
    let domains = constraint.get("minDomains");
    if domains.is_some() && unsatisfied.as_deref() != Some("DoNotSchedule") {
        return Some("minDomains needs whenUnsatisfiable: DoNotSchedule");
    }
    None
}
