//! `run-as-root`.

use super::images;
use crate::k8s::{List, Release, Workload};
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
    /// Safe where every container already has a uid other than 0: `runAsNonRoot: true` on the pod. Without that evidence
    /// with consent, and with the uid, gid and fsGroup of the policy's `securityContext` where one matches. A pod with a
    /// container that asks for uid 0, or whose image is known to need root, is reported and not edited. An image that
    /// turns out to run as root then fails to start while the old pods serve on.
    "run-as-root", Safe, [medium, high, high],
    standards: ["PSS-R 1.0", "CIS 5.2.7", "NSA P1", "OWASP K01", "REQ"],
    peers: ["Kyverno require-run-as-nonroot", "Kyverno add-default-securitycontext",
        "Kyverno service-mesh-require-run-as-nonroot", "Polaris runAsRootAllowed", "KubeLinter run-as-non-root",
        "kubesec RunAsNonRoot", "Trivy KSV-0012", "Checkov CKV_K8S_23", "Checkov CKV_K8S_6", "Kubescape C-0013"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    let stated = place.near.as_bool() == Some(false) || violation.malformed;
    if stated {
        findings.add(place.wrong("asks for runAsNonRoot: false").help("allow it, or change the chart"));
        return;
    }
    let written = written_user(release, workload, findings.policy());
    let found = place.wrong("nothing stops uid 0");
    if let Some(why) = obstacle(workload, written.is_some()) {
        findings.add(found.help(why));
        return;
    }
    let known = workload.containers().all(|it| workload.effective_user(&it).is_some_and(|uid| uid != 0));
    let mut edits = written.unwrap_or_default();
    edits.push(set(workload.route.path("securityContext.runAsNonRoot"), true));
    findings.add(found.safe_if(known, edits));
}

/// Why this pod cannot simply be told not to run as root.
fn obstacle(workload: &Workload<'_>, user_is_written: bool) -> Option<String> {
    let user = |container: &crate::k8s::Part<'_>| container.get("securityContext.runAsUser").and_then(Value::as_i64);
    if workload.get("securityContext.runAsUser").and_then(Value::as_i64) == Some(0) {
        return Some("the pod asks for uid 0".to_owned());
    }
    if let Some(root) = workload.containers().find(|it| user(it) == Some(0)) {
        return Some(format!("container {} asks for uid 0", root.name));
    }
    let mut unknown = workload.containers().filter(|it| workload.effective_user(it).is_none() && !user_is_written);
    let root_image = unknown.find(|it| it.list != List::Ephemeral && images::runs_as_root(&it.image()))?;
    let image = root_image.image().repository();
    Some(format!("{image} runs as root: give it a uid with securityContext in a policy, or take another image"))
}

/// uid, gid and fsGroup of the policy, where the pod has none. `None` when the policy has no word on this workload.
fn written_user(release: &Release<'_>, workload: &Workload<'_>, policy: &Policy) -> Option<Vec<Edit>> {
    let object = release.object_of(workload);
    let mut entries = policy.run_as.iter();
    let identity = entries.find(|entry| entry.matches.object(object, Some(workload)))?;
    let fields = [
        ("runAsUser", identity.run_as_user),
        ("runAsGroup", identity.run_as_group),
        ("fsGroup", identity.fs_group),
    ];
    let context = workload.get("securityContext");
    let missing = fields.into_iter().filter(|(key, _)| context.and_then(|it| it.get(key)).is_none());
    let edit = |key: &'static str, id: i64| set(workload.route.key("securityContext").key(key), id);
    Some(missing.filter_map(|(key, id)| Some(edit(key, id?))).collect())
}
