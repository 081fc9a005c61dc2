//! Scalars without a value in JSON.

use crate::yaml::error::Fault;
use crate::yaml::scalar;
use crate::yaml::scalar::plain::{Unreadable, is_certain_string};
use crate::yaml::tree::{Kind, Node, Tree};

/// Checks the scalar at `index`, and notes on it whether it is a word.
pub(super) fn check(text: &str, tree: &mut Tree, index: usize) -> Result<(), Fault> {
    let node = tree.nodes[index];
    let (start, end) = (node.start as usize, node.end as usize);
    let bytes = &text.as_bytes()[start..end];
    if node.kind == Kind::Plain && node.flags == 0 && is_certain_string(bytes) {
        tree.nodes[index].flags = Node::WORD;
        return Ok(());
    }
    if node.flags & Node::TAG == 0 && !may_fail(node.kind, bytes) {
        return Ok(());
    }
    let raw = &text[start..end];
    let tag = super::value(text, tree, index).tag();
    match scalar::resolve(node.kind, raw, text, start, tag) {
        Some(Err(reason)) => Err(fault(start, reason)),
        _ => Ok(()),
    }
}

#[inline]
fn may_fail(kind: Kind, raw: &[u8]) -> bool {
    match kind {
        Kind::Plain => matches!(raw, [b'.' | b'+' | b'-', ..]),
        Kind::Double => memchr::memchr(b'\\', raw).is_some(),
        _ => false,
    }
}

fn fault(start: usize, reason: Unreadable) -> Fault {
    match reason {
        Unreadable::NotFinite => Fault::new(
            start,
            "infinity and not-a-number cannot be sent to Kubernetes",
            "quote the text if it is a string",
        ),
        Unreadable::Tag => Fault::new(
            start,
            "the value does not fit its tag, or readers disagree on the tag",
            "remove the tag, and quote the text if it is a string",
        ),
        Unreadable::Escape(at) => Fault::new(
            start + 1 + at,
            "an escape in double quotes that Kubernetes' readers do not know",
            "write / without a backslash, a character beyond U+FFFF as itself, and a backslash twice",
        ),
    }
}
