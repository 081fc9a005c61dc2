//! A comment for a pull request: what stops it first, and never longer than a comment may be.

use std::fmt::Write;

use super::difference::Difference;
use super::json::{Entry, Report};
use super::outcome::Outcome;

/// GitHub takes 65,536 characters.
const MOST: usize = 60_000;
const ROWS: usize = 100;

/// The comment. Its first line lets a later run find and replace it.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::from("<!-- hardtack -->\n");
    let summary = &report.summary;
    let pending = report.findings.iter().any(|entry| entry.pending);
    let done = if pending { "to fix" } else { "fixed" };
    let count = |wanted| report.findings.iter().filter(|entry| entry.outcome() == wanted).count();
    let _ = writeln!(
        out,
        "### hardtack: {} refused, {} {done}, {} open, {} allowed\n",
        count(Outcome::Refused),
        count(Outcome::Pending) + count(Outcome::Fixed),
        count(Outcome::Open),
        count(Outcome::Allowed)
    );
    let by =
        if report.policy.decided_by.is_empty() { "nothing configured" } else { &report.policy.decided_by };
    let _ = writeln!(
        out,
        "Policy {} ({}) · {} objects, {} changed, {} pod templates will roll\n",
        escaped(&report.policy.name),
        escaped(by),
        summary.objects,
        summary.changed,
        summary.rolling
    );
    if let Some(baseline) = &report.baseline {
        let (file, gone) = (escaped(&baseline.file), baseline.gone.len());
        let _ = writeln!(out, "{} known from {file}, {gone} of it gone\n", baseline.known);
    }
    if let Some(difference) = &report.difference {
        objects(difference, &mut out);
    }
    let with = |wanted: &[Outcome]| -> Vec<&Entry> {
        let mut all: Vec<&Entry> =
            report.findings.iter().filter(|entry| wanted.contains(&entry.outcome())).collect();
        all.sort_by_key(|entry| entry.urgency());
        all
    };
    table("Refused", &with(&[Outcome::Refused]), true, &mut out);
    table("To fix (hardtack harden does)", &with(&[Outcome::Pending]), false, &mut out);
    table("Open", &with(&[Outcome::Open]), false, &mut out);
    out
}

/// Which objects come, go and change, folded.
fn objects(difference: &Difference, out: &mut String) {
    let counts = difference.counts();
    let _ = writeln!(out, "<details><summary>{counts}</summary>\n\n| | Object | Where |\n|---|---|---|");
    let mut rows: Vec<String> = Vec::new();
    for (word, objects) in [("added", &difference.added), ("removed", &difference.removed)] {
        rows.extend(objects.iter().map(|object| format!("| {word} | {} | |\n", escaped(&object.shown()))));
    }
    for (objects, _, changes) in difference.groups() {
        let routes: Vec<String> =
            changes.iter().map(|change| format!("{} {}", change.mark(), change.route)).collect();
        let (objects, routes) = (escaped(&objects.join(", ")), escaped(&routes.join(", ")));
        rows.push(format!("| changed | {objects} | {routes} |\n"));
    }
    let left = rows.len().saturating_sub(ROWS);
    rows.iter().take(ROWS).for_each(|row| out.push_str(row));
    if left > 0 {
        let _ = writeln!(out, "\n… and {left} more: `hardtack check --diff-from` shows all");
    }
    let _ = writeln!(out, "\n</details>\n");
}

fn table(heading: &str, entries: &[&Entry], unfolded: bool, out: &mut String) {
    if entries.is_empty() {
        return;
    }
    let count = entries.len();
    if unfolded {
        let _ = writeln!(out, "#### {heading}\n");
    } else {
        let _ = writeln!(out, "<details><summary>{heading} ({count})</summary>\n");
    }
    let _ = writeln!(out, "| Severity | Object | Rule | What | Where |\n|---|---|---|---|---|");
    let mut shown = 0;
    for entry in entries.iter().take(ROWS) {
        let row = row(entry);
        if out.chars().count() + row.chars().count() > MOST {
            break;
        }
        out.push_str(&row);
        shown += 1;
    }
    if shown < count {
        let _ = writeln!(out, "\n… and {} more: `hardtack check` shows all", count - shown);
    }
    let _ = writeln!(out, "{}", if unfolded { "" } else { "\n</details>\n" });
}

fn row(entry: &Entry) -> String {
    let (file, line) = entry.place();
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = format!("{file}{line}");
    let [object, rule, words, place] =
        [&entry.object_name(), &*entry.rule, &entry.words(), &place].map(escaped);
    let (severity, fingerprint) = (entry.severity, &entry.fingerprint);
    format!("| {severity} | {object} | {rule}<br><sub>{fingerprint}</sub> | {words} | {place} |\n")
}

/// Text that neither ends a cell nor reads as markup, a mention or a reference. Long text is cut.
#[must_use]
pub fn escaped(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' | '!' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_be_left() {
        assert_eq!(escaped("a|b\nc `d` @all #1"), "a\\|b c \\`d\\` &#64;all \\#1");
        assert_eq!(escaped("<b>[x](y)"), "&lt;b&gt;\\[x\\](y)");
        assert_eq!(escaped(&"|".repeat(400)).matches("\\|").count(), 300);
    }
}
