//! One rule on one screen.

use std::fmt::Write;

use super::text::{Layout, wrap};
use crate::error::Error;
use crate::finding::Severity;
use crate::nearest::hint;
use crate::rule::Rule;
use crate::rules::{self, RULES};

/// The page of a rule, named by its id or by a peer's id for the same check.
///
/// # Errors
/// [`Error::Usage`] when no rule answers to the name.
pub fn page(name: &str, layout: Layout) -> Result<String, Error> {
    let matching: Vec<&'static Rule> = match rules::find(name) {
        Some(rule) => vec![rule],
        None => RULES.iter().copied().filter(|rule| answers_to(rule, name)).collect(),
    };
    if matching.is_empty() {
        let help = hint(name, RULES.iter().map(|rule| rule.id), "hardtack rules lists all");
        return Err(Error::usage(format!("unknown rule {name:?}"), help));
    }
    Ok(matching.into_iter().map(|rule| one(rule, layout)).collect::<Vec<_>>().join("\n"))
}

fn answers_to(rule: &Rule, name: &str) -> bool {
    rule.peers.iter().any(|peer| peer.split_once(' ').is_some_and(|(_, id)| id.eq_ignore_ascii_case(name)))
}

fn one(rule: &Rule, layout: Layout) -> String {
    let paint = layout.paint;
    let mut out = format!("{}: {}\n", paint.bold(rule.id), rule.summary());
    let body = rule.doc.trim().lines().skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line));
    for line in body {
        let _ = match line.strip_prefix("# ") {
            Some(heading) => writeln!(out, "{}", paint.bold(heading)),
            None if line.is_empty() => writeln!(out),
            None => writeln!(out, "  {line}"),
        };
    }
    let word = |severity: Option<Severity>| severity.map_or("off", Severity::word);
    let [development, staging, production] = rule.severity.map(word);
    let _ = writeln!(out, "\n{}", paint.bold("Severity"));
    let _ = writeln!(out, "  development {development}, staging {staging}, production {production}");
    list("Standards", rule.standards, layout, &mut out);
    list("Elsewhere", rule.peers, layout, &mut out);
    if !rule.settings.is_empty() {
        list("Settings", rule.settings, layout, &mut out);
    }
    let _ = writeln!(out, "{}\n{}", paint.bold("Example"), indented(rule.example));
    let allow = format!("exemptions: [{{allow: {}, match: {{kind: …, name: …}}, reason: \"…\"}}]", rule.id);
    let _ = writeln!(out, "{}\n  {allow}", paint.bold("Allow it"));
    out
}

fn list(heading: &str, words: &[&str], layout: Layout, out: &mut String) {
    if !words.is_empty() {
        let _ = writeln!(out, "{}", layout.paint.bold(heading));
        for line in wrap(&words.join(", "), layout.width.saturating_sub(2)) {
            let _ = writeln!(out, "  {line}");
        }
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
