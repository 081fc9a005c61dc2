//! The JSON report, version 1: names that scripts rely on. Every other format for CI is made from the same data.

use std::collections::{BTreeMap, HashSet};
use std::ops::AddAssign;

use serde::Serialize;

use super::about::{About, about};
use super::baseline::{Baseline, Known};
use super::change::{Change, changes};
use super::difference::Difference;
use super::fingerprint::fingerprint;
use super::notes::{Note, notes};
use super::text::written;
use crate::finding::{Finding, RuleId, Severity, Status};
use crate::harden::Hardened;
use crate::load::Chart;
use crate::policy::Policy;
use crate::yaml::{Data, Op};

/// The version of the shape below.
pub const VERSION: u32 = 1;

/// What to gather beside the findings.
#[derive(Debug, Default)]
pub struct Gathering {
    /// Fixes are still to be made (`check`) rather than made (`harden`).
    pub pending: bool,
    /// The text that each fix changes: work that only SARIF needs.
    pub changes: bool,
    /// Whether there is a baseline.
    pub baseline: bool,
    /// Where template lines come from.
    pub chart: Option<Chart>,
}

/// The whole report.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    version: u32,
    pub(super) environment: Option<String>,
    pub(super) policy: PolicyEntry,
    pub(super) summary: Summary,
    /// With `--baseline` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<BaselineEntry>,
    /// With `check --diff-from` only: what changes in the objects. What is new among the findings is not in the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) difference: Option<Difference>,
    pub(super) findings: Vec<Entry>,
    pub(super) notes: Vec<Note>,
    /// What the findings' rules are, by id.
    #[serde(skip)]
    pub(super) rules: BTreeMap<RuleId, About>,
    /// Every object, with its template or else its input.
    #[serde(skip)]
    pub(super) objects: Vec<(String, String)>,
    #[serde(skip)]
    gathering: Gathering,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PolicyEntry {
    pub(super) name: String,
    chosen_by: String,
    environment_chosen_by: Option<String>,
    /// File, environment and who named it, in words.
    #[serde(skip)]
    pub(super) decided_by: String,
    notes: Vec<String>,
    date: String,
    pod_security_versions: String,
}

/// What became of the baseline.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BaselineEntry {
    pub(super) file: String,
    /// Findings of this run that it knows.
    pub(super) known: usize,
    /// Its findings that this run looked for and did not find.
    pub(super) gone: Vec<Known>,
}

