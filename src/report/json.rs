//! The JSON report, version 1: names that scripts rely on.

use std::collections::HashSet;
use std::ops::AddAssign;

use serde::Serialize;

use super::fingerprint::fingerprint;
use super::notes::{Note, notes};
use crate::finding::{Finding, RuleId, Severity, Status};
use crate::harden::Hardened;
use crate::policy::Policy;
use crate::rules;
use crate::yaml::{Data, Op};

/// The version of the shape below.
pub const VERSION: u32 = 1;

/// The whole report.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    version: u32,
    environment: Option<String>,
    policy: PolicyEntry,
    summary: Summary,
    findings: Vec<Entry>,
    notes: Vec<Note>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PolicyEntry {
    name: String,
    chosen_by: String,
    environment_chosen_by: Option<String>,
    date: String,
    pod_security_versions: String,
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
struct Entry {
    rule: RuleId,
    severity: Severity,
    status: Status,
    refused: bool,
    object: ObjectEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    source: SourceEntry,
    route: String,
    message: String,
    help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    standards: Vec<&'static str>,
    fingerprint: String,
    edits: Vec<EditEntry>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct ObjectEntry {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct SourceEntry {
    input: String,
    template: Option<String>,
    line: usize,
    document_line: usize,
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
    pub fn new(policy: &Policy) -> Self {
        Self {
            version: VERSION,
            environment: policy.environment.as_ref().map(|it| it.name.clone()),
            policy: PolicyEntry {
                name: policy.name.clone(),
                chosen_by: policy.file.clone(),
                environment_chosen_by: policy.environment.as_ref().map(|it| it.chosen_by.clone()),
                date: policy.today.to_string(),
                pod_security_versions: policy.pss_versions.to_string(),
            },
            summary: Summary::default(),
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds what was found in one input.
    pub fn add(&mut self, hardened: &Hardened<'_>, input: &str) {
        let refused: HashSet<usize> =
            hardened.verdict.refusals.iter().map(|refusal| refusal.finding).collect();
        let findings = hardened.plan.findings.iter().enumerate();
        self.findings
            .extend(findings.map(|(number, it)| entry(hardened, it, refused.contains(&number), input)));
        self.notes.extend(notes(hardened));
        self.summary += summary(hardened);
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

fn entry(hardened: &Hardened<'_>, finding: &Finding, refused: bool, input: &str) -> Entry {
    let object = &hardened.release.objects[finding.object];
    Entry {
        rule: finding.rule.clone(),
        severity: finding.severity,
        status: finding.status,
        refused,
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
        },
        route: finding.route.to_string(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        reason: finding.reason.clone(),
        standards: rules::find(&finding.rule).map(|rule| rule.standards.to_vec()).unwrap_or_default(),
        fingerprint: fingerprint(finding, object),
        edits: edits(finding),
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
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
        let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap();
        schema.push('\n');
        if std::env::var_os("HARDTACK_BLESS").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap_or_default(),
            schema,
            "docs/report.schema.json is not current"
        );
    }
}
