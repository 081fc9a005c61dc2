//! Judges what would be written: what is still open reaches the gate or not, workload by workload.

use std::collections::HashSet;

use crate::edit::Changes;
use crate::finding::{Finding, Severity, Status};
use crate::k8s::{Access, Object, Release, Workload, workload};
use crate::plan::{Plan, pod_of};
use crate::policy::Policy;
use crate::pss::{self, Level, Violation};
use crate::rules;
use crate::yaml::{Route, Stream, Value};

/// What the gate says.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is refused and why; empty lets the stream through.
    pub refusals: Vec<Refusal>,
    /// The Pod Security level each judged workload reaches, by number of the workload in the release.
    pub levels: Vec<(usize, Level)>,
    /// Numbers of the findings that a baseline knows: they stand, but refuse nothing.
    pub known: HashSet<usize>,
}

/// One reason to refuse.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Number of the finding in the plan.
    pub finding: usize,
    /// What the gate asks for.
    pub because: Because,
}

/// Which half of the gate refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The severity.
    Severity(Severity),
    /// The Pod Security level.
    PodSecurity(Level),
}

/// Judges the edited stream. Pod Security is decided anew on what was edited; a violation that no open finding stands
/// for (its rule was switched off) becomes one.
#[must_use]
pub fn validate(
    stream: &Stream,
    release: &Release<'_>,
    plan: &mut Plan,
    changes: &Changes,
    policy: &Policy,
) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(limit) = policy.gate.severity {
        let open = plan.findings.iter().enumerate().filter(|(_, it)| it.status == Status::Open);
        let reached = open.filter(|(_, finding)| finding.severity >= limit);
        verdict.refusals.extend(
            reached.map(|(finding, it)| Refusal { finding, because: Because::Severity(it.severity) }),
        );
    }
    if let Some(level) = policy.gate.pod_security.filter(|level| *level != Level::Privileged) {
        let mut findings_of: std::collections::HashMap<usize, Vec<usize>> = std::collections::HashMap::new();
        for (number, finding) in plan.findings.iter().enumerate() {
            findings_of.entry(finding.object).or_default().push(number);
        }
        for (original, edited) in edited_workloads(stream, release, plan, changes, policy) {
            let judged = violations(&edited, level, policy);
            for violation in judged.into_iter().filter(|violation| policy.runs(violation.rule)) {
                let own = findings_of.get(&original.object).map_or(&[][..], Vec::as_slice);
                refuse(&violation, &edited, release, plan, own, level, &mut verdict);
            }
        }
    }
    verdict.refusals.sort_by_key(|refusal| refusal.finding);
    verdict.refusals.dedup_by_key(|refusal| refusal.finding);
    verdict
}

fn violations(workload: &Workload<'_>, level: Level, policy: &Policy) -> Vec<Violation> {
    pss::strictest(&pod_of(workload), level, policy.pss_versions)
}

/// Each workload that the gate judges, as it was and as it will be. One in which the plan found no violation, and whose
/// document does not change, needs no second look.
fn edited_workloads<'c>(
    stream: &'c Stream,
    release: &'c Release<'_>,
    plan: &Plan,
    changes: &'c Changes,
    policy: &Policy,
) -> Vec<(&'c Workload<'c>, Workload<'c>)> {
    let judged = |workload: &&Workload<'_>| matches!(workload.access, Access::Edit | Access::Frozen);
    let mut all = Vec::new();
    for (number, original) in release.workloads.iter().enumerate().filter(|(_, workload)| judged(workload)) {
        let object = release.object_of(original);
        let is_as_it_was = !changes.documents.contains_key(&object.document);
        if is_as_it_was && !plan.violating.contains(&number) || !policy.selects(&object.id) {
            continue;
        }
        let Some(value) = changes.root(stream, object.document).and_then(|root| root.at(&object.route))
        else {
            continue;
        };
        let found = workload::of(&Object { value, ..object.clone() });
        let edited = found.into_iter().find(|edited| edited.template_route == original.template_route);
        all.extend(edited.map(|edited| (original, edited)));
    }
    all
}

/// Files one violation of the gate's level: under the open finding that stands for it, or under a new one. An exempt
/// finding lets it pass.
fn refuse(
    violation: &Violation,
    workload: &Workload<'_>,
    release: &Release<'_>,
    plan: &mut Plan,
    own: &[usize],
    level: Level,
    verdict: &mut Verdict,
) {
    let route: Route =
        workload.template_route.steps().iter().chain(violation.route.steps()).cloned().collect();
    let stands_for = |finding: &Finding| {
        let same_rule = finding.rule == violation.rule || rules::share_control(&finding.rule, violation.rule);
        same_rule && (finding.route.starts_with(&route) || route.starts_with(&finding.route))
    };
    let mut stand_ins = own.iter().copied().filter(|number| stands_for(&plan.findings[*number])).peekable();
    let because = Because::PodSecurity(level);
    if stand_ins.peek().is_some() {
        let open = stand_ins.filter(|number| plan.findings[*number].status != Status::Exempt);
        verdict.refusals.extend(open.map(|finding| Refusal { finding, because }));
        return;
    }
    let object = release.object_of(workload);
    plan.findings.push(Finding {
        rule: violation.rule.into(),
        severity: Severity::High,
        status: Status::Open,
        object: object.number,
        container: violation.container.as_ref().map(|container| container.name.clone()),
        line: object.document_line + nearest_line(workload.template, &violation.route) - 1,
        route,
        message: violation.detail.clone(),
        help: format!("its rule is off, but the gate asks for podSecurity: {level}"),
        edits: Vec::new(),
        additions: Vec::new(),
        done: None,
        reason: None,
    });
    verdict.refusals.push(Refusal { finding: plan.findings.len() - 1, because });
}

fn nearest_line(from: Value<'_>, route: &Route) -> usize {
    let steps = route.steps();
    let deepest =
        (0..=steps.len()).rev().find_map(|length| from.at(&steps[..length].iter().cloned().collect()));
    deepest.unwrap_or(from).line()
}
