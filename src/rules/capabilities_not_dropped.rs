//! `capabilities-not-dropped`.

use super::images;
use crate::k8s::{Container, Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, append};

crate::rule! {
    /// The container keeps the runtime's default capabilities.
    ///
    /// # Why
    /// They let a root process change owners, bind low ports, forge packets and more, of which most programs need nothing.
    ///
    /// # Fix
    /// Safe where the container already runs as a user other than root, whose effective capabilities are empty anyway:
    /// `ALL` is appended to `drop`, every `add` stays. Otherwise with consent, and `NET_BIND_SERVICE` is added back where a
    /// declared port is below 1024. Images whose binaries carry file capabilities are left to consent.
    "capabilities-not-dropped", Safe, [medium, high, high],
    standards: ["PSS-R 1.22", "CIS 5.2.9", "NSA P4", "OWASP K01", "REQ"],
    peers: ["Kyverno disallow-capabilities-strict", "Kyverno drop-all-capabilities", "Kyverno add-capabilities",
        "Polaris insecureCapabilities", "Polaris linuxHardening", "kubesec CapDropAll", "kubesec CapDropAny",
        "Trivy KSV-0003", "Trivy KSV-0004", "Checkov CKV_K8S_37", "Checkov CKV_K8S_36", "Kubescape C-0046"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let Some(container) = workload.violating_container(violation) else { return };
    let place = container.at("securityContext.capabilities.drop");
    let found = place.wrong("keeps the default capabilities");
    let capabilities = container.route.path("securityContext.capabilities");
    let mut edits = vec![append(capabilities.key("drop"), "ALL")];
    if binds_low_port(&container) {
        edits.push(append(capabilities.key("add"), "NET_BIND_SERVICE"));
    }
    let harmless = workload.is_non_root(&container)
        && !binds_low_port(&container)
        && !images::has_file_capabilities(&container.image());
    findings.add(found.safe_if(harmless, edits));
}

fn binds_low_port(container: &Container<'_>) -> bool {
    container.ports().any(|port| (1..1024).contains(&port)) && !container.adds_capability(&["NET_BIND_SERVICE"])
}
