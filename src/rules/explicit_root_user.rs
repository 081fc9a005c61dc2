//! `explicit-root-user`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// The pod or the container asks for uid 0.
    ///
    /// # Why
    /// Root in the container is root on the node after an escape, and on every volume that is mounted.
    ///
    /// # Fix
    /// None: what was written for root (`chown` of a volume, a package manager, a low port) fails under any
    /// other uid. For a volume, `fsGroup` does what most of these init containers do.
    "explicit-root-user", No, [medium, high, high],
    standards: ["PSS-R 1.23", "CIS 5.2.7", "NSA P1", "OWASP K01"],
    peers: ["Kyverno require-run-as-non-root-user", "Polaris runAsRootAllowed", "KubeLinter run-as-non-root",
        "Trivy KSV-0105", "Checkov CKV_K8S_23", "Kubescape C-0013"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    findings.add(if violation.malformed {
        stated::malformed(place, violation)
    } else {
        place.wrong("asks for uid 0").help(stated::ALLOW_OR_CHANGE)
    });
}