/// The counts.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// Findings whose fix is written.
    pub fixed: usize,
    /// Findings that stand.
    pub open: usize,
    /// Findings that are allowed.
    pub exempt: usize,
    /// Open findings that the gate refuses.
    pub refused: usize,
    /// Objects in the stream.
    pub objects: usize,
    /// Objects that change.
    pub changed: usize,
    /// Pod templates that change: each rolls on the next deploy.
    pub rolling: usize,
    /// Lines that were not there before.
    pub lines_added: usize,
    /// Lines of the input that are gone or read differently.
    pub lines_rewritten: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Entry {
    pub(super) rule: RuleId,
    pub(super) severity: Severity,
    pub(super) status: Status,
    pub(super) refused: bool,
    /// With `--baseline` only: whether it knows the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<bool>,
    pub(super) object: ObjectEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<String>,
    pub(super) source: SourceEntry,
    pub(super) route: String,
    pub(super) message: String,
    pub(super) help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    standards: Vec<&'static str>,
    pub(super) fingerprint: String,
    edits: Vec<EditEntry>,
    /// What was done where no edit says it: a secret moved or changed its form.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<String>,
    #[serde(skip)]
    pub(super) changes: Vec<Change>,
    /// What the fix writes, in words.
    #[serde(skip)]
    pub(super) written: String,
    #[serde(skip)]
    pub(super) pending: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectEntry {
    api_version: String,
    pub(super) kind: String,
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceEntry {
    pub(super) input: String,
    pub(super) template: Option<String>,
    pub(super) line: usize,
    document_line: usize,
    /// With `--chart`: the template as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template_path: Option<String>,
    /// With `--chart`: the line of the template, when exactly one reads like the rendered one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template_line: Option<usize>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EditEntry {
    route: String,
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Data>,
}

/// The counts of a run.
#[must_use]
pub fn summary(hardened: &Hardened<'_>) -> Summary {
    let count = |status: Status| hardened.plan.with_status(status).count();
    Summary {
        fixed: count(Status::Fixed),
        open: count(Status::Open),
        exempt: count(Status::Exempt),
        refused: hardened.verdict.refusals.len(),
        objects: hardened.release.objects.len(),
        changed: hardened.plan.changed_objects(),
        rolling: hardened.plan.rolling_templates(&hardened.release),
        lines_added: hardened.changes.lines_added(),
        lines_rewritten: hardened.changes.lines_rewritten(),
    }
}

impl Report {
    /// A report under a policy, of nothing yet.
    #[must_use]
    pub fn new(policy: &Policy, gathering: Gathering) -> Self {
        Self {
            version: VERSION,
            environment: policy.environment.as_ref().map(|it| it.name.clone()),
            policy: PolicyEntry {
                name: policy.name.clone(),
                chosen_by: policy.file.clone(),
                environment_chosen_by: policy.environment.as_ref().map(|it| it.chosen_by.clone()),
                decided_by: policy.whole_name(),
                notes: policy.notes.clone(),
                date: policy.today.to_string(),
                pod_security_versions: policy.pss_versions.to_string(),
            },
            summary: Summary::default(),
            baseline: None,
            difference: None,
            findings: Vec::new(),
            notes: Vec::new(),
            rules: BTreeMap::new(),
            objects: Vec::new(),
            gathering,
        }
    }

    /// Adds what was found in one input.
    pub fn add(&mut self, hardened: &Hardened<'_>, policy: &Policy, input: &str) {
        let refused: HashSet<usize> =
            hardened.verdict.refusals.iter().map(|refusal| refusal.finding).collect();
        for (number, finding) in hardened.plan.findings.iter().enumerate() {
            let known =
                self.rules.entry(finding.rule.clone()).or_insert_with(|| about(&finding.rule, policy));
            let standards = known.standards.clone();
            let mut entry = entry(hardened, finding, input);
            entry.refused = refused.contains(&number);
            entry.baseline = self.gathering.baseline.then(|| hardened.verdict.known.contains(&number));
            entry.standards = standards;
            self.gather(hardened, finding, &mut entry);
            self.findings.push(entry);
        }
        self.objects.extend(
            hardened.release.objects.iter().map(|object| {
                (object.id.to_string(), object.template.as_deref().unwrap_or(input).to_owned())
            }),
        );
        self.notes.extend(notes(hardened));
        self.summary += summary(hardened);
    }

    /// Says what the baseline knew and what of it is gone.
    pub fn compare(&mut self, baseline: &Baseline) {
        let known = self.findings.iter().filter(|entry| entry.baseline == Some(true)).count();
        let gone = baseline.gone().into_iter().cloned().collect();
        self.baseline = Some(BaselineEntry { file: baseline.name.clone(), known, gone });
    }

    /// Says how the objects differ from those of an earlier render.
    pub fn differ(&mut self, difference: Difference) {
        self.difference = Some(difference);
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut words = serde_json::to_string_pretty(self).unwrap_or_default();
        words.push('\n');
        words
    }

    fn gather(&mut self, hardened: &Hardened<'_>, finding: &Finding, entry: &mut Entry) {
        entry.pending = self.gathering.pending;
        if self.gathering.changes {
            entry.changes = changes(hardened, finding);
        }
        let (Some(chart), Some(source)) = (&mut self.gathering.chart, &entry.source.template) else { return };
        let document = hardened.release.objects[finding.object].document;
        let body = hardened.stream.body(&hardened.stream.documents[document]);
        let rendered = body.lines().nth(entry.source.document_line.saturating_sub(1)).unwrap_or_default();
        if let Some(place) = chart.place(source, rendered) {
            entry.source.template_path = Some(place.path.display().to_string());
            entry.source.template_line = place.line;
        }
    }
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.fixed += other.fixed;
        self.open += other.open;
        self.exempt += other.exempt;
        self.refused += other.refused;
        self.objects += other.objects;
        self.changed += other.changed;
        self.rolling += other.rolling;
        self.lines_added += other.lines_added;
        self.lines_rewritten += other.lines_rewritten;
    }
}

fn entry(hardened: &Hardened<'_>, finding: &Finding, input: &str) -> Entry {
    let object = &hardened.release.objects[finding.object];
    Entry {
        rule: finding.rule.clone(),
        severity: finding.severity,
        status: finding.status,
        refused: false,
        baseline: None,
        object: ObjectEntry {
            api_version: object.id.api_version.clone(),
            kind: object.id.kind.clone(),
            namespace: object.id.namespace.clone(),
            name: object.id.name.clone(),
        },
        container: finding.container.clone(),
        source: SourceEntry {
            input: input.to_owned(),
            template: object.template.as_ref().map(ToString::to_string),
            line: finding.line,
            document_line: finding.line + 1 - object.document_line,
            template_path: None,
            template_line: None,
        },
        route: finding.route.to_string(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        reason: finding.reason.clone(),
        standards: Vec::new(),
        fingerprint: fingerprint(finding, object),
        edits: edits(finding),
        done: finding.done.clone(),
        changes: Vec::new(),
        written: written(finding),
        pending: false,
    }
}

fn edits(finding: &Finding) -> Vec<EditEntry> {
    let inside = finding.edits.iter().map(|edit| {
        let (op, value) = match &edit.op {
            Op::Set(data) => ("set", Some(data.clone())),
            Op::Append(data) => ("append", Some(data.clone())),
            Op::Remove => ("remove", None),
        };
        EditEntry { route: edit.route.to_string(), op, value }
    });
    let added = finding.additions.iter();
    let added = added.map(|it| EditEntry { route: String::new(), op: "add", value: Some(it.data.clone()) });
    inside.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `HARDTACK_BLESS=1 cargo test --lib schema` writes it.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::load::schema::is_published("report.schema.json", &schemars::schema_for!(Report));
    }
}
