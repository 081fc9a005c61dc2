//! `deprecated-api-version`.

use crate::finding::Severity;
use crate::k8s::{Object, Release};
use crate::policy::Policy;
use crate::rule::{Findings, set};
use crate::schema::lifecycle::{Retired, Until, retired};
use crate::schema::targets;
use crate::yaml::Value;

crate::rule! {
    /// The API version is deprecated in the target version, or no longer served by it.
    ///
    /// # Why
    /// An object of a version that is gone cannot be installed, and an upgrade of the cluster leaves the release
    /// stuck: Helm can then neither upgrade it nor take it away.
    ///
    /// # Fix
    /// Safe where the new version only has another name: CronJob `batch/v1`, RBAC `v1`, HorizontalPodAutoscaler
    /// `autoscaling/v2` from `v2beta2`, PodDisruptionBudget `policy/v1` when its selector is not empty (an empty one
    /// selects nothing in the old version and everything in the new). Anything else is reported: its fields moved or
    /// changed their meaning.
    ///
    /// # Target version
    /// With no `--kube-version` the newest known version counts: what an older one serves it may not, never the other
    /// way about. Deprecated but still served is at most medium, and
    /// what an operator (not Kubernetes) withdrew at most high: which version of it runs, nobody said.
    "deprecated-api-version", Safe, [medium, high, critical],
    standards: ["OWASP K10"],
    peers: ["Kyverno check-deprecated-apis", "Kyverno disallow-deprecated-apis",
        "KubeLinter no-extensions-v1beta", "kube-score stable-version", "Trivy KSV-0107"],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let id = &object.id;
    let Some(entry) = retired(&id.api_version, &id.kind) else { return };
    let Some((message, cap)) = verdict(entry, &id.kind, findings.policy()) else { return };
    let mut found = object.at("apiVersion").wrong(message);
    if let Some(cap) = cap {
        found = found.at_most(cap);
    }
    found = match entry.instead {
        "" => found.help("there is no successor"),
        instead => found.help(format!("move to {instead}")),
    };
    if is_pure_rename(entry, object) {
        found = found.safe([set(object.route.key("apiVersion"), entry.instead)]);
    }
    findings.add(found);
}

/// What is wrong with it in the target version, and how bad at most.
fn verdict(entry: &Retired, kind: &str, policy: &Policy) -> Option<(String, Option<Severity>)> {
    let target = targets(policy.target).newest().minor();
    let name = format!("{} {kind}", entry.api_version);
    match entry.until {
        Until::Kubernetes(_, Some(removed)) if target >= removed => {
            Some((format!("Kubernetes no longer serves {name} from 1.{removed} on"), None))
        }
        Until::Kubernetes(deprecated, removed) if target >= deprecated => {
            let end = removed.map_or(String::new(), |removed| format!(" and not served from 1.{removed} on"));
            Some((
                format!("{name} is deprecated since Kubernetes 1.{deprecated}{end}"),
                Some(Severity::Medium),
            ))
        }
        Until::Kubernetes(..) => None,
        Until::Gone(operator) => {
            Some((format!("{name} is no longer served from {operator} on"), Some(Severity::High)))
        }
        Until::Outdated(operator) => {
            Some((format!("{name} is outdated: {operator} has a newer one"), Some(Severity::Medium)))
        }
    }
}

/// Whether every field means the same in the new version.
fn is_pure_rename(entry: &Retired, object: &Object<'_>) -> bool {
    match (entry.api_version, object.id.kind.as_str()) {
        ("batch/v1beta1", "CronJob") | ("autoscaling/v2beta2", "HorizontalPodAutoscaler") => true,
        ("rbac.authorization.k8s.io/v1beta1", _) => true,
        ("policy/v1beta1", "PodDisruptionBudget") => selects_something(object),
        _ => false,
    }
}

fn selects_something(budget: &Object<'_>) -> bool {
    let Some(selector) = budget.value.path("spec.selector") else { return false };
    let labels = selector.get("matchLabels").is_some_and(|labels| !labels.entries().is_empty());
    let expressions = selector.get("matchExpressions").and_then(|it| it.items().next());
    labels || expressions.is_some_and(Value::is_map)
}
