//! `privilege-escalation`.

use super::{images, stated};
use crate::k8s::{Container, Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, set};
use crate::yaml::Value;

crate::rule! {
    /// A process in the container can gain more privileges than its parent.
    ///
    /// # Why
    /// A setuid binary or one with file capabilities turns an ordinary user into root in the container.
    ///
    /// # Fix
    /// Safe: `allowPrivilegeEscalation: false`. Not where the container is privileged or adds `SYS_ADMIN`,
    /// since the API refuses the pair, where the chart says `true` outright, or on Windows. With consent for
    /// images that are known to start setuid helpers: rootless builders and `sudo` in development images.
    "privilege-escalation", Safe, [medium, high, high],
    standards: ["PSS-R 1.8", "CIS 5.2.6", "NSA P1", "OWASP K01", "REQ"],
    peers: ["Kyverno disallow-privilege-escalation", "Kyverno apply-pss-restricted-profile",
        "Polaris privilegeEscalationAllowed", "KubeLinter privilege-escalation-container",
        "kubesec AllowPrivilegeEscalation", "Trivy KSV-0001", "Checkov CKV_K8S_20", "Checkov CKV_K8S_5",
        "Kubescape C-0016"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let Some(container) = workload.violating_container(violation) else { return };
    let stated = container.get("securityContext.allowPrivilegeEscalation").and_then(Value::as_bool);
    let edit = set(place.route.clone(), false);
    findings.add(if stated == Some(true) {
        place.wrong("asks for allowPrivilegeEscalation: true").help(stated::ALLOW_OR_CHANGE)
    } else if excludes_false(&container) {
        let why =
            "not edited: the API refuses allowPrivilegeEscalation: false beside privileged or SYS_ADMIN";
        place.wrong("processes can gain privileges").help(why)
    } else {
        let harmless = !images::starts_setuid_helpers(&container.image());
        place.wrong("processes can gain privileges").safe_if(harmless, [edit])
    });
}

fn excludes_false(container: &Container<'_>) -> bool {
    container.is_privileged() || container.adds_capability(&["SYS_ADMIN", "CAP_SYS_ADMIN"])
}
