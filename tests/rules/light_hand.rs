//! Comments and key order survive: every line of the input that no edit names comes out, in its order.

use std::collections::{BTreeMap, BTreeSet};

use hardtack::Hardened;
use hardtack::finding::Status;
use hardtack::yaml::{Edit, Kind, Op, Route, Step, Value};

/// Lines of the input, from 1, that edits may change.
#[derive(Debug, Default)]
struct Named {
    /// They may go altogether.
    removed: BTreeSet<usize>,
    /// They may read differently, but keep their comment.
    rewritten: BTreeSet<usize>,
}

/// The rules whose values move.
const MOVED: [&str; 3] = ["secret-in-env", "secret-in-config-map", "credentials-in-url"];

pub fn check(hardened: &Hardened<'_>) -> Result<(), String> {
    let named = named_lines(hardened);
    let output = hardened.to_text();
    let mut rest = output.lines();
    for (number, line) in (1..).zip(hardened.stream.text.lines()) {
        if named.removed.contains(&number) {
            continue;
        }
        if named.rewritten.contains(&number) {
            let comment = line.split_once(" #").map(|(_, comment)| comment);
            if comment.is_some_and(|comment| !output.contains(comment)) {
                return Err(format!("the comment of line {number} is gone: {line}"));
            }
        } else if !rest.any(|kept| kept == line) {
            return Err(format!("line {number} is gone, moved or changed: {line:?}\n{output}"));
        }
    }
    Ok(())
}

fn named_lines(hardened: &Hardened<'_>) -> Named {
    let mut named = Named::default();
    let fixed = hardened.plan.findings.iter().filter(|finding| finding.status == Status::Fixed);
    let mut by_document: BTreeMap<usize, Vec<&Edit>> = BTreeMap::new();
    for finding in fixed {
        // A credential that moves into a Secret leaves its line.
        if MOVED.contains(&&*finding.rule) {
            named.removed.insert(finding.line);
        }
        let document = hardened.release.objects[finding.object].document;
        by_document.entry(document).or_default().extend(&finding.edits);
    }
    for (number, edits) in by_document {
        let document = &hardened.stream.documents[number];
        let Some(root) = hardened.stream.root(document) else { continue };
        let mut lines = Lines { first: document.line, named: &mut named };
        for edit in &edits {
            lines.name(root, edit, &edits);
        }
    }
    named
}

struct Lines<'n> {
    first: usize,
    named: &'n mut Named,
}

impl Lines<'_> {
    fn name(&mut self, root: Value<'_>, edit: &Edit, all: &[&Edit]) {
        let steps = edit.route.steps();
        let existing =
            (0..=steps.len()).rev().find_map(|length| Some((length, root.at(&prefix(steps, length))?)));
        let Some((length, value)) = existing else { return };
        let is_whole = length == steps.len();
        match edit.op {
            Op::Remove if is_whole => self.removal(root, steps, all),
            Op::Append(_) | Op::Set(_) if is_whole || !is_block(value) => {
                let is_block_list = is_block(value) && matches!(edit.op, Op::Append(_));
                if !is_block_list {
                    let (start, end) = self.span(value);
                    self.named.rewritten.extend(start..=end);
                }
            }
            _ => {}
        }
    }

    fn removal(&mut self, root: Value<'_>, steps: &[Step], all: &[&Edit]) {
        let Some((last, above)) = steps.split_last() else { return };
        let above: Route = above.iter().cloned().collect();
        let (Some(parent), Some(value)) = (root.at(&above), root.at(&prefix(steps, steps.len()))) else {
            return;
        };
        if !is_block(parent) {
            let (start, end) = self.span(parent);
            self.named.rewritten.extend(start..=end);
            return;
        }
        let key = match last {
            Step::Key(key) => parent.own_entry(key).map(|(key, _)| key),
            Step::Index(_) => None,
        };
        let (start, end) = self.span(value);
        let start = key.map_or(start, |key| self.span(key).0);
        self.named.removed.extend(start..=end);
        let keys: Vec<(Value<'_>, Value<'_>)> = parent.own_entries().collect();
        if let [(first, _), (second, _), ..] = keys.as_slice()
            && key.is_some_and(|key| key.index() == first.index())
        {
            // In a list item the next key moves up to the dash.
            self.named.rewritten.insert(self.span(*second).0);
        }
        let children = parent.items().count() + keys.len();
        let direct =
            |edit: &&&Edit| edit.route.starts_with(&above) && edit.route.steps().len() == steps.len();
        let gone: BTreeSet<&[Step]> = all
            .iter()
            .filter(|edit| edit.op == Op::Remove)
            .filter(direct)
            .map(|edit| edit.route.steps())
            .collect();
        if gone.len() == children {
            // What is left of an emptied collection stands on the line of its key.
            let above = self.span(parent).0 - 1;
            self.named.rewritten.insert(above);
        }
    }

    /// First and last line of a node, counted in the stream.
    fn span(&self, value: Value<'_>) -> (usize, usize) {
        let start = value.line();
        (self.first + start - 1, self.first + start - 1 + value.raw().matches('\n').count())
    }
}

fn prefix(steps: &[Step], length: usize) -> Route {
    steps[..length].iter().cloned().collect()
}

fn is_block(value: Value<'_>) -> bool {
    matches!(value.resolved().node().kind, Kind::Map | Kind::Seq)
}
