//! The table that both parsers fill: one for all documents of a stream, copied out at its exact size.

use std::ops::Range;

use super::error::Fault;
use super::tree::{Node, Property, Tree};

/// Collections within collections that are still read.
pub(super) const MAX_DEPTH: usize = 255;

/// Nodes and properties of the document being parsed.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) nodes: Vec<Node>,
    pub(super) properties: Vec<Property>,
    /// Where aliases without an anchor stand, for a caller who can do something about them; else they are refused.
    pub(super) foreign: Option<Vec<Range<usize>>>,
}

impl Table {
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.properties.clear();
        if let Some(foreign) = &mut self.foreign {
            foreign.clear();
        }
    }

    pub(super) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// The table as the tree of a document, without spare room.
    pub(super) fn to_tree(&self) -> Tree {
        Tree { nodes: self.nodes.clone(), properties: self.properties.clone() }
    }
}

pub(super) fn too_deep(at: usize) -> Fault {
    Fault::new(
        at,
        format!("collections are nested more than {MAX_DEPTH} deep"),
        "flatten the document: no Kubernetes object needs that",
    )
}
