//! Runs the rule table over a release: what is wrong, and what will be written.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use crate::error::Error;
use crate::finding::{Finding, Status};
use crate::k8s::{Access, Object, Release, Workload};
use crate::policy::Policy;
use crate::pss::{self, Level, Pod, Violation};
use crate::rule::{Check, Findings, Rule};
use crate::rules::RULES;
use crate::yaml::Edit;

/// Findings with their edits, object by object, in the order of the rule table.
#[derive(Debug, Default)]
pub struct Plan {
    /// Everything found.
    pub findings: Vec<Finding>,
    /// What rules remark beside that, with the number of the object.
    pub notes: Vec<(usize, String)>,
    /// Numbers of the workloads that are not restricted as they are.
    pub violating: HashSet<usize>,
    /// Numbers of the objects whose pod templates change with a secret.
    pub rolled: HashSet<usize>,
}

impl Plan {
    /// Plans a release under a policy.
    ///
    /// # Errors
    /// That of a rule of the team's own that cannot give a verdict.
    pub fn new(release: &Release<'_>, policy: &Policy) -> Result<Self, Error> {
        // Of Helm values only the team knows what is right.
        let table = if release.scope.values.is_some() { &[][..] } else { RULES };
        let rules: Vec<&'static Rule> = table.iter().copied().filter(|rule| policy.runs(rule.id)).collect();
        let mut findings = Findings::new(policy, release, RULES[0]);
        let mut violating = HashSet::default();
        let mut first = 0;
        for object in &release.objects {
            let own =
                release.workloads[first..].iter().take_while(|workload| workload.object == object.number);
            let own = &release.workloads[first..first + own.count()];
            if policy.selects(&object.id) {
                let violations: Vec<Vec<Violation>> = own.iter().map(|it| violations(it, policy)).collect();
                let numbered = violations.iter().enumerate().filter(|(_, violations)| !violations.is_empty());
                violating.extend(numbered.map(|(place, _)| first + place));
                judge(&rules, release, object, own, &violations, &mut findings);
            }
            first += own.len();
        }
        // Before the rules about the whole release: one of them looks at which exemptions are in use.
        for rule in policy.own.iter().filter(|rule| policy.runs(&rule.id)) {
            findings.turn_to_own(rule);
            rule.check.check(policy, release, &mut |draft| findings.add(draft))?;
        }
        for rule in &rules {
            if let Check::Release(check) = rule.check {
                findings.turn_to(rule, None);
                check(release, &mut findings);
            }
        }
        let (findings, notes) = findings.finish();
        Ok(Self { findings, notes, violating, rolled: HashSet::default() })
    }

    /// Numbers of the findings that have edits, in the order of the plan, by document.
    #[must_use]
    pub fn fixes_by_document(&self, release: &Release<'_>) -> BTreeMap<usize, Vec<usize>> {
        let mut all: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, finding) in self.findings.iter().enumerate().filter(|(_, it)| !it.edits.is_empty()) {
            all.entry(release.objects[finding.object].document).or_default().push(number);
        }
        all
    }

    /// The edits of some findings.
    #[must_use]
    pub fn edits(&self, findings: &[usize]) -> Vec<Edit> {
        findings.iter().flat_map(|number| &self.findings[*number].edits).cloned().collect()
    }

    /// How many pod templates change: each rolls on the next deploy.
    #[must_use]
    pub fn rolling_templates(&self, release: &Release<'_>) -> usize {
        let mut edits: HashMap<usize, Vec<&Edit>> = HashMap::default();
        for finding in self.findings.iter().filter(|finding| !finding.edits.is_empty()) {
            edits.entry(finding.object).or_default().extend(&finding.edits);
        }
        let changed = |workload: &&Workload<'_>| {
            let own = edits.get(&workload.object).map_or(&[][..], Vec::as_slice);
            self.rolled.contains(&workload.object)
                || own.iter().any(|edit| edit.route.starts_with(&workload.template_route))
        };
        release.workloads.iter().filter(|workload| workload.access != Access::Part).filter(changed).count()
    }

    /// How many objects change.
    #[must_use]
    pub fn changed_objects(&self) -> usize {
        let edited = self.findings.iter().filter(|it| !it.edits.is_empty() || it.done.is_some());
        let edited = edited.map(|finding| finding.object).chain(self.rolled.iter().copied());
        edited.collect::<HashSet<_>>().len()
    }

    /// Findings of one status.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.status == status)
    }
}

fn judge<'r>(
    rules: &[&'static Rule],
    release: &'r Release<'r>,
    object: &'r Object<'r>,
    workloads: &'r [Workload<'r>],
    violations: &[Vec<Violation>],
    findings: &mut Findings<'r>,
) {
    for rule in rules {
        if let Check::Object(check) = rule.check {
            findings.turn_to(rule, None);
            check(release, object, findings);
        }
        for (workload, violations) in workloads.iter().zip(violations) {
            findings.turn_to(rule, Some(workload));
            match rule.check {
                Check::Violation(check) => {
                    for violation in violations.iter().filter(|violation| violation.rule == rule.id) {
                        check(release, workload, violation, findings);
                    }
                }
                Check::Workload(check) => check(release, workload, findings),
                Check::Container(check) => {
                    for container in workload.containers() {
                        check(release, &container, findings);
                    }
                }
                Check::Object(_) | Check::Release(_) => {}
            }
        }
    }
}

/// The pod as the Pod Security Standards see it.
#[must_use]
pub fn pod_of<'a>(workload: &Workload<'a>) -> Pod<'a> {
    let whole = Pod::in_template(workload.template).filter(|_| workload.access != Access::Part);
    whole.unwrap_or_else(|| Pod::new(workload.spec, None))
}

/// What the Pod Security Standards hold against a pod template, baseline and restricted, each place once per rule. Of
/// a part of a pod only what it states outright counts: its containers' missing fields may come from the operator.
fn violations(workload: &Workload<'_>, policy: &Policy) -> Vec<Violation> {
    let pod = pod_of(workload);
    let versions = policy.pss_versions;
    let mut all = pss::strictest(&pod, Level::Baseline, versions);
    for violation in pss::strictest_added(&pod, Level::Restricted, versions) {
        if !all.iter().any(|seen| seen.route == violation.route && overrides(seen, &violation)) {
            all.push(violation);
        }
    }
    if workload.access == Access::Part {
        all.retain(|violation| states_outright(workload, violation));
    }
    all
}

fn overrides(baseline: &Violation, other: &Violation) -> bool {
    baseline.rule == other.rule || other.rule == "capability-not-in-restricted"
}

fn states_outright(workload: &Workload<'_>, violation: &Violation) -> bool {
    let steps = &violation.route.steps()[1..];
    workload.spec.at(&steps.iter().cloned().collect()).is_some()
}
