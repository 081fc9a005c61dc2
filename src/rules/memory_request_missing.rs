//! `memory-request-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// The container asks for no memory.
    ///
    /// # Why
    /// The scheduler overfills the node, and when it runs out such pods are the first to be killed.
    ///
    /// # Fix
    /// With consent, from the first entry of the policy's `resources` that matches and names the figure.
    /// Nothing is written where a limit exists (the request then equals it), where the pod or a `LimitRange`
    /// gives one, or where a vertical autoscaler sets it. Pods that were squeezed in before may no longer
    /// fit. Init containers only with `initContainers: true`.
    "memory-request-missing", Consent, [low, medium, high],
    standards: ["NSA N3", "OWASP K01", "REQ"],
    peers: ["Kyverno require-requests-limits", "Kyverno add-default-resources",
        "Polaris memoryRequestsMissing", "kube-score container-resources", "kubesec RequestsMemory",
        "Trivy KSV-0016", "Checkov CKV_K8S_12", "Kubescape C-0269"],
    settings: ["initContainers"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let figure = Figure { side: Side::Requests, name: "memory" };
    resources::check(release, container, figure, findings);
}
