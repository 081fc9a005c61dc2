//! The edits as a unified diff: each hunk headed by its object and rules, the reasons once below.

use std::fmt::Write;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

use super::paint::Paint;
use crate::finding::Status;
use crate::harden::Hardened;
use crate::rules;
use crate::yaml::Value;

/// A place in the new text that a rule wrote, or in the old text that it took out.
struct Mark<'h> {
    rule: &'h str,
    object: usize,
    old_line: Option<usize>,
    new_line: Option<usize>,
}

/// The whole diff; empty when nothing changes.
#[must_use]
pub fn unified(hardened: &Hardened<'_>, name: &Path, paint: Paint) -> String {
    let mut out = String::new();
    let mut said: Vec<&str> = Vec::new();
    for number in hardened.changes.documents.keys() {
        hunks(hardened, *number, paint, &mut said, &mut out);
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

fn marks<'h>(hardened: &'h Hardened<'_>, document: usize) -> Vec<Mark<'h>> {
    let old = hardened.stream.root(&hardened.stream.documents[document]);
    let new = hardened.changes.root(hardened.stream, document);
    let fixed = hardened.plan.with_status(Status::Fixed);
    let here = fixed.filter(|finding| hardened.release.objects[finding.object].document == document);
    here.flat_map(|finding| {
        finding.edits.iter().map(move |edit| Mark {
            rule: &finding.rule,
            object: finding.object,
            old_line: old.and_then(|root| root.at(&edit.route)).map(Value::line),
            new_line: new.and_then(|root| root.at(&edit.route)).map(Value::line),
        })
    })
    .collect()
}

fn hunks<'h>(
    hardened: &'h Hardened<'_>,
    number: usize,
    paint: Paint,
    said: &mut Vec<&'h str>,
    out: &mut String,
) {
    let document = &hardened.stream.documents[number];
    let Some(edited) = hardened.changes.documents.get(&number) else { return };
    let marks = marks(hardened, number);
    let diff = TextDiff::from_lines(hardened.stream.body(document), &edited.text);
    for group in diff.grouped_ops(3) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old = first.old_range().start + 1..=last.old_range().end;
        let new = first.new_range().start + 1..=last.new_range().end;
        let within = |mark: &&Mark<'_>| {
            mark.new_line.is_some_and(|line| new.contains(&line))
                || mark.old_line.is_some_and(|line| old.contains(&line))
        };
        let here: Vec<&Mark<'h>> = marks.iter().filter(within).collect();
        let mut rules: Vec<&str> = Vec::new();
        for mark in &here {
            if !rules.contains(&mark.rule) {
                rules.push(mark.rule);
            }
        }
        let hides = hardened.changes.with_secrets.contains(&number);
        let converted =
            hardened.plan.findings.iter().find(|it| {
                hides && it.done.is_some() && hardened.release.objects[it.object].document == number
            });
        rules.extend(
            converted
                .map(|finding| finding.rule.as_ref())
                .filter(|rule| !here.iter().any(|mark| mark.rule == *rule)),
        );
        let object = here.first().map(|mark| mark.object).or(converted.map(|finding| finding.object));
        let object =
            object.map(|number| hardened.release.objects[number].with_template()).unwrap_or_default();
        let line = document.line + old.start() - 1;
        let _ =
            writeln!(out, "{}", paint.cyan(&format!("@@ line {line} · {object}  {} @@", rules.join(", "))));
        if hides {
            let _ = writeln!(out, "{}", paint.dim("  old lines are not shown: they hold a secret"));
        }
        let shown = |tag: ChangeTag| !hides || tag == ChangeTag::Insert;
        let lines = group.iter().flat_map(|op| diff.iter_changes(op));
        for change in lines.filter(|change| shown(change.tag())) {
            let line = change.value().trim_end_matches(['\n', '\r']);
            let text = match change.tag() {
                ChangeTag::Delete => paint.red(&format!("-{line}")),
                ChangeTag::Insert => paint.green(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            let _ = writeln!(out, "{text}");
        }
        for id in rules.into_iter().filter(|id| !said.contains(id)).collect::<Vec<_>>() {
            said.push(id);
            let summary = rules::find(id).map(|rule| rule.summary()).unwrap_or_default();
            let _ = writeln!(out, "{}", paint.dim(&format!("  {id}: {summary}")));
        }
    }
}
