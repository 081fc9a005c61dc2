//! `readiness-probe-missing`.

use super::probes::{self, Probe};
use crate::finding::Severity;
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// Nothing tells when the container can take requests.
    ///
    /// # Why
    /// A rollout sends traffic to pods that are still starting, and deletes the old ones before the new ones
    /// serve. Where no Service of the release selects the pods the finding is low.
    ///
    /// # Fix
    /// With consent, and only as the policy's `probes` say: never guessed from a port number. A probe that
    /// never succeeds stops the rollout while the old pods serve on. Never for Jobs, CronJobs, hooks, init
    /// and debugging containers; native sidecars count as containers.
    "readiness-probe-missing", Consent, [low, medium, high],
    standards: ["REQ"],
    peers: ["Kyverno require-pod-probes", "Polaris readinessProbeMissing", "KubeLinter no-readiness-probe",
        "kube-score pod-probes", "Checkov CKV_K8S_9", "Kubescape C-0018"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    probes::check(release, container, Probe::Readiness, findings, |found| {
        let serves = release.services_of(container.workload).next().is_some();
        if serves { found } else { found.at_most(Severity::Low) }
    });
}
