//! `proc-mount-unmasked`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};

crate::rule! {
    /// The container sees all of `/proc`, without the parts that runtimes hide.
    ///
    /// # Why
    /// The hidden files show the kernel's keys and timers, and some of them can be written.
    ///
    /// # Fix
    /// With consent: `procMount` is deleted. Builders that start containers inside the container need it,
    /// together with `hostUsers: false`.
    "proc-mount-unmasked", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "PSS-R 1.35", "OWASP K01"],
    peers: ["Kyverno disallow-proc-mount", "Polaris procMount", "KubeLinter unsafe-proc-mount",
        "Trivy KSV-0027", "Kubescape C-0211"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let edit = remove(place.route.clone());
    findings.add(place.wrong(format!("sees an unmasked /proc: {}", violation.detail)).consent([edit]));
}
