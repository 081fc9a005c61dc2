//! What a refusal says: object by object what stands in the way, and how to allow it.

use std::fmt::Write;

use super::text::{Layout, wrap};
use crate::harden::Hardened;
use crate::policy::Policy;
use crate::validate::{Because, Refusal};

/// The words for stderr.
#[must_use]
pub fn text(hardened: &Hardened<'_>, policy: &Policy, layout: Layout) -> String {
    let mut out = String::new();
    let count = hardened.verdict.refusals.len();
    let what = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    let head = format!("hardtack refused this release: {what} against {}", policy.name);
    let _ = writeln!(out, "{}", layout.paint.red(&head));
    let mut lines = 0;
    let mut left = 0;
    for (object, refusals) in by_object(hardened) {
        if layout.lines.is_some_and(|most| lines > 0 && lines + refusals.len() + 2 > most) {
            left += refusals.len();
            continue;
        }
        lines += refusals.len() + 2;
        object_text(hardened, object, &refusals, layout, &mut out);
    }
    if left > 0 {
        let _ = writeln!(out, "  … and {left} more findings: hardtack check --assume-fixed shows all");
    }
    for note in &policy.notes {
        let _ = writeln!(out, "{}", layout.paint.dim(&format!("note: {note}")));
    }
    let by = if policy.is_configured() { policy.whole_name() } else { "the default gate".to_owned() };
    let _ = writeln!(out, "policy: {by} · see all: hardtack check --assume-fixed");
    out
}

fn by_object<'h>(hardened: &'h Hardened<'_>) -> Vec<(usize, Vec<&'h Refusal>)> {
    let mut objects: Vec<(usize, Vec<&Refusal>)> = Vec::new();
    for refusal in &hardened.verdict.refusals {
        let object = hardened.plan.findings[refusal.finding].object;
        match objects.iter_mut().find(|(number, _)| *number == object) {
            Some((_, refusals)) => refusals.push(refusal),
            None => objects.push((object, vec![refusal])),
        }
    }
    objects
}

fn object_text(
    hardened: &Hardened<'_>,
    object: usize,
    refusals: &[&Refusal],
    layout: Layout,
    out: &mut String,
) {
    let object = &hardened.release.objects[object];
    let template = object.template.as_ref().map(|template| format!("{template}, ")).unwrap_or_default();
    let line = refusals.first().map_or(object.document_line, |it| hardened.plan.findings[it.finding].line);
    let place = layout.paint.dim(&format!("{template}line {line}"));
    let _ = writeln!(out, "  {}  {place}", layout.paint.bold(&object.id.to_string()));
    let mut rules: Vec<&str> = Vec::new();
    let mut said: Vec<(String, Vec<&str>, &str)> = Vec::new();
    for refusal in refusals {
        let finding = &hardened.plan.findings[refusal.finding];
        let why = match refusal.because {
            Because::Severity(severity) => severity.to_string(),
            Because::PodSecurity(level) => format!("pod security: {level}"),
        };
        let what = format!("{} ({why}): {}", finding.rule, finding.message);
        let container = finding.container.as_deref();
        match said.iter_mut().find(|(known, _, help)| *known == what && *help == finding.help) {
            Some((_, containers, _)) => containers.extend(container),
            None => said.push((what, container.into_iter().collect(), &finding.help)),
        }
        if !rules.contains(&finding.rule.as_ref()) {
            rules.push(&finding.rule);
        }
    }
    for (what, containers, help) in said {
        let containers =
            if containers.is_empty() { String::new() } else { format!(" ({})", containers.join(", ")) };
        let help = if help.is_empty() { String::new() } else { format!(" -> {help}") };
        let whole = format!("{what}{containers}{help}");
        for (number, part) in wrap(&whole, layout.width.saturating_sub(8).max(40)).into_iter().enumerate() {
            let _ = writeln!(out, "{}{part}", if number == 0 { "      " } else { "        " });
        }
    }
    let rules = if rules.len() == 1 { rules.join("") } else { format!("[{}]", rules.join(", ")) };
    let (kind, name) = (&object.id.kind, &object.id.name);
    let allow = format!("{{allow: {rules}, match: {{kind: {kind}, name: {name}}}, reason: \"…\"}}");
    let _ = writeln!(out, "      allow it, below exemptions: in the policy: - {allow}");
}
