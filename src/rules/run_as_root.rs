//! `run-as-root`.

use super::{needs_root, stated};
use crate::k8s::{Container, Release, Workload};
use crate::policy::Policy;
use crate::pss::Violation;
use crate::rule::{Findings, set};
use crate::yaml::{Edit, Value};

crate::rule! {
    /// Nothing stops the container from running as uid 0.
    ///
    /// # Why
    /// Root in the container is root on the node after an escape.
    ///
    /// # Fix
    /// Safe where every container already has a uid other than 0: `runAsNonRoot: true` on the pod. Without
    /// that evidence with consent, and with the uid, gid and fsGroup of the policy's `securityContext` where
    /// one matches; an existing id is never changed. An image that turns out to run as root then fails to
    /// start while the old pods serve on. A container that asks for uid 0, or whose image or command
    /// (`chown`, `apt-get`, …) is known to need it, is reported and left alone: the other containers of its
    /// pod get `runAsNonRoot: true` each.
    "run-as-root", Safe, [medium, high, high],
    standards: ["PSS-R 1.0", "CIS 5.2.7", "NSA P1", "OWASP K01", "REQ"],
    peers: ["Kyverno require-run-as-nonroot", "Kyverno add-default-securitycontext",
        "Kyverno service-mesh-require-run-as-nonroot", "Polaris runAsRootAllowed",
        "KubeLinter run-as-non-root", "kubesec RunAsNonRoot", "Trivy KSV-0012", "Checkov CKV_K8S_23",
        "Checkov CKV_K8S_6", "Kubescape C-0013"],
    Violation => check
}

const FORCED: &str = "securityContext.runAsNonRoot";

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    if place.near.as_bool() == Some(false) {
        let found = place.wrong("asks for runAsNonRoot: false").help(stated::ALLOW_OR_CHANGE);
        return findings.add(found);
    }
    let Some(container) = workload.violating_container(violation) else { return };
    let found = place.wrong("nothing stops uid 0");
    if workload.get(FORCED).is_some() {
        return findings.add(found.help("not edited: the pod says runAsNonRoot outright"));
    }
    let is_known = |it: &Container<'_>| workload.effective_user(it).is_some_and(|uid| uid != 0);
    let all_known = workload.containers().all(|it| is_known(&it));
    let ids = ids_of_policy(release, workload, findings.policy(), all_known);
    let needs_root = |it: &Container<'_>| needs_root::reason(workload, it, ids.is_some());
    if let Some(why) = needs_root(&container) {
        findings.add(found.help(format!("not edited: {why}")));
    } else if workload.containers().any(|it| needs_root(&it).is_some()) {
        let edit = set(container.route.path(FORCED), true);
        findings.add(found.safe_if(is_known(&container), [edit]));
    } else {
        let mut edits = ids.unwrap_or_default();
        edits.push(set(workload.route.path(FORCED), true));
        findings.add(found.safe_if(all_known, edits));
    }
}

/// uid, gid and fsGroup that the policy has for this workload, where the pod has none. `None` when there is
/// nothing to write, and, where every container has a uid already, without consent: then `runAsNonRoot` alone
/// is safe.
fn ids_of_policy(
    release: &Release<'_>,
    workload: &Workload<'_>,
    policy: &Policy,
    all_known: bool,
) -> Option<Vec<Edit>> {
    if all_known && !policy.consents(RULE.id) {
        return None;
    }
    let object = release.object_of(workload);
    let ids = policy.run_as.iter().find(|entry| entry.matches.object(object, Some(workload)))?;
    let context = workload.get("securityContext");
    let is_missing = |key: &str| context.and_then(|it| it.get(key)).is_none();
    let route = workload.route.key("securityContext");
    let fields =
        [("runAsUser", ids.run_as_user), ("runAsGroup", ids.run_as_group), ("fsGroup", ids.fs_group)];
    let missing = fields.into_iter().filter(|(key, _)| is_missing(key));
    let mut edits: Vec<Edit> = missing.filter_map(|(key, id)| Some(set(route.key(key), id?))).collect();
    let writes_group = edits.iter().any(|edit| edit.route == route.key("fsGroup"));
    if writes_group && mounts_a_claim(workload) && is_missing("fsGroupChangePolicy") {
        edits.push(set(route.key("fsGroupChangePolicy"), "OnRootMismatch"));
    }
    (!edits.is_empty()).then_some(edits)
}

fn mounts_a_claim(workload: &Workload<'_>) -> bool {
    let mut volumes = workload.get("volumes").into_iter().flat_map(Value::items);
    volumes.any(|volume| volume.get("persistentVolumeClaim").is_some())
}
