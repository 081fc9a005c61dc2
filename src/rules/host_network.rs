//! `host-network`.

use super::{node_agent, stated};
use crate::k8s::{Release, Workload};
use crate::pss::controls::probe_hosts;
use crate::pss::{Pod, Version, Violation};
use crate::rule::{Findings, remove, set};
use crate::yaml::{Edit, Value};

crate::rule! {
    /// The pod joins the node's network namespace.
    ///
    /// # Why
    /// It sees the node's traffic and every service bound to the node's loopback, and network policies do not
    /// select it.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: `hostNetwork` is deleted,
    /// and `dnsPolicy: ClusterFirstWithHostNet` goes back to `ClusterFirst`. Left alone while a probe or hook
    /// names a host, which is the node's own address more often than not. A program that needs the node's
    /// network (CNI, node exporters, an ingress on the node's ports) stops working.
    "host-network", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.5", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-namespaces", "Polaris hostNetworkSet", "KubeLinter host-network",
        "kubesec HostNetwork", "Trivy KSV-0009", "Checkov CKV_K8S_19", "Checkov CKV_K8S_4",
        "Kubescape C-0041"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let found = place.wrong("joins the node's network namespace");
    findings.add(if probes_name_a_host(workload) {
        found.help("not edited: a probe or hook names a host, which may be the node's; allow it, or change the chart")
    } else {
        node_agent::spare(found, release, workload, edits(workload))
    });
}

fn probes_name_a_host(workload: &Workload<'_>) -> bool {
    let pod = Pod::new(workload.spec, None);
    !probe_hosts::check(&pod, Version::LATEST).is_empty()
}

fn edits(workload: &Workload<'_>) -> Vec<Edit> {
    let mut edits = vec![remove(workload.route.key("hostNetwork"))];
    let dns = workload.get("dnsPolicy").and_then(Value::as_str);
    if dns.as_deref() == Some("ClusterFirstWithHostNet") {
        edits.push(set(workload.route.key("dnsPolicy"), "ClusterFirst"));
    }
    edits
}
