//! GitLab's code quality report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::{Entry, Report};
use super::outcome::Outcome;
use crate::finding::Severity;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// One issue a fingerprint: GitLab keeps only one of those that share it.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut order: Vec<&str> = Vec::new();
    let mut twins: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in report.findings.iter().filter(|entry| entry.outcome().stands()) {
        let known = twins.entry(&entry.fingerprint).or_default();
        if known.is_empty() {
            order.push(&entry.fingerprint);
        }
        known.push(entry);
    }
    let issues: Vec<Issue<'_>> = order.iter().filter_map(|fingerprint| issue(&twins[fingerprint])).collect();
    let mut words = serde_json::to_string_pretty(&issues).unwrap_or_default();
    words.push('\n');
    words
}

fn issue<'r>(twins: &[&'r Entry]) -> Option<Issue<'r>> {
    let worst = twins.iter().min_by_key(|entry| entry.urgency())?;
    let (path, line) = worst.place();
    let more = match twins.len() {
        1 => String::new(),
        count => format!(" (and {} more like it)", count - 1),
    };
    Some(Issue {
        description: format!("{}: {}{more}", worst.object_name(), worst.words()),
        check_name: &worst.rule,
        fingerprint: &worst.fingerprint,
        severity: match worst.severity {
            _ if worst.outcome() == Outcome::Refused => "blocker",
            Severity::Critical => "critical",
            Severity::High => "major",
            Severity::Medium => "minor",
            Severity::Low => "info",
        },
        location: Location {
            path: path.strip_prefix("./").unwrap_or(path),
            lines: Lines { begin: line.unwrap_or(1) },
        },
    })
}
