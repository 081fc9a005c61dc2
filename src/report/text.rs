//! The report on a terminal: object by object, what happened, where, what to do next; the last line is the summary.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::fingerprint::fingerprint;
use super::json::{Summary, summary};
use super::notes::notes;
use super::paint::Paint;
use crate::finding::{Finding, Severity, Status};
use crate::harden::Hardened;
use crate::policy::Policy;
use crate::yaml::{Op, Step};

/// How to write it.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Colour or not.
    pub paint: Paint,
    /// Characters in a line.
    pub width: usize,
    /// The most lines of findings; `None` for all.
    pub lines: Option<usize>,
    /// Whether fixes are still to be made (`check`) or are made (`harden`).
    pub pending: bool,
    /// Leave out what would be fixed.
    pub only_open: bool,
    /// Show the line of the input below what is open.
    pub excerpts: bool,
    /// Show also what a baseline knows, rather than count it.
    pub known: bool,
}

/// One line of the report: findings of one object that say the same of several containers.
struct Row<'f> {
    first: &'f Finding,
    containers: Vec<&'f str>,
    refused: bool,
    known: bool,
    /// Of the first finding, where reports are to be compared.
    fingerprint: Option<String>,
}

/// The findings and the summary. With a limit of lines: what is fixed, and what is open and at least high, a line each;
/// the rest is counted.
#[must_use]
pub fn report(hardened: &Hardened<'_>, policy: &Policy, layout: Layout) -> String {
    let mut out = String::new();
    let objects = by_object(hardened, layout);
    let mut room = layout.lines.unwrap_or(usize::MAX);
    let (mut left, mut left_in) = (0, 0);
    for (object, rows) in &objects {
        let short = layout.lines.is_some();
        let shown: Vec<&Row<'_>> =
            rows.iter().filter(|row| !short || row.matters()).take(room.saturating_sub(1)).collect();
        if shown.is_empty() {
            left += rows.len();
            left_in += 1;
            continue;
        }
        room = room.saturating_sub(1 + shown.len());
        let hidden = rows.len() - shown.len();
        heading(hardened, *object, hidden, layout, &mut out);
        for row in shown {
            line(row, layout, &mut out);
            if layout.excerpts && row.first.status == Status::Open {
                excerpt(hardened, row.first, layout, &mut out);
            }
        }
    }
    if left > 0 {
        let _ = writeln!(out, "… and {left} more findings in {left_in} objects: hardtack check shows all");
    }
    for note in notes(hardened).iter().take(layout.lines.unwrap_or(usize::MAX) / 4) {
        let _ = writeln!(out, "{}", layout.paint.dim(&note.text()));
    }
    for note in &policy.notes {
        let _ = writeln!(out, "{}", layout.paint.dim(&format!("note: {note}")));
    }
    out.push_str(&closing(&summary(hardened), hardened, policy, layout));
    out
}

impl Row<'_> {
    /// Whether it belongs on the first screen.
    fn matters(&self) -> bool {
        let first = self.first;
        let writes = !first.edits.is_empty() || !first.additions.is_empty() || first.done.is_some();
        (self.first.status == Status::Fixed && writes)
            || (self.first.status == Status::Open && self.first.severity >= Severity::High)
    }
}

fn by_object<'f>(hardened: &'f Hardened<'_>, layout: Layout) -> Vec<(usize, Vec<Row<'f>>)> {
    let mut objects: Vec<(usize, Vec<Row<'f>>)> = Vec::new();
    let refused: HashSet<usize> = hardened.verdict.refusals.iter().map(|refusal| refusal.finding).collect();
    let numbered = hardened.plan.findings.iter().enumerate();
    let shown = numbered.filter(|(_, it)| !layout.only_open || it.status == Status::Open);
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (number, finding) in shown {
        let stands = layout.pending || finding.status == Status::Open;
        let known = stands && hardened.verdict.known.contains(&number);
        if known && !layout.known {
            continue;
        }
        let place = *places.entry(finding.object).or_insert_with(|| {
            objects.push((finding.object, Vec::new()));
            objects.len() - 1
        });
        let rows = &mut objects[place].1;
        let container = finding.container.as_deref();
        let same = |row: &&mut Row<'_>| {
            row.first.rule == finding.rule
                && row.first.status == finding.status
                && row.first.message == finding.message
                && row.known == known
        };
        match rows.iter_mut().find(same).filter(|_| container.is_some() && !layout.excerpts) {
            Some(row) => row.containers.extend(container.filter(|name| !row.containers.contains(name))),
            None => rows.push(Row {
                first: finding,
                containers: container.into_iter().collect(),
                refused: refused.contains(&number),
                known,
                fingerprint: layout
                    .excerpts
                    .then(|| fingerprint(finding, &hardened.release.objects[finding.object])),
            }),
        }
    }
    for (_, rows) in &mut objects {
        rows.sort_by_key(|row| (row.known, row.first.status, std::cmp::Reverse(row.first.severity)));
    }
    objects
}

fn heading(hardened: &Hardened<'_>, object: usize, hidden: usize, layout: Layout, out: &mut String) {
    let object = &hardened.release.objects[object];
    let template = object.template.as_ref().map(|template| format!("{template}, ")).unwrap_or_default();
    let hidden = if hidden == 0 { String::new() } else { format!(" (and {hidden} more)") };
    let place = format!("{template}line {}{hidden}", object.line_of(object.value));
    let _ = writeln!(out, "{}  {}", layout.paint.bold(&object.id.to_string()), layout.paint.dim(&place));
}

