//! `liveness-probe-missing`.

use super::probes::{self, Probe};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// Nothing tells the kubelet when the container hangs.
    ///
    /// # Why
    /// A deadlocked program stays in place, and somebody has to notice and delete the pod.
    ///
    /// # Fix
    /// With consent, and only as the policy's `probes` say: never guessed from a port number, never copied
    /// from the readiness probe. A probe that fails under load restarts what was only slow. Never for Jobs,
    /// CronJobs, hooks, init and debugging containers; native sidecars count as containers.
    "liveness-probe-missing", Consent, [low, medium, medium],
    standards: ["REQ"],
    peers: ["Kyverno require-pod-probes", "Polaris livenessProbeMissing", "KubeLinter no-liveness-probe",
        "kube-score pod-probes", "Checkov CKV_K8S_8", "Kubescape C-0056"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    probes::check(release, container, Probe::Liveness, findings, |found| found);
}
