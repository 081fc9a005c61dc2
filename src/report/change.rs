//! What one finding's fix changes in the text of its document, as replacements at lines and columns.

use similar::{DiffOp, TextDiff};

use crate::finding::Finding;
use crate::harden::Hardened;
use crate::yaml::{Op, edit};

/// A piece of the input that a fix replaces. Lines are of the stream and columns count characters, both from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Line and column where it starts.
    pub from: (usize, usize),
    /// Line and column behind its end.
    pub to: (usize, usize),
    /// What stands there instead.
    pub text: String,
}

/// The replacements that make the finding's own edits and nothing else. Empty when it has none, when they cannot be made
/// without those of other findings, or when a replacement would repeat text of the input: that may be a secret.
#[must_use]
pub fn changes(hardened: &Hardened<'_>, finding: &Finding) -> Vec<Change> {
    let object = &hardened.release.objects[finding.object];
    let document = &hardened.stream.documents[object.document];
    let Some(root) = hardened.stream.root(document).filter(|_| !finding.edits.is_empty()) else {
        return Vec::new();
    };
    let Ok(edited) = edit::apply(root, &finding.edits) else { return Vec::new() };
    let old = hardened.stream.body(document);
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), edited.text.split_inclusive('\n').collect());
    let diff = TextDiff::from_slices(&old_lines, &new_lines);
    let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let changes: Vec<Change> = changed
        .map(|op| {
            let (old, new) = (old_lines[op.old_range()].concat(), new_lines[op.new_range()].concat());
            narrowed(&old, &new, document.line + op.old_range().start)
        })
        .collect();
    let own = own_text(finding);
    if changes.iter().all(|change| is_own(&change.text, &own)) { changes } else { Vec::new() }
}

/// The difference of two pieces that start on one line, without what they share at both ends.
fn narrowed(old: &str, new: &str, line: usize) -> Change {
    let pairs = old.chars().zip(new.chars());
    let prefix: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let pairs = old[prefix..].chars().rev().zip(new[prefix..].chars().rev());
    let suffix: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let position = |end: usize| {
        let before = &old[..end];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line + before.matches('\n').count(), column)
    };
    Change {
        from: position(prefix),
        to: position(old.len() - suffix),
        text: new[prefix..new.len() - suffix].to_owned(),
    }
}

/// Every word that the finding's edits may write.
fn own_text(finding: &Finding) -> String {
    finding.edits.iter().fold(String::new(), |mut all, edit| {
        all.push_str(&edit.route.to_string());
        if let Op::Set(data) | Op::Append(data) = &edit.op {
            all.push_str(&data.to_string());
        }
        all
    })
}

fn is_own(text: &str, own: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || "{}[],:'\"".contains(c);
    text.split(is_mark).all(|word| word.chars().all(|c| c == '-') || own.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_as_narrow_as_can_be() {
        let change = narrowed("image: k8s.gcr.io/a\n", "image: registry.k8s.io/a\n", 7);
        assert_eq!((change.from, change.to, change.text.as_str()), ((7, 8), (7, 15), "registry.k8s"));
        let change = narrowed("", "  a: 1\n", 3);
        assert_eq!((change.from, change.to, change.text.as_str()), ((3, 1), (3, 1), "  a: 1\n"));
        let change = narrowed("  b: ü, c\n", "  b: ü\n", 1);
        assert_eq!((change.from, change.to, change.text.as_str()), ((1, 7), (1, 10), ""));
    }

    #[test]
    fn words_of_the_input_are_not_repeated() {
        let own = "spec.securityContext.runAsNonRoottrue";
        assert!(is_own("\n      securityContext:\n        runAsNonRoot: true", own));
        assert!(!is_own("{runAsNonRoot: true, password: x7}", own));
    }
}
