//! `capability-not-in-baseline`.

use super::{node_agent, stated};
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The container adds a capability that baseline does not allow.
    ///
    /// # Why
    /// Baseline stops at the thirteen capabilities that container runtimes hand out anyway. Names are
    /// compared as Kubernetes compares them: `CAP_CHOWN` and `chown` are not `CHOWN`.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: the one entry is removed
    /// and the rest of the list kept. The program that asked for it (`NET_RAW` for ping, `IPC_LOCK` for
    /// locked memory) loses that ability.
    "capability-not-in-baseline", Consent, [medium, high, high],
    standards: ["PSS-B 1.0", "CIS 5.2.9 (until 1.11)", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-capabilities", "Kyverno psp-restrict-adding-capabilities", "Trivy KSV-0022",
        "Trivy KSV-0119", "Checkov CKV_K8S_25", "Checkov CKV_K8S_24", "Kubescape C-0046"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let edit = remove(place.route.clone());
    let found = place.wrong(format!("adds a capability outside baseline: {}", violation.detail));
    findings.add(node_agent::spare(found, release, workload, [edit]));
}
