//! `unsafe-sysctl`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::controls::sysctls;
use crate::pss::{self, Pod};
use crate::rule::Findings;
use crate::yaml::Value;

crate::rule! {
    /// The pod sets a kernel parameter that is not on the safe list, or hides a second one in a value.
    ///
    /// # Why
    /// Parameters outside the list reach beyond the pod or can be used to bring the node down. A value with
    /// `+` or `=` made CRI-O set any parameter of the node (CVE-2022-0811).
    ///
    /// # Fix
    /// None: kubelets refuse the pod unless they were told to allow the parameter, so someone did decide on
    /// it.
    "unsafe-sysctl", No, [medium, high, high],
    standards: ["PSS-B 1.0", "PSS-B 1.27", "PSS-B 1.29", "PSS-B 1.32", "PSS-B 1.37", "OWASP K01"],
    peers: ["Kyverno restrict-sysctls", "Kyverno prevent-cr8escape", "KubeLinter unsafe-sysctls",
        "Trivy KSV-0026", "Kubescape C-0211"],
    Workload => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let is_empty = |list: Value<'_>| list.is_seq() && list.items().next().is_none();
    let context = workload.get("securityContext");
    if context.is_none_or(|it| it.is_map() && it.get("sysctls").is_none_or(is_empty)) {
        return;
    }
    let pod = Pod::new(workload.spec, None);
    let versions = findings.policy().pss_versions;
    for violation in pss::union(versions, |version| sysctls::check(&pod, version)) {
        let place = workload.violated(&violation);
        findings.add(if violation.malformed {
            stated::malformed(place, &violation)
        } else {
            place
                .wrong(format!("sets a parameter outside the safe list: {}", violation.detail))
                .help(stated::ALLOW_OR_CHANGE)
        });
    }
    let list = workload.get("securityContext.sysctls");
    for (index, sysctl) in list.into_iter().flat_map(Value::items).enumerate() {
        let value = sysctl.get("value").and_then(Value::as_str);
        if value.is_some_and(|value| value.contains(['+', '='])) {
            let place = workload.at("securityContext.sysctls").index(index).path("value");
            let found = place.wrong("a value with + or = can set any parameter of the node (CVE-2022-0811)");
            findings.add(found.help("write the plain value"));
        }
    }
}
