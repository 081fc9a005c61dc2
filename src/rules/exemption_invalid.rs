//! `exemption-invalid`.

use std::borrow::Cow;

use crate::finding::Severity;
use crate::k8s::{Object, Release, Workload};
use crate::policy::allowed::{ALLOW, OWNER, REASON, UNTIL};
use crate::policy::{Date, Exemption};
use crate::rule::Findings;

crate::rule! {
    /// An exemption lacks its reason or owner, is past its date, or matches nothing any more.
    ///
    /// # Why
    /// Exemptions outlive what they were made for, and the next defect slips through the hole they leave.
    ///
    /// # Fix
    /// None: renew it or drop it. A missing owner is low. An exemption of the policy is looked at where its
    /// `match` picks an object of the release; that it matches nothing is said only where it names that
    /// object outright.
    "exemption-invalid", No, [low, medium, high],
    standards: ["OWASP K04"],
    peers: ["Kyverno policy-for-exceptions", "Kyverno expiration-for-policyexceptions",
        "Kyverno time-bound-policy"],
    Release => check
}

fn check(release: &Release<'_>, findings: &mut Findings<'_>) {
    let policy = findings.policy();
    for exemption in &policy.exemptions {
        if let Some(object) = release.objects.iter().find(|object| exemption.matches.picks(release, object)) {
            judge(release, object, exemption, findings);
        }
    }
    for object in &release.objects {
        if let Some(texts) = Texts::of(release, object) {
            judge_annotations(object, &texts, findings);
        }
    }
}

fn judge(release: &Release<'_>, object: &Object<'_>, exemption: &Exemption, findings: &mut Findings<'_>) {
    let (today, origin) = (findings.policy().today, &exemption.origin);
    let place = || object.at("metadata.name");
    if exemption.owner.is_none() {
        let found = place().wrong(format!("the exemption at {origin} has no owner")).at_most(Severity::Low);
        findings.add(found.help("say who answers for it"));
    }
    if let Some(until) = exemption.until.filter(|until| *until < today) {
        let found = place().wrong(format!("the exemption at {origin} ended on {until}"));
        findings.add(found.help("renew it or drop it"));
    }
    let used = findings
        .so_far()
        .iter()
        .any(|finding| exemption.allows(&finding.rule) && exemption.matches.is_about(release, finding));
    if exemption.matches.name.is_some() && !used {
        let found = place().wrong(format!("the exemption at {origin} allows what is not found any more"));
        findings.add(found.help("drop it"));
    }
}

/// What an object's annotations, or those of its pod template, say of exemptions.
struct Texts<'a> {
    rules: Cow<'a, str>,
    reason: Option<Cow<'a, str>>,
    owner: Option<Cow<'a, str>>,
    until: Option<Cow<'a, str>>,
}

impl<'a> Texts<'a> {
    fn of(release: &Release<'a>, object: &Object<'a>) -> Option<Self> {
        let workloads = || release.workloads_of(object).iter();
        let of_template = |workload: &Workload<'a>, key: &str| {
            workload.template.get("metadata")?.get("annotations")?.get(key)?.as_str()
        };
        let text = |key: &str| {
            let own = object.annotation(key);
            own.or_else(|| workloads().find_map(|it| of_template(it, key))).filter(|it| !it.trim().is_empty())
        };
        Some(Self { rules: text(ALLOW)?, reason: text(REASON), owner: text(OWNER), until: text(UNTIL) })
    }
}

fn judge_annotations(object: &Object<'_>, texts: &Texts<'_>, findings: &mut Findings<'_>) {
    let policy = findings.policy();
    let place = || object.at("metadata.annotations").key(ALLOW.to_owned());
    for rule in texts.rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()) {
        let found = findings.so_far().iter().any(|it| it.object == object.number && it.rule == rule);
        if crate::rules::find(rule).is_none() && policy.own(rule).is_none() {
            findings
                .add(place().wrong(format!("allows {rule}, which is no rule")).help("see hardtack rules"));
        } else if !policy.annotations.iter().any(|id| id == rule || id == "*") {
            let found = place().wrong(format!("allows {rule}, which the policy lets no annotation do"));
            findings.add(
                found.help("exemptions: in the policy, or annotations: in the policy").at_most(Severity::Low),
            );
        } else if !found {
            findings
                .add(place().wrong(format!("allows {rule}, which is not found any more")).help("drop it"));
        }
    }
    if texts.reason.is_none() {
        findings
            .add(place().wrong("an exemption without a reason allows nothing").help(format!("add {REASON}")));
    }
    if texts.owner.is_none() {
        let found = place().wrong("an exemption has no owner").at_most(Severity::Low);
        findings.add(found.help(format!("add {OWNER}")));
    }
    match texts.until.as_deref().map(str::parse::<Date>) {
        Some(Err(why)) => findings.add(place().wrong(format!("an exemption's date cannot be read: {why}"))),
        Some(Ok(until)) if until < policy.today => {
            findings.add(place().wrong(format!("an exemption ended on {until}")).help("renew it or drop it"));
        }
        _ => {}
    }
}
