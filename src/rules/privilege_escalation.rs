//! `privilege-escalation`.

use crate::k8s::{Release, Workload};
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
    /// Safe: `allowPrivilegeEscalation: false`, except where the container is privileged or adds `SYS_ADMIN` (the API
    /// refuses the pair), where the chart says `true` outright, and on Windows.
    "privilege-escalation", Safe, [medium, high, high],
    standards: ["PSS-R 1.8", "CIS 5.2.6", "NSA P1", "OWASP K01", "REQ"],
    peers: ["Kyverno disallow-privilege-escalation", "Kyverno apply-pss-restricted-profile",
        "Polaris privilegeEscalationAllowed", "KubeLinter privilege-escalation-container",
        "kubesec AllowPrivilegeEscalation", "Trivy KSV-0001", "Checkov CKV_K8S_20", "Checkov CKV_K8S_5",
        "Kubescape C-0016"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let Some(container) = workload.violating_container(violation) else { return };
    let place = container.at("securityContext.allowPrivilegeEscalation");
    let context = container.value.get("securityContext");
    let is = |key: &str| context.and_then(|context| context.get(key)).and_then(Value::as_bool) == Some(true);
    let stated = is("allowPrivilegeEscalation") || violation.malformed;
    if stated {
        findings.add(place.wrong("asks for allowPrivilegeEscalation: true").help("allow it, or change the chart"));
    } else if is("privileged") || container.adds_capability(&["SYS_ADMIN", "CAP_SYS_ADMIN"]) {
        let why = "privileged or SYS_ADMIN excludes allowPrivilegeEscalation: false";
        findings.add(place.wrong("processes can gain privileges").help(why));
    } else {
        let edit = set(place.route.clone(), false);
        findings.add(place.wrong("processes can gain privileges").safe([edit]));
    }
}
