//! Comments that sops encrypted with the values below them. They are in no hash: one that does not decrypt is left out.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::leaf::{Leaf, aad};
use super::sealed::{DataKey, OPENING};
use super::typed::Kind;
use crate::yaml::{Route, Step, Value, comments};

/// Of the comments that sops wrote as items of a list, those whose line can become a comment's; the others can only be
/// taken out.
pub(super) fn items_to_lines<'l>(root: Value<'_>, leaves: &'l [Leaf]) -> Vec<(&'l Leaf, String)> {
    let text = root.document_text();
    let comments = || leaves.iter().filter(|leaf| leaf.typed.kind == Kind::Comment);
    let alone = |leaf: &&Leaf| {
        let (Some(value), Some(Step::Index(_))) = (root.at(&leaf.route), leaf.route.steps().last()) else {
            return None;
        };
        let list: Route = leaf.route.steps()[..leaf.route.steps().len() - 1].iter().cloned().collect();
        let others =
            root.at(&list)?.items().count() > comments().filter(|it| it.route.starts_with(&list)).count();
        let (start, end) = (value.node().start as usize, value.node().end as usize);
        let line = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        let ends = text[end..].is_empty() || text[end..].starts_with('\n');
        (others && ends && line.trim_start() == "- ").then(|| value.raw().to_owned())
    };
    comments().filter_map(|leaf| Some((leaf, alone(&leaf)?))).collect()
}

/// A document's new text with its encrypted comments in the clear. `root` is the document as it was.
pub(super) fn in_the_clear(
    root: Value<'_>,
    text: Zeroizing<String>,
    leaves: &[Leaf],
    key: &DataKey,
    notes: &mut Vec<String>,
) -> Zeroizing<String> {
    let sealed = found(root);
    if sealed.is_empty() {
        return text;
    }
    let places = places(leaves);
    let mut text = text;
    for comment in sealed {
        let open = places.iter().find_map(|aad| key.open(comment, aad));
        let open = open.filter(|it| it.kind == Kind::Comment && !it.text().contains(['\n', '\r']));
        if open.is_none() {
            notes.push("a comment that does not decrypt was left out".to_owned());
        }
        let words = open.as_ref().map_or(String::new(), |it| format!("#{}", it.text()));
        // The text of a comment is random: it stands nowhere else.
        text = Zeroizing::new(text.replacen(&format!("#{comment}"), &words, 1));
    }
    text
}

/// The texts of encrypted comments.
fn found(root: Value<'_>) -> Vec<&str> {
    let text = root.document_text();
    let comments = comments::comments(root).into_iter().map(|range| &text[range.start + 1..range.end]);
    comments.filter(|comment| comment.starts_with(OPENING)).collect()
}

/// Every map and list that a comment could stand in, innermost first.
fn places(leaves: &[Leaf]) -> Vec<String> {
    let mut all: BTreeSet<&[String]> = BTreeSet::new();
    for leaf in leaves {
        all.extend((0..=leaf.keys.len()).map(|length| &leaf.keys[..length]));
    }
    let mut all: Vec<&[String]> = all.into_iter().collect();
    all.sort_by_key(|keys| std::cmp::Reverse(keys.len()));
    all.into_iter().map(aad).collect()
}
