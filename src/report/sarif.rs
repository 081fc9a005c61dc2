//! SARIF 2.1.0, for code scanning: each finding where it can be mended, with its fix.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::about::About;
use super::change::Change;
use super::json::{Entry, Report};
use super::outcome::Outcome;
use crate::finding::Severity;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The log.
#[must_use]
pub fn text(report: &Report) -> String {
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run(report)]});
    let mut words = serde_json::to_string_pretty(&log).unwrap_or_default();
    words.push('\n');
    words
}

fn run(report: &Report) -> Value {
    let numbers: HashMap<&str, usize> =
        report.rules.keys().enumerate().map(|(number, id)| (id.as_ref(), number)).collect();
    let mut twins: HashMap<&str, usize> = HashMap::new();
    let results = report.findings.iter().map(|entry| {
        let twin = twins.entry(&entry.fingerprint).or_default();
        *twin += 1;
        result(entry, numbers[entry.rule.as_ref()], *twin)
    });
    let results: Vec<Value> = results.collect();
    json!({
        "tool": {"driver": {
            "name": "hardtack",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": HOME,
            "rules": report.rules.iter().map(|(id, about)| rule(id, about)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "environment": report.environment,
            "policy": report.policy.name,
        },
        "results": results,
    })
}

fn rule(id: &str, about: &About) -> Value {
    let help = if about.help.is_empty() { &about.summary } else { &about.help };
    let mut tags = vec!["security".to_owned(), "kubernetes".to_owned()];
    tags.extend(about.standards.iter().map(ToString::to_string));
    json!({
        "id": id,
        "shortDescription": {"text": about.summary},
        "fullDescription": {"text": about.summary},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(about.severity)},
        "properties": {"tags": tags, "security-severity": score(about.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The middle of the range that GitHub gives each word.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

fn result(entry: &Entry, rule: usize, twin: usize) -> Value {
    let outcome = entry.outcome();
    let (kind, level) = match outcome {
        // What is fixed already is no problem of what goes to the cluster.
        Outcome::Fixed => ("informational", "none"),
        Outcome::Refused => ("fail", "error"),
        Outcome::Pending | Outcome::Open | Outcome::Known | Outcome::Allowed => {
            ("fail", level(entry.severity))
        }
    };
    let fingerprint = &entry.fingerprint;
    let mut result = json!({
        "ruleId": entry.rule,
        "ruleIndex": rule,
        "kind": kind,
        "level": level,
        "message": {"text": format!("{}: {}", entry.object_name(), entry.words())},
        "locations": [location(entry)],
        "partialFingerprints": {
            "hardtack/v1": fingerprint,
            // The one that GitHub compares; twins on one route are told apart.
            "primaryLocationLineHash": format!("{fingerprint}:{twin}"),
        },
        "properties": {
            "severity": entry.severity, "status": entry.status, "refused": entry.refused, "route": entry.route,
        },
    });
    let (file, _) = entry.place();
    if file != entry.source.input && !entry.is_piped() {
        result["relatedLocations"] = json!([{
            "id": 1,
            "message": {"text": "as rendered"},
            "physicalLocation": physical(&entry.source.input, Some(entry.source.line)),
        }]);
    }
    if outcome == Outcome::Allowed {
        let reason = entry.reason.as_deref().unwrap_or_default();
        result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": reason}]);
    }
    if let Some(known) = entry.baseline {
        result["baselineState"] = json!(if known { "unchanged" } else { "new" });
    }
    if !entry.changes.is_empty() {
        result["fixes"] = json!([fix(entry)]);
    }
    result
}

fn location(entry: &Entry) -> Value {
    let (file, line) = entry.place();
    let container = entry.container.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    json!({
        "physicalLocation": physical(file, line),
        "logicalLocations": [{
            "name": entry.object.name,
            "fullyQualifiedName": format!("{}{container}", entry.object_name()),
            "kind": "resource",
        }],
    })
}

fn physical(file: &str, line: Option<usize>) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(file)}});
    if let Some(line) = line {
        place["region"] = json!({"startLine": line});
    }
    place
}

/// The change of the rendered text: the input itself, whatever the location says.
fn fix(entry: &Entry) -> Value {
    let replacement = |change: &Change| {
        let ((from, from_column), (to, to_column)) = (change.from, change.to);
        json!({
            "deletedRegion": {
                "startLine": from, "startColumn": from_column, "endLine": to, "endColumn": to_column,
            },
            "insertedContent": {"text": change.text},
        })
    };
    json!({
        "description": {"text": format!("hardtack harden: {}", entry.rule)},
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(&entry.source.input)},
            "replacements": entry.changes.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

/// A path as a URI: relative as it is, absolute with its scheme.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte.into())
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        assert_eq!(uri("/tmp/a.yaml"), "file:///tmp/a.yaml");
    }
}
