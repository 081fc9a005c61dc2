//! What is refused although a parser would accept it: whatever Kubernetes' readers read differently, or not at all.

mod aliases;
pub(super) mod bytes;
mod keys;
mod scalars;
pub(super) mod tabs;

use super::error::Fault;
use super::tree::{Kind, Node, Tree};
use super::value::Value;

/// Something odd that is read anyway, at a position in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Oddity {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Checks a parsed document, node by node.
pub(super) fn check(text: &str, tree: &mut Tree, oddities: &mut Vec<Oddity>) -> Result<(), Fault> {
    for index in 0..tree.nodes.len() {
        match tree.nodes[index].kind {
            Kind::Map | Kind::FlowMap => keys::check(text, tree, index, oddities)?,
            Kind::Alias | Kind::Seq | Kind::FlowSeq => {}
            _ => scalars::check(text, tree, index)?,
        }
    }
    if tree.nodes.iter().any(|node| node.kind == Kind::Alias) {
        aliases::check(tree)?;
        keys::check_merges(text, tree)?;
    }
    Ok(())
}

/// The node at `index` with its text.
fn value<'a>(text: &'a str, tree: &'a Tree, index: usize) -> Value<'a> {
    Value::new(text, tree, u32::try_from(index).unwrap_or(u32::MAX))
}

fn start(node: Node) -> usize {
    node.start as usize
}
