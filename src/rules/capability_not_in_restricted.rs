//! `capability-not-in-restricted`.

use super::node_agent;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The container adds a capability other than `NET_BIND_SERVICE`.
    ///
    /// # Why
    /// Those that baseline allows still let a root process change owners, switch users or make device files.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: the one entry is removed
    /// and the rest of the list kept. A program that starts as root and steps down (`SETUID`, `SETGID`,
    /// `CHOWN`) then stops at its first step.
    "capability-not-in-restricted", Consent, [low, medium, high],
    standards: ["PSS-R 1.22", "CIS 5.2.9 (until 1.11)", "OWASP K01"],
    peers: ["Kyverno disallow-capabilities-strict", "Trivy KSV-0106", "Checkov CKV_K8S_25",
        "Kubescape C-0046"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    let edit = remove(place.route.clone());
    let found = place.wrong(format!("adds a capability outside restricted: {}", violation.detail));
    findings.add(node_agent::spare(found, release, workload, [edit]));
}
