//! Workflow commands that GitHub shows beside the changed lines.

use std::fmt::Write;

use super::json::Report;
use super::outcome::Outcome;
use crate::finding::Severity;

/// One command a finding, worst first: GitHub shows ten of each kind in a step.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut standing: Vec<_> = report.findings.iter().filter(|entry| entry.outcome().stands()).collect();
    standing.sort_by_key(|entry| entry.urgency());
    let mut out = String::new();
    for entry in standing {
        let kind = match entry.outcome() {
            Outcome::Refused => "error",
            Outcome::Pending => "warning",
            _ if entry.severity >= Severity::High => "warning",
            _ => "notice",
        };
        let (file, line) = entry.place();
        let line = line.map(|line| format!(",line={line}")).unwrap_or_default();
        let title = property(&format!("{} ({}, {})", entry.rule, entry.severity, entry.outcome().word()));
        let words = format!("{}: {} [{}]", entry.object_name(), entry.words(), entry.fingerprint);
        let words = data(&words);
        let _ = writeln!(out, "::{kind} file={}{line},title={title}::{words}", property(file));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        assert_eq!(data("50% of a,b:\r\n::error::c"), "50%25 of a,b:%0D%0A::error::c");
        assert_eq!(property("a,line=1::x%\n"), "a%2Cline=1%3A%3Ax%25%0A");
    }
}
