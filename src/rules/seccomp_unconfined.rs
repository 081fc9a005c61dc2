//! `seccomp-unconfined`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove, set};
use crate::yaml::{Edit, Route, Step};

crate::rule! {
    /// Seccomp is switched off, or its profile is of a type that does not exist.
    ///
    /// # Why
    /// Without the filter every system call of the kernel can be tried, and kernel holes are mostly in the
    /// rare ones.
    ///
    /// # Fix
    /// With consent, since someone chose it: `seccompProfile.type: RuntimeDefault`. For policy versions below
    /// 1.19, which read the alpha annotations, the annotation becomes `runtime/default`. Debuggers, `perf`,
    /// bpf tools, programs on io_uring, browsers with a sandbox of their own and nested containers make calls
    /// that the profile refuses.
    "seccomp-unconfined", Consent, [medium, high, critical],
    standards: ["PSS-B 1.0", "PSS-B 1.19", "CIS 5.6.2", "NSA P4", "OWASP K01"],
    peers: ["Kyverno restrict-seccomp", "Polaris linuxHardening", "kubesec SeccompUnconfined",
        "Trivy KSV-0104", "Kubescape C-0210"],
    Violation => check
}

const PROFILE: &str = "securityContext.seccompProfile";

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let edits = match violation.route.steps().first() {
        Some(Step::Key(key)) if key == "metadata" => vec![set(place.route.clone(), "runtime/default")],
        _ => correct_field(workload, violation),
    };
    findings.add(place.wrong(format!("seccomp is switched off: {}", violation.detail)).consent(edits));
}

fn correct_field(workload: &Workload<'_>, violation: &Violation) -> Vec<Edit> {
    let (route, value): (Route, _) = match workload.violating_container(violation) {
        Some(container) => (container.route.path(PROFILE), container.value),
        None => (workload.route.path(PROFILE), workload.spec),
    };
    let mut edits = vec![set(route.key("type"), "RuntimeDefault")];
    if value.path(PROFILE).is_some_and(|profile| profile.get("localhostProfile").is_some()) {
        edits.push(remove(route.key("localhostProfile")));
    }
    edits
}
