//! `apparmor-not-enforced`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::controls::app_armor_profile::ANNOTATION_PREFIX;
use crate::pss::{Version, Violation};
use crate::rule::{Findings, remove, set};
use crate::yaml::{Edit, Route, Step};

crate::rule! {
    /// AppArmor is switched off, or its profile is of a type that does not exist.
    ///
    /// # Why
    /// The runtime's profile keeps a container from mounting file systems and writing to the kernel's
    /// settings, also when it runs as root. A pod that names no profile gets it on nodes that have AppArmor,
    /// so only switching it off is a finding.
    ///
    /// # Fix
    /// With consent: `appArmorProfile.type: RuntimeDefault`. The field came with Kubernetes 1.30: an
    /// annotation that says otherwise is replaced by it, and for an older target the annotation
    /// `runtime/default` is written instead of the field, never both. Nodes without AppArmor refuse a pod
    /// that names a profile.
    "apparmor-not-enforced", Consent, [medium, high, high],
    standards: ["PSS-B 1.0", "NSA P4", "OWASP K01"],
    peers: ["Kyverno restrict-apparmor-profiles", "Kyverno add-apparmor-annotations",
        "Polaris linuxHardening", "kubesec ApparmorUnconfined", "kubesec ApparmorAny", "Trivy KSV-0002",
        "Kubescape C-0055"],
    Violation => check
}

const PROFILE: &str = "securityContext.appArmorProfile";

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let has_field = findings.policy().target.is_none_or(|target| target >= Version::new(30));
    let edits = match (annotated_container(violation), has_field) {
        (Some(name), true) => annotation_to_field(workload, name, place.route.clone()),
        (Some(_), false) => vec![set(place.route.clone(), "runtime/default")],
        (None, true) => correct_field(workload, violation),
        (None, false) => field_to_annotation(workload, violation),
    };
    findings.add(place.wrong(format!("AppArmor is not enforced: {}", violation.detail)).consent(edits));
}

fn annotated_container(violation: &Violation) -> Option<&str> {
    match violation.route.steps().last() {
        Some(Step::Key(key)) => key.strip_prefix(ANNOTATION_PREFIX),
        _ => None,
    }
}

fn annotation_to_field(workload: &Workload<'_>, name: &str, annotation: Route) -> Vec<Edit> {
    let mut edits = vec![remove(annotation)];
    let named = workload.containers().filter(|it| it.name == name);
    let bare = named.filter(|it| workload.effective(it, "appArmorProfile").is_none());
    edits.extend(bare.map(|it| set(it.route.path(PROFILE).key("type"), "RuntimeDefault")));
    edits
}

fn correct_field(workload: &Workload<'_>, violation: &Violation) -> Vec<Edit> {
    let (route, value) = match workload.violating_container(violation) {
        Some(container) => (container.route.path(PROFILE), container.value),
        None => (workload.route.path(PROFILE), workload.spec),
    };
    let mut edits = vec![set(route.key("type"), "RuntimeDefault")];
    if value.path(PROFILE).is_some_and(|profile| profile.get("localhostProfile").is_some()) {
        edits.push(remove(route.key("localhostProfile")));
    }
    edits
}

fn field_to_annotation(workload: &Workload<'_>, violation: &Violation) -> Vec<Edit> {
    let own = workload.violating_container(violation);
    let field = own.map_or(workload.route.path(PROFILE), |container| container.route.path(PROFILE));
    let annotations = workload.template_route.path("metadata.annotations");
    let affected = workload.containers().filter(|it| own.is_none_or(|own| own.route == it.route));
    let write = |name: &str| set(annotations.key(format!("{ANNOTATION_PREFIX}{name}")), "runtime/default");
    let written = workload.template.path("metadata.annotations");
    let bare = affected.filter(|it| {
        let key = format!("{ANNOTATION_PREFIX}{}", it.name);
        written.is_none_or(|annotations| annotations.get(&key).is_none())
    });
    std::iter::once(remove(field)).chain(bare.map(|it| write(&it.name))).collect()
}
