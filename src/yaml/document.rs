//! One document: parsed by whichever parser can, then checked.

use super::block;
use super::cut;
use super::error::Fault;
use super::fallback;
use super::refuse::{self, Oddity, bytes::Bytes};
use super::table::Table;
use super::tree::{Kind, Tree};

/// Which parsers may read a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parsers {
    /// The block parser, and the fallback where it gives up.
    Both,
    /// The fallback alone.
    FallbackOnly,
}

/// A document's text and what is known about it before parsing.
pub(super) struct Source<'a> {
    pub(super) body: &'a str,
    pub(super) bytes: &'a Bytes,
    /// Whether the body starts on a separator's line.
    pub(super) shares_line: bool,
}

/// Parses and checks a document's body; `None` when it has no content.
pub(super) fn read(
    source: &Source<'_>,
    parsers: Parsers,
    table: &mut Table,
    oddities: &mut Vec<Oddity>,
) -> Result<Option<Tree>, Fault> {
    let end = cut::content_end(source.body)?;
    let content = &source.body[..end];
    if cut::is_nothing(content) {
        let nothing = Tree::default();
        refuse::bytes::check_places(source.body, &nothing, &source.bytes.special)?;
        refuse::tabs::check(content, &nothing)?;
        return Ok(None);
    }
    table.clear();
    let by_block = parsers == Parsers::Both
        && *source.bytes == Bytes::default()
        && !source.shares_line
        && block::parse(content, table);
    if !by_block {
        table.clear();
        fallback::parse(content, table)?;
    }
    let mut tree = table.to_tree();
    // Of the whole body: a comment behind `...` may hold special characters too.
    refuse::bytes::check_places(source.body, &tree, &source.bytes.special)?;
    if !by_block {
        refuse::tabs::check(content, &tree)?;
    }
    // With holes where aliases will be copied in, the data is judged once they are.
    if table.foreign.as_ref().is_none_or(Vec::is_empty) {
        refuse::check(content, &mut tree, oddities)?;
    }
    if source.shares_line {
        check_separator_line(content, &tree, oddities)?;
    }
    Ok(Some(tree))
}

/// A block collection cannot start on the separator's line; anything else may, though kubectl refuses it.
fn check_separator_line(content: &str, tree: &Tree, oddities: &mut Vec<Oddity>) -> Result<(), Fault> {
    let Some(root) = tree.nodes.first() else { return Ok(()) };
    let first_line = memchr::memchr(b'\n', content.as_bytes()).unwrap_or(content.len());
    if matches!(root.kind, Kind::Map | Kind::Seq) && (root.start as usize) < first_line {
        return Err(Fault::new(
            root.start as usize,
            "a block map or list starts on the line of the --- separator",
            "put --- alone on its line",
        ));
    }
    oddities.push(Oddity {
        offset: 0,
        message: "content stands on the line of the --- separator; kubectl refuses this stream".to_owned(),
    });
    Ok(())
}
