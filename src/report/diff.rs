//! The edits as a unified diff: each hunk headed by its object and rules, the reasons once below.

use std::fmt::Write;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

use super::paint::Paint;
use crate::finding::{Finding, Status};
use crate::harden::Hardened;
use crate::rules;

/// The whole diff; empty when nothing changes.
#[must_use]
pub fn unified(hardened: &Hardened<'_>, name: &Path, paint: Paint) -> String {
    let mut out = String::new();
    for (number, edited) in &hardened.changes.documents {
        let document = &hardened.stream.documents[*number];
        let before = hardened.stream.body(document);
        let of_document = |finding: &&Finding| {
            finding.status == Status::Fixed && hardened.release.objects[finding.object].document == *number
        };
        let findings: Vec<&Finding> = hardened.plan.findings.iter().filter(of_document).collect();
        hunks(hardened, before, &edited.text, document.line, &findings, paint, &mut out);
    }
    for text in hardened.changes.added.values().flatten() {
        let _ = writeln!(out, "{}", paint.cyan("@@ new document @@"));
        for line in text.lines() {
            let _ = writeln!(out, "{}", paint.green(&format!("+{line}")));
        }
    }
    if out.is_empty() {
        return out;
    }
    let name = name.display();
    format!(
        "{}\n{}\n{out}",
        paint.bold(&format!("--- {name}")),
        paint.bold(&format!("+++ {name} (hardened)"))
    )
}

fn hunks(
    hardened: &Hardened<'_>,
    before: &str,
    after: &str,
    first_line: usize,
    findings: &[&Finding],
    paint: Paint,
    out: &mut String,
) {
    let diff = TextDiff::from_lines(before, after);
    let mut said: Vec<&str> = Vec::new();
    for group in diff.grouped_ops(3) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let lines = first.old_range().start + first_line..=last.old_range().end + first_line;
        let here: Vec<&&Finding> = findings.iter().filter(|finding| lines.contains(&finding.line)).collect();
        let mut ids: Vec<&str> = here.iter().map(|finding| finding.rule).collect();
        ids.dedup();
        let object = here.first().copied().or(findings.first()).map(|finding| finding.object);
        let object =
            object.map(|number| hardened.release.objects[number].with_template()).unwrap_or_default();
        let _ = writeln!(
            out,
            "{}",
            paint.cyan(&format!("@@ line {} · {object}  {} @@", lines.start(), ids.join(", ")))
        );
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches(['\n', '\r']);
            let text = match change.tag() {
                ChangeTag::Delete => paint.red(&format!("-{line}")),
                ChangeTag::Insert => paint.green(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            let _ = writeln!(out, "{text}");
        }
        for id in ids.into_iter().filter(|id| !said.contains(id)).collect::<Vec<_>>() {
            said.push(id);
            let summary = rules::find(id).map(|rule| rule.summary()).unwrap_or_default();
            let _ = writeln!(out, "{}", paint.dim(&format!("  {id}: {summary}")));
        }
    }
}
