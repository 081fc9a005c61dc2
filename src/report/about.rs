//! What reports say about a rule, be it one of the table or the team's own.

use crate::finding::Severity;
use crate::policy::Policy;
use crate::rules;

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// One line that says what is wrong.
    pub summary: String,
    /// Markdown: why, and what to do.
    pub help: String,
    /// The standards that ask for it.
    pub standards: Vec<&'static str>,
    /// The worst it is anywhere.
    pub severity: Severity,
}

/// The words for the rule of that id under a policy.
#[must_use]
pub fn about(id: &str, policy: &Policy) -> About {
    let worst = |severities: [Option<Severity>; 3]| severities.into_iter().flatten().max();
    if let Some(rule) = rules::find(id) {
        let lines = rule.doc.trim().lines().skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line));
        return About {
            summary: rule.summary().trim().to_owned(),
            help: lines.collect::<Vec<_>>().join("\n").trim().to_owned(),
            standards: rule.standards.to_vec(),
            severity: worst(rule.severity).unwrap_or(Severity::Low),
        };
    }
    let (summary, help, severity) = match policy.own(id) {
        Some(own) => (own.summary.clone(), own.help.clone(), worst(own.severity)),
        None => (String::new(), String::new(), None),
    };
    About {
        summary: if summary.is_empty() { id.to_owned() } else { summary },
        help,
        standards: Vec::new(),
        severity: severity.unwrap_or(Severity::Low),
    }
}
