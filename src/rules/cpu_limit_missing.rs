//! `cpu-limit-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// Nothing limits the CPU time that the container takes.
    ///
    /// # Why
    /// A busy container slows its neighbours down to what they asked for. Many teams want exactly that, since
    /// a limit throttles also where the node is idle: the rule is off outside production and low there.
    ///
    /// # Fix
    /// With consent, from the first entry of the policy's `resources` that matches and names the figure:
    /// never a built-in one, never below the request. A container that needs more is throttled. Init
    /// containers only with `initContainers: true`.
    "cpu-limit-missing", Consent, [off, off, low],
    standards: ["NSA N3", "OWASP K01", "REQ"],
    peers: ["Kyverno require-cpu-limits", "Kyverno forbid-cpu-limits (the opposite)",
        "Polaris cpuLimitsMissing", "kube-score container-resources", "kubesec LimitsCPU", "Trivy KSV-0011",
        "Checkov CKV_K8S_11", "Kubescape C-0270", "Kubescape C-0009"],
    settings: ["initContainers"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let figure = Figure { side: Side::Limits, name: "cpu" };
    resources::check(release, container, figure, findings);
}
