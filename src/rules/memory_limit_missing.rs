//! `memory-limit-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// Nothing limits the memory that the container takes.
    ///
    /// # Why
    /// A leak in one container makes the node kill others.
    ///
    /// # Fix
    /// With consent, from the first entry of the policy's `resources` that matches and names the figure:
    /// never a built-in one, never below the request, never below a heap named by `-Xmx` or `GOMEMLIMIT`. A
    /// container that needs more is killed. Init containers only with `initContainers: true`.
    "memory-limit-missing", Consent, [low, medium, medium],
    standards: ["NSA N3", "OWASP K01", "REQ"],
    peers: ["Kyverno require-requests-limits", "Polaris memoryLimitsMissing",
        "KubeLinter unset-memory-requirements", "kube-score container-resources", "kubesec LimitsMemory",
        "Trivy KSV-0018", "Checkov CKV_K8S_13", "Kubescape C-0271", "Kubescape C-0009"],
    settings: ["initContainers"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let figure = Figure { side: Side::Limits, name: "memory" };
    resources::check(release, container, figure, findings);
}
