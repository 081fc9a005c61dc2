//! `cpu-request-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// The container asks for no CPU.
    ///
    /// # Why
    /// The scheduler packs such pods onto one node as if they cost nothing, and under load they are the first
    /// to starve.
    ///
    /// # Fix
    /// With consent, from the first entry of the policy's `resources` that matches and names the figure.
    /// Nothing is written where a limit exists (the request then equals it), where the pod or a `LimitRange`
    /// gives one, or where a vertical autoscaler sets it. Pods that were squeezed in before may no longer
    /// fit, and an autoscaler on utilisation measures against the new figure. Init containers only with
    /// `initContainers: true`.
    "cpu-request-missing", Consent, [low, medium, medium],
    standards: ["NSA N3", "OWASP K01", "REQ"],
    peers: ["Kyverno require-requests-limits", "Kyverno add-default-resources",
        "Kyverno require-qos-burstable", "Polaris cpuRequestsMissing", "KubeLinter unset-cpu-requirements",
        "kube-score container-resources", "kubesec RequestsCPU", "Trivy KSV-0015", "Checkov CKV_K8S_10",
        "Kubescape C-0268"],
    settings: ["initContainers"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let figure = Figure { side: Side::Requests, name: "cpu" };
    resources::check(release, container, figure, findings);
}
