//! `selinux-options-custom`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The SELinux options name a user, a role or a type that baseline does not allow.
    ///
    /// # Why
    /// The type decides what a process may touch: `spc_t` and its like turn the confinement off.
    ///
    /// # Fix
    /// With consent: `user`, `role` and a `type` that is not allowed are deleted, `level` stays. Volumes that
    /// were labelled for the old type may no longer be readable.
    "selinux-options-custom", Consent, [medium, high, high],
    standards: ["PSS-B 1.0", "PSS-B 1.31", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-selinux", "Polaris linuxHardening", "Trivy KSV-0025", "Kubescape C-0211"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let edit = remove(place.route.clone());
    let message = format!("names an SELinux label of its own: {}", violation.detail);
    findings.add(place.wrong(message).consent([edit]));
}
