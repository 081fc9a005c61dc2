//! `host-process-container`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// A Windows HostProcess container runs straight on the node.
    ///
    /// # Why
    /// It is what a privileged container is on Linux: the node's files, services and network, under an
    /// account of the node.
    ///
    /// # Fix
    /// None: such a container is written to manage the node and does nothing useful anywhere else.
    "host-process-container", No, [high, critical, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.10", "OWASP K01"],
    peers: ["Kyverno disallow-host-process", "Polaris hostProcess", "Trivy KSV-0103", "Kubescape C-0202"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    findings.add(if violation.malformed {
        stated::malformed(place, violation)
    } else {
        place.wrong("asks for hostProcess: true").help(stated::ALLOW_OR_CHANGE)
    });
}
