//! `selector-mismatch`.

use crate::k8s::selector::Selector;
use crate::k8s::{Release, Workload};
use crate::rule::Findings;

crate::rule! {
    /// The selector does not pick the pods that the template makes.
    ///
    /// # Why
    /// The API server refuses such an object, and the rest of the release is half installed by then.
    ///
    /// # Fix
    /// None: a selector cannot change after creation, and which of the two is meant only the chart's author
    /// knows.
    "selector-mismatch", No, [critical, critical, critical],
    standards: ["schema"],
    peers: ["KubeLinter mismatching-selector",
        "kube-score deployment-pod-selector-labels-match-template-metadata-labels",
        "kube-score statefulset-pod-selector-labels-match-template-metadata-labels", "Kubescape C-0296"],
    Workload => check
}

const KINDS: &[&str] = &["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"];

fn check(release: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let object = release.object_of(workload);
    let Some(selector) = object.value.path("spec.selector") else { return };
    let selector = match object.id.kind.as_str() {
        "ReplicationController" if object.group().is_empty() => Selector::plain(selector),
        kind if object.group() == "apps" && KINDS.contains(&kind) => Selector::full(selector),
        _ => return,
    };
    if !selector.matches(&workload.labels) {
        let found =
            object.at("spec.selector").wrong("the selector does not match the labels of the pod template");
        findings.add(found.help("make template.metadata.labels hold every label of the selector"));
    }
}
