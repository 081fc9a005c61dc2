//! `privileged-container`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// The container runs privileged: it has every capability and every device of the node.
    ///
    /// # Why
    /// A privileged container is root on the node for whoever gets into it.
    ///
    /// # Fix
    /// None: a container that asks for it outright fails without it, so it is never flipped.
    "privileged-container", No, [high, critical, critical],
    standards: ["PSS-B 1.0", "CIS 5.2.2", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-privileged-containers", "Polaris runAsPrivileged",
        "KubeLinter privileged-container", "kube-score container-security-context-privileged",
        "kubesec Privileged", "Trivy KSV-0017", "Checkov CKV_K8S_16", "Checkov CKV_K8S_2",
        "Kubescape C-0057"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    findings.add(if violation.malformed {
        stated::malformed(place, violation)
    } else {
        place.wrong("asks for privileged: true").help(stated::ALLOW_OR_CHANGE)
    });
}