fn line(row: &Row<'_>, layout: Layout, out: &mut String) {
    let finding = row.first;
    let paint = layout.paint;
    let status = match finding.status {
        _ if row.known => paint.dim("known  "),
        Status::Fixed if layout.pending => paint.yellow("to fix "),
        Status::Fixed => paint.green("fixed  "),
        Status::Open if row.refused => paint.red("refused"),
        Status::Open => paint.yellow("open   "),
        Status::Exempt => paint.dim("allowed"),
    };
    let severity = if finding.status == Status::Open { finding.severity.word() } else { "" };
    let mut text = match finding.status {
        Status::Fixed => written(finding),
        Status::Open | Status::Exempt => finding.message.clone(),
    };
    if !row.containers.is_empty() {
        let _ = write!(text, " ({})", row.containers.join(", "));
    }
    let advice = match finding.status {
        Status::Exempt => finding.reason.clone().unwrap_or_default(),
        Status::Open => finding.help.clone(),
        Status::Fixed => String::new(),
    };
    let start = format!("  {status} {:<31} {severity:<9}", finding.rule);
    let room = layout.width.saturating_sub(MARGIN).max(30);
    let mut whole = if advice.is_empty() { text } else { format!("{text} -> {advice}") };
    if let Some(fingerprint) = &row.fingerprint {
        let _ = write!(whole, " [{fingerprint}]");
    }
    if layout.lines.is_some() {
        let _ = writeln!(out, "{}", format!("{start}{}", cut(&whole, room)).trim_end());
        return;
    }
    for (number, part) in wrap(&whole, room).into_iter().enumerate() {
        let margin = if number == 0 { start.clone() } else { " ".repeat(MARGIN) };
        let _ = writeln!(out, "{}", format!("{margin}{part}").trim_end());
    }
}

fn excerpt(hardened: &Hardened<'_>, finding: &Finding, layout: Layout, out: &mut String) {
    let object = &hardened.release.objects[finding.object];
    let root = hardened.stream.root(&hardened.stream.documents[object.document]);
    let within = finding.line + 1 - object.document_line;
    let Some(line) = root.and_then(|root| super::excerpt::line(object, root, within)) else { return };
    let number = format!("{:>7} |", finding.line);
    let room = layout.width.saturating_sub(10).max(30);
    let _ = writeln!(out, "{} {}", layout.paint.cyan(&number), layout.paint.dim(&cut(&line, room)));
}

/// Characters before the words of a line.
const MARGIN: usize = 2 + 8 + 32 + 9;

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    format!("{}…", kept.trim_end())
}

/// What a fix writes, shortly: the last key and the value.
pub(super) fn written(finding: &Finding) -> String {
    if let Some(done) = &finding.done {
        return done.clone();
    }
    let mut parts: Vec<String> = Vec::new();
    for edit in &finding.edits {
        let keys = edit.route.steps().iter().rev().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_ref()),
            Step::Index(_) => None,
        });
        let key = keys.into_iter().next().unwrap_or_default();
        parts.push(match &edit.op {
            Op::Set(data) => format!("{key}: {}", short(data)),
            Op::Append(data) => format!("{key}: + {}", short(data)),
            Op::Remove => format!("without {key}"),
        });
    }
    for addition in &finding.additions {
        let text =
            |pointer: &str| addition.data.pointer(pointer).and_then(|it| it.as_str()).unwrap_or_default();
        parts.push(format!("adds {}/{}", text("/kind"), text("/metadata/name")));
    }
    if parts.is_empty() { "another fix sees to it".to_owned() } else { parts.join(", ") }
}

fn short(data: &serde_json::Value) -> String {
    match data {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(map) => {
            let entries: Vec<String> =
                map.iter().map(|(key, value)| format!("{key}: {}", short(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Breaks a text at blanks so that no line is wider than `width`, so far as its words allow.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn closing(summary: &Summary, hardened: &Hardened<'_>, policy: &Policy, layout: Layout) -> String {
    let mut out = String::new();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut parts = vec![format!(
        "{}, {} changed ({} added, {} rewritten), {} will roll",
        plural(summary.objects, "object"),
        summary.changed,
        plural(summary.lines_added, "line"),
        summary.lines_rewritten,
        plural(summary.rolling, "pod template"),
    )];
    let done = if layout.pending { "to fix" } else { "fixed" };
    let mut counts = vec![format!("{} {done}", summary.fixed)];
    for severity in Severity::ALL.into_iter().rev() {
        let open =
            hardened.plan.with_status(Status::Open).filter(|finding| finding.severity == severity).count();
        if open > 0 {
            counts.push(format!("{open} {severity} open"));
        }
    }
    if summary.exempt > 0 {
        counts.push(format!("{} allowed", summary.exempt));
    }
    let numbered = hardened.plan.findings.iter().enumerate();
    let standing = numbered.filter(|(_, it)| layout.pending || it.status == Status::Open);
    let known = standing.filter(|(number, _)| hardened.verdict.known.contains(number)).count();
    if known > 0 {
        counts.push(format!("{known} of them known from the baseline"));
    }
    parts.push(counts.join(", "));
    parts.push(match (policy.decided_by().as_str(), policy.gate.is_on()) {
        ("", false) => "no policy: nothing is refused".to_owned(),
        ("", true) => format!("{} refused", summary.refused),
        (by, _) => format!("{} refused, policy {} from {by}", summary.refused, policy.name),
    });
    let _ = writeln!(out, "{}", parts.join(" · "));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_may_be() {
        for (width, expected) in [
            (5, &["aa bb", "cccc"][..]),
            (4, &["aa", "bb", "cccc"]),
            (1, &["aa", "bb", "cccc"]),
            (10, &["aa bb cccc"]),
            (9, &["aa bb", "cccc"]),
        ] {
            assert_eq!(wrap("aa bb cccc", width), expected, "{width}");
        }
    }
}
