//! `seccomp-profile-missing`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, set};
use crate::yaml::Data;

crate::rule! {
    /// No seccomp profile is in force.
    ///
    /// # Why
    /// Every system call of the kernel is open to the container, also those no ordinary program makes.
    ///
    /// # Fix
    /// Safe: `seccompProfile: {type: RuntimeDefault}` on the pod, which leaves a container's own profile in
    /// force. With consent where a container is privileged or adds `SYS_ADMIN`, `SYS_PTRACE`, `BPF` or
    /// `PERFMON`: debuggers and tracers make calls that the profile refuses. A pod that names another profile
    /// keeps it; see `seccomp-unconfined`.
    "seccomp-profile-missing", Safe, [low, medium, high],
    standards: ["PSS-R 1.19", "CIS 5.6.2", "NSA P4", "OWASP K01", "REQ"],
    peers: ["Kyverno restrict-seccomp-strict", "Kyverno apply-pss-restricted-profile",
        "Polaris linuxHardening", "kube-score container-seccomp-profile", "kubesec SeccompAny",
        "Trivy KSV-0030", "Checkov CKV_K8S_31", "Checkov CKV_K8S_32", "Kubescape C-0055", "Kubescape C-0210"],
    Violation => check
}

const TRACERS: &[&str] = &["SYS_ADMIN", "SYS_PTRACE", "BPF", "PERFMON", "ALL"];

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let found = place.wrong("no seccomp profile is in force");
    let profile = workload.at("securityContext.seccompProfile");
    findings.add(if findings.will_be(&profile.clone().path("type")) == Some(Data::from("RuntimeDefault")) {
        found.safe([])
    } else if workload.get("securityContext.seccompProfile").is_some() {
        found.help("not edited: the pod names a profile that switches seccomp off; see seccomp-unconfined")
    } else {
        let traces = workload.containers().any(|it| it.is_privileged() || it.adds_capability(TRACERS));
        let data: Data = serde_json::json!({"type": "RuntimeDefault"});
        found.safe_if(!traces, [set(profile.route, data)])
    });
}
