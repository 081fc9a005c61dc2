//! A document as a table of nodes that point into its text.

use std::ops::Range;

use super::value::Value;

/// What a node is, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An unquoted scalar.
    Plain,
    /// A scalar in single quotes; the span includes them.
    Single,
    /// A scalar in double quotes; the span includes them.
    Double,
    /// A `|` block scalar; the span runs from the `|` to the end of its content.
    Literal,
    /// A `>` block scalar; the span runs from the `>` to the end of its content.
    Folded,
    /// Nothing written where a value belongs; an empty span right after the colon or dash (or after the anchor or tag).
    Empty,
    /// `*name`; the span includes the asterisk.
    Alias,
    /// A block mapping; children alternate key and value.
    Map,
    /// A block sequence; the span starts at the first dash.
    Seq,
    /// `{…}`; children alternate key and value; the span includes the braces. Within `[a: b]` a map of one entry has
    /// none.
    FlowMap,
    /// `[…]`; the span includes the brackets.
    FlowSeq,
}

/// One node. Offsets count bytes from the start of the document's text.
///
/// A table is in preorder: a node is followed by its children. `end` of a block collection is the end of its last
/// leaf, never the next token; it excludes trailing comments, blanks and line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// First byte, after the node's own anchor and tag. Of a block map: its first key, or the anchor, tag or `?` before
    /// that; of a block sequence: its first dash.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Index in the table of the first node after this one's subtree.
    pub next: u32,
    /// Bytes from the start of the line to `start`; of a block map the column of its keys, of a block sequence that
    /// of its dashes. 65,535 stands for all columns beyond.
    pub column: u16,
    /// What it is.
    pub kind: Kind,
    /// Bits of the constants below.
    pub flags: u8,
}

impl Node {
    /// The node carries an anchor: see [`Tree::properties`].
    pub const ANCHOR: u8 = 1;
    /// The node carries a tag: see [`Tree::properties`].
    pub const TAG: u8 = 2;
    /// A mapping that holds a merge key (`<<`).
    pub const MERGE: u8 = 4;
    /// A key written in the explicit form `? key`.
    pub const EXPLICIT: u8 = 8;
    /// A scalar that surely reads as the very text it is written with.
    pub const WORD: u8 = 16;
    /// A mapping in which surely no key comes twice.
    pub const UNIQUE: u8 = 32;
    /// A plain scalar over several lines.
    pub const LINES: u8 = 64;
    /// The flags that say that something is written in an unusual way.
    pub const ODD: u8 = Self::ANCHOR | Self::TAG | Self::MERGE | Self::EXPLICIT;
}

/// Anchor, tag or alias target of one node. Only documents the fallback parser read have any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Property {
    /// Index of the node.
    pub node: u32,
    /// Where `&name` stands in the document's text.
    pub anchor: Option<Range<u32>>,
    /// Where the tag stands in the document's text.
    pub tag: Option<Range<u32>>,
    /// For an alias: index of the node it stands for.
    pub target: Option<u32>,
}

/// The nodes of one document; node 0 is the root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// In preorder. Never empty for a document with content.
    pub nodes: Vec<Node>,
    /// Sorted by node.
    pub properties: Vec<Property>,
}

impl Tree {
    /// The root over the text that was parsed. `None` when the document has no content.
    #[must_use]
    pub fn root<'a>(&'a self, text: &'a str) -> Option<Value<'a>> {
        (!self.nodes.is_empty()).then_some(Value::new(text, self, 0))
    }

    /// Anchor, tag and alias target of a node, if it has any.
    #[must_use]
    pub fn property(&self, node: u32) -> Option<&Property> {
        let at = self.properties.binary_search_by_key(&node, |property| property.node).ok()?;
        self.properties.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_takes_16_bytes() {
        assert_eq!(size_of::<Node>(), 16);
    }
}
