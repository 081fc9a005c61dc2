//! `host-pid`.

use super::{node_agent, stated};
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The pod sees every process of the node.
    ///
    /// # Why
    /// It can read their environment, signal them and, with a little luck, step into one that runs as root.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: `hostPID` is deleted.
    /// Node exporters, profilers and debuggers then see nothing but themselves.
    "host-pid", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.3", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-namespaces", "Polaris hostPIDSet", "KubeLinter host-pid",
        "kubesec HostPID", "Trivy KSV-0010", "Checkov CKV_K8S_17", "Checkov CKV_K8S_1", "Kubescape C-0038"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let found = place.wrong("sees every process of the node");
    let edit = remove(workload.route.key("hostPID"));
    findings.add(node_agent::spare(found, release, workload, [edit]));
}
