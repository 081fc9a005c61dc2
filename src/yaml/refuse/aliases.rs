//! Aliases that stand for more than a reader should hold.

use crate::yaml::error::Fault;
use crate::yaml::table::{MAX_DEPTH, too_deep};
use crate::yaml::tree::{Kind, Node, Tree};

/// Nodes that aliases may always add.
const ALWAYS: u64 = 1000;
/// Nodes that aliases may add for each node written; go-yaml allows more in small documents.
const SHARE: u64 = 9;
/// Nodes that a document may become where aliases add most of them.
const MOST: u64 = 400_000;

/// Checks how large and how deep the document becomes once aliases are followed. Aliases stand after the whole of
/// what they stand for, so one pass knows every size it needs.
pub(super) fn check(tree: &Tree) -> Result<(), Fault> {
    // What all nodes before a position become.
    let mut before: Vec<u64> = Vec::with_capacity(tree.nodes.len() + 1);
    let mut total: u64 = 0;
    for (index, node) in tree.nodes.iter().enumerate() {
        before.push(total);
        total += 1;
        let Some(target) = target(tree, index) else { continue };
        let end = tree.nodes[target].next as usize;
        total = total.saturating_add(before[end].saturating_sub(before[target]));
        let written = index as u64 + 1;
        let added = total - written;
        if added > ALWAYS && (added > written.saturating_mul(SHARE) || total > MOST) {
            return Err(Fault::new(
                node.start as usize,
                "aliases make the document many times larger than it is written",
                "write the values out: Kubernetes' readers refuse excessive aliasing",
            ));
        }
    }
    check_depth(tree)
}

fn target(tree: &Tree, index: usize) -> Option<usize> {
    if tree.nodes[index].kind != Kind::Alias {
        return None;
    }
    tree.property(u32::try_from(index).ok()?)?.target.map(|target| target as usize)
}

/// A collection that is being walked through.
struct Open {
    next: usize,
    anchored: Option<usize>,
    /// Levels below it, itself included.
    height: usize,
}

fn check_depth(tree: &Tree) -> Result<(), Fault> {
    let mut heights: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        while open.last().is_some_and(|top| top.next <= index) {
            close(&mut open, &mut heights);
        }
        let height = target(tree, index).and_then(|target| heights.get(&target).copied()).unwrap_or(1);
        if open.len() + height > MAX_DEPTH + 1 {
            return Err(too_deep(node.start as usize));
        }
        let anchored = (node.flags & Node::ANCHOR != 0).then_some(index);
        open.push(Open { next: node.next as usize, anchored, height });
    }
    Ok(())
}

fn close(open: &mut Vec<Open>, heights: &mut std::collections::HashMap<usize, usize>) {
    let Some(done) = open.pop() else { return };
    if let Some(index) = done.anchored {
        heights.insert(index, done.height);
    }
    if let Some(parent) = open.last_mut() {
        parent.height = parent.height.max(done.height + 1);
    }
}
