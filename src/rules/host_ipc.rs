//! `host-ipc`.

use super::{node_agent, stated};
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The pod shares the node's IPC namespace.
    ///
    /// # Why
    /// Shared memory and message queues of the node's own programs are open to it, and its own to them.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: `hostIPC` is deleted.
    /// Programs that talk to the node through shared memory (some databases, GPU and message-passing tools)
    /// lose that way.
    "host-ipc", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.4", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-namespaces", "Polaris hostIPCSet", "KubeLinter host-ipc",
        "kubesec HostIPC", "Trivy KSV-0008", "Checkov CKV_K8S_18", "Checkov CKV_K8S_3", "Kubescape C-0038"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let found = place.wrong("shares the node's IPC namespace");
    let edit = remove(workload.route.key("hostIPC"));
    findings.add(node_agent::spare(found, release, workload, [edit]));
}
