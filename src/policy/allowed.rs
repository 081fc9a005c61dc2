//! Whether a finding is allowed: by the policy file, or by an annotation that the policy lets speak.

use super::{Date, Policy};
use crate::finding::Finding;
use crate::k8s::{Object, Part, Workload};

/// The annotation that names allowed rules, comma-separated.
pub const ALLOW: &str = "hardtack.dev/allow";
/// The annotation that says why.
pub const REASON: &str = "hardtack.dev/allow-reason";
/// The annotation that says who answers for it.
pub const OWNER: &str = "hardtack.dev/allow-owner";
/// The annotation that says until when.
pub const UNTIL: &str = "hardtack.dev/allow-until";

/// A permission that speaks of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Why it is allowed; for an expired one, that it is not any more.
    pub reason: String,
    /// Its last day is over: it no longer allows, but the fix stays off, so that a date never changes the bytes.
    pub expired: bool,
}

/// The permission that speaks of a finding, one in force before an expired one.
#[must_use]
pub fn exemption_for(
    policy: &Policy,
    object: &Object<'_>,
    workload: Option<&Workload<'_>>,
    finding: &Finding,
) -> Option<Allowed> {
    let part = workload.and_then(|workload| container_of(workload, finding));
    let from_file = policy.exemptions.iter().filter(|it| it.allows(&finding.rule)).filter(|it| {
        let container = !it.matches.is_about_containers() || part.is_some_and(|part| it.matches.part(part));
        let below = finding.route.steps().get(object.route.steps().len()..).unwrap_or_default();
        container && it.matches.object(object, workload) && it.matches.place(below)
    });
    let from_file = from_file.map(|it| judge(it.until, policy.today, &it.reason, &it.origin));
    let mut all: Vec<Allowed> =
        from_file.chain(from_annotations(policy, object, workload, &finding.rule)).collect();
    all.sort_by_key(|allowed| allowed.expired);
    all.into_iter().next()
}

fn container_of<'w, 'a>(workload: &'w Workload<'a>, finding: &Finding) -> Option<&'w Part<'a>> {
    workload.parts.iter().find(|part| finding.route.starts_with(&part.route))
}

fn judge(until: Option<Date>, today: Date, reason: &str, origin: &str) -> Allowed {
    match until.filter(|until| *until < today) {
        Some(until) => {
            let reason = format!("the exemption at {origin} ended on {until}: renew it or drop it");
            Allowed { reason, expired: true }
        }
        None => Allowed { reason: reason.to_owned(), expired: false },
    }
}

fn from_annotations(
    policy: &Policy,
    object: &Object<'_>,
    workload: Option<&Workload<'_>>,
    rule: &str,
) -> Option<Allowed> {
    if !policy.annotations.iter().any(|id| id == rule || id == "*") {
        return None;
    }
    let of_template = |key: &str| workload?.template.get("metadata")?.get("annotations")?.get(key)?.as_str();
    let text = |key: &str| object.annotation(key).or_else(|| of_template(key));
    let allow = text(ALLOW)?;
    if !allow.split(',').any(|id| id.trim() == rule) {
        return None;
    }
    let reason = text(REASON).filter(|reason| !reason.trim().is_empty())?;
    let until = match text(UNTIL) {
        Some(day) => Some(day.parse::<Date>().ok()?),
        None => None,
    };
    Some(judge(until, policy.today, &reason, ALLOW))
}
