//! `dangerous-capability`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// The container adds a capability that is close to root on the node.
    ///
    /// # Why
    /// Each of `ALL`, `SYS_ADMIN`, `NET_ADMIN`, `SYS_MODULE`, `SYS_PTRACE`, `SYS_RAWIO`, `DAC_READ_SEARCH`,
    /// `BPF`, `PERFMON`, `SYS_BOOT`, `MAC_ADMIN` and `CHECKPOINT_RESTORE` has been, or comes with, a way out
    /// of the container. Runtimes take the names in any case and with `CAP_` before them, so those spellings
    /// count too.
    ///
    /// # Fix
    /// None: a program that asks for one of these fails without it.
    "dangerous-capability", No, [high, critical, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.9 (until 1.11)", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-capabilities", "Kyverno service-mesh-disallow-capabilities",
        "Polaris dangerousCapabilities", "kubesec CapSysAdmin", "Trivy KSV-0005", "Trivy KSV-0120",
        "Checkov CKV_K8S_39", "Kubescape C-0046"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let message = format!("adds a capability close to root on the node: {}", violation.detail);
    findings.add(workload.violated(violation).wrong(message).help(stated::ALLOW_OR_CHANGE));
}
