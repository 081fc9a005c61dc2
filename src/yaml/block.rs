//! The first parser: the block subset that renderers write, at memory speed.

use super::table::Table;

/// Parses one document's content into an empty table; gives up with `false` on anything unusual.
pub(super) fn parse(text: &str, table: &mut Table) -> bool {
    let _ = (text, table);
    false
}
