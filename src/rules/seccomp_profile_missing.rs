//! `seccomp-profile-missing`.

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
    /// Safe: `seccompProfile: {type: RuntimeDefault}` on the pod. With consent where a container is privileged or adds
    /// `SYS_ADMIN`, `SYS_PTRACE`, `BPF` or `PERFMON`: debuggers and tracers make calls that the default profile refuses.
    "seccomp-profile-missing", Safe, [low, medium, high],
    standards: ["PSS-R 1.19", "CIS 5.6.2", "NSA P4", "OWASP K01", "REQ"],
    peers: ["Kyverno restrict-seccomp-strict", "Kyverno apply-pss-restricted-profile", "Polaris linuxHardening",
        "kube-score container-seccomp-profile", "kubesec SeccompAny", "Trivy KSV-0030", "Checkov CKV_K8S_31",
        "Checkov CKV_K8S_32", "Kubescape C-0055", "Kubescape C-0210"],
    Violation => check
}

const TRACERS: &[&str] = &["SYS_ADMIN", "SYS_PTRACE", "BPF", "PERFMON"];

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    let traces = workload.containers().any(|it| it.is_privileged() || it.adds_capability(TRACERS));
    let profile: Data = serde_json::json!({"type": "RuntimeDefault"});
    let edit = set(workload.route.path("securityContext.seccompProfile"), profile);
    findings.add(place.wrong("no seccomp profile is in force").safe_if(!traces, [edit]));
}
