//! `capabilities-not-dropped`.

use super::{images, needs_root, stated};
use crate::k8s::{Container, Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, append};
use crate::yaml::Data;

crate::rule! {
    /// The container keeps the runtime's default capabilities.
    ///
    /// # Why
    /// They let a root process change owners, bind low ports, forge packets and more, of which most programs
    /// need nothing.
    ///
    /// # Fix
    /// Safe where the container runs as a user other than root, whose effective capabilities are empty
    /// anyway: `ALL` is appended to `drop`, every `add` stays. Otherwise with consent, and `NET_BIND_SERVICE`
    /// is added back where a declared port is below 1024. Images whose binaries carry file capabilities are
    /// left to consent: without them in the bounding set they do not start. A container that asks for uid 0,
    /// or whose image or command is known to need root, is left alone, since root without capabilities cannot
    /// so much as change an owner; so is a privileged one, which has every capability whatever it drops.
    "capabilities-not-dropped", Safe, [medium, high, high],
    standards: ["PSS-R 1.22", "CIS 5.2.9", "NSA P4", "OWASP K01", "REQ"],
    peers: ["Kyverno disallow-capabilities-strict", "Kyverno drop-all-capabilities",
        "Kyverno add-capabilities", "Polaris insecureCapabilities", "Polaris linuxHardening",
        "kubesec CapDropAll", "kubesec CapDropAny", "Trivy KSV-0003", "Trivy KSV-0004", "Checkov CKV_K8S_37",
        "Checkov CKV_K8S_36", "Kubescape C-0046"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let Some(container) = workload.violating_container(violation) else { return };
    let found = place.wrong("keeps the default capabilities");
    if container.is_privileged() {
        return findings
            .add(found.help("not edited: a privileged container has every capability all the same"));
    }
    let is_non_root = will_be_non_root(workload, &container, findings);
    if !is_non_root && let Some(why) = needs_root::reason(workload, &container, false) {
        return findings.add(found.help(format!("not edited: {why}")));
    }
    let capabilities = container.route.path("securityContext.capabilities");
    let mut edits = vec![append(capabilities.key("drop"), "ALL")];
    let binds_low_port = container.ports().any(|port| (1..1024).contains(&port));
    if binds_low_port && !container.adds_capability(&["NET_BIND_SERVICE", "ALL"]) {
        edits.push(append(capabilities.key("add"), "NET_BIND_SERVICE"));
    }
    let harmless = is_non_root && !binds_low_port && !images::has_file_capabilities(&container.image());
    findings.add(found.safe_if(harmless, edits));
}

/// Counts what `run-as-root` is about to write, so that a second run finds the same evidence as the first.
fn will_be_non_root(workload: &Workload<'_>, container: &Container<'_>, findings: &Findings<'_>) -> bool {
    if workload.is_non_root(container) {
        return true;
    }
    let own = |path: &'static str| findings.will_be(&container.at(path));
    let inherited = |path: &'static str| findings.will_be(&workload.at(path));
    let effective = |path: &'static str| own(path).or_else(|| inherited(path));
    match effective("securityContext.runAsUser").as_ref().and_then(Data::as_i64) {
        Some(uid) => uid != 0,
        None => effective("securityContext.runAsNonRoot") == Some(Data::Bool(true)),
    }
}
