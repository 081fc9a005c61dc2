//! `host-network`.

use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove, set};
use crate::yaml::{Edit, Value};

crate::rule! {
    /// The pod joins the node's network namespace.
    ///
    /// # Why
    /// It sees the node's traffic and every service bound to the node's loopback, and network policies do not select it.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet: `hostNetwork` is deleted, and `dnsPolicy: ClusterFirstWithHostNet` goes back to
    /// `ClusterFirst`. A program that needs the node's network (CNI, node exporters, ingress on host ports) stops working.
    "host-network", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.5", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-namespaces", "Polaris hostNetworkSet", "KubeLinter host-network",
        "kubesec HostNetwork", "Trivy KSV-0009", "Checkov CKV_K8S_19", "Checkov CKV_K8S_4", "Kubescape C-0041"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, _: &Violation, findings: &mut Findings<'_>) {
    let found = workload.at("hostNetwork").wrong("joins the node's network namespace");
    if release.object_of(workload).id.kind == "DaemonSet" {
        findings.add(found.help("a DaemonSet usually needs it: allow it, or change the chart"));
    } else {
        findings.add(found.consent(edits(workload)));
    }
}

fn edits(workload: &Workload<'_>) -> Vec<Edit> {
    let mut edits = vec![remove(workload.route.key("hostNetwork"))];
    let dns = workload.get("dnsPolicy").and_then(Value::as_str);
    if dns.as_deref() == Some("ClusterFirstWithHostNet") {
        edits.push(set(workload.route.key("dnsPolicy"), "ClusterFirst"));
    }
    edits
}
