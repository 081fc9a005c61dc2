//! `pod-anti-affinity-missing`.

use super::replicated::{replicated, selector};
use crate::k8s::selector::Selector;
use crate::k8s::{Release, Workload};
use crate::rule::{Findings, append};
use crate::yaml::{Data, Value};

crate::rule! {
    /// All replicas may land on one node.
    ///
    /// # Why
    /// Then that node takes the service with it.
    ///
    /// # Fix
    /// With consent, for at least two replicas: a preferred term of weight 100 on `kubernetes.io/hostname`
    /// with the workload's own selector. Soft, so that no pod stays pending on a small cluster. Not where a
    /// topology spread over host names exists, and never beside terms of the chart's own: those are reported
    /// when they do not pick the pods.
    "pod-anti-affinity-missing", Consent, [off, low, low],
    standards: [],
    peers: ["Kyverno insert-pod-antiaffinity", "Kyverno spread-pods", "KubeLinter no-anti-affinity",
        "kube-score deployment-has-host-podantiaffinity", "kube-score statefulset-has-host-podantiaffinity"],
    Workload => check
}

const KEYS: &[&str] =
    &["kubernetes.io/hostname", "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

fn check(release: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let Some(object) = replicated(release, workload).filter(|_| !spreads_over_hosts(workload)) else {
        return;
    };
    let place = workload.at("affinity.podAntiAffinity");
    let Some(affinity) = workload.get("affinity.podAntiAffinity") else {
        let term: Data = serde_json::json!({
            "weight": 100,
            "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname", "labelSelector": selector(object)},
        });
        let edit = append(workload.route.path("affinity.podAntiAffinity").key(PREFERRED), term);
        return findings.add(place.wrong("all replicas may land on one node").consent([edit]));
    };
    let list = |key: &str| affinity.get(key).into_iter().flat_map(Value::items);
    let preferred = list(PREFERRED).filter_map(|term| term.get("podAffinityTerm"));
    if !preferred.chain(list(REQUIRED)).any(|term| keeps_apart(term, workload)) {
        let found = place.wrong("its anti-affinity does not keep its own pods apart");
        findings.add(found.help("check topologyKey and labelSelector"));
    }
}

fn keeps_apart(term: Value<'_>, workload: &Workload<'_>) -> bool {
    let key = term.get("topologyKey").and_then(Value::as_str);
    let selects =
        term.get("labelSelector").map(Selector::full).is_some_and(|it| it.matches(&workload.labels));
    selects && key.is_some_and(|key| KEYS.contains(&key.as_ref()))
}

fn spreads_over_hosts(workload: &Workload<'_>) -> bool {
    let constraints = workload.get("topologySpreadConstraints").into_iter().flat_map(Value::items);
    let mut keys = constraints.filter_map(|it| it.get("topologyKey")?.as_str());
    keys.any(|key| key == "kubernetes.io/hostname")
}
