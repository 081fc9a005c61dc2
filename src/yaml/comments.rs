//! Where the comments of a document stand, and the document without some of them.

use std::ops::Range;

use super::edit::{EditError, Edited};
use super::{Kind, Route, Value, layout, splice, stream};

/// Every comment of a document in bytes of its text, from the `#` to the end of the line.
#[must_use]
pub fn comments(root: Value<'_>) -> Vec<Range<usize>> {
    let text = root.document_text();
    let mut found = Vec::new();
    let mut from = 0;
    for node in &root.tree().nodes {
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind {
            Kind::Map | Kind::Seq | Kind::FlowMap | Kind::FlowSeq => {}
            Kind::Literal | Kind::Folded => {
                between(text, from..layout::line_end(text, start), &mut found);
                from = end.max(from);
            }
            _ => {
                between(text, from..start, &mut found);
                from = end.max(from);
            }
        }
    }
    between(text, from..text.len(), &mut found);
    found
}

/// Comments in a piece of text that holds no scalars.
fn between(text: &str, piece: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut at = piece.start;
    while let Some(mark) = text.get(at..piece.end).and_then(|rest| memchr::memchr(b'#', rest.as_bytes())) {
        let start = at + mark;
        let before = text[..start].chars().next_back();
        if before.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{feff}')) {
            let end = layout::line_end(text, start);
            found.push(start..end);
            at = end.max(start + 1);
        } else {
            at = start + 1;
        }
    }
}

/// The bytes around the value at a route in which comments are taken for its own: from the scalar before it to the node
/// behind it. The root's are all.
#[must_use]
pub fn around(root: Value<'_>, route: &Route) -> Range<usize> {
    let text = root.document_text();
    let Some(value) = root.at(route).filter(|_| !route.steps().is_empty()) else { return 0..text.len() };
    let nodes = &root.tree().nodes;
    let is_leaf = |kind: Kind| !matches!(kind, Kind::Map | Kind::Seq | Kind::FlowMap | Kind::FlowSeq);
    let before = nodes[..value.index() as usize].iter().filter(|node| is_leaf(node.kind));
    let start = before.map(|node| node.end as usize).max().unwrap_or_default();
    let end = nodes.get(value.node().next as usize).map_or(text.len(), |node| node.start as usize);
    start..end.max(start)
}

/// The document without the comments within `range`, but for those that `keep` says yes to, and how many went. `None`
/// when there are none to go.
///
/// # Errors
/// [`EditError::NotAsPlanned`] when the document would read differently.
pub fn strip(
    root: Value<'_>,
    range: &Range<usize>,
    keep: &dyn Fn(&str) -> bool,
) -> Result<Option<(Edited, usize)>, EditError> {
    let text = root.document_text();
    let within = |comment: &Range<usize>| comment.start >= range.start && comment.end <= range.end;
    let mut splices: Vec<splice::Splice> = comments(root)
        .into_iter()
        .filter(|comment| within(comment) && !keep(&text[comment.clone()]))
        .map(|comment| cut(text, comment))
        .collect();
    let count = splices.len();
    if count == 0 {
        return Ok(None);
    }
    let failed = || EditError::NotAsPlanned(Route::root());
    let spliced = splice::apply(text, &mut splices).ok_or_else(failed)?;
    let tree = stream::parse_document(&spliced.text).map_err(|_| failed())?;
    let new = tree.root(&spliced.text).ok_or_else(failed)?;
    if new.to_data() != root.to_data() || spliced.text.len() > text.len() {
        return Err(failed());
    }
    let (lines_added, lines_rewritten) = (spliced.lines_added, spliced.lines_rewritten);
    Ok(Some((Edited { text: spliced.text, tree, notes: Vec::new(), lines_added, lines_rewritten }, count)))
}

/// A comment with the blanks before it; with its whole line where nothing else stands on that.
fn cut(text: &str, comment: Range<usize>) -> splice::Splice {
    let line = layout::line_start(text, comment.start);
    let head = text[line..comment.start].trim_start_matches('\u{feff}');
    let mark = comment.start - line - head.len();
    let (start, end) = if head.trim_matches([' ', '\t']).is_empty() {
        (line + mark, layout::next_line(text, comment.end).unwrap_or(comment.end))
    } else {
        (line + mark + head.trim_end_matches([' ', '\t']).len(), comment.end)
    };
    splice::Splice { offset: start, removed: end - start, inserted: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str, route: &Route, keep: &dyn Fn(&str) -> bool) -> Option<(String, usize)> {
        let tree = stream::parse_document(text).unwrap();
        let root = tree.root(text).unwrap();
        strip(root, &around(root, route), keep).unwrap().map(|(edited, count)| (edited.text, count))
    }

    #[test]
    fn comments_go_and_nothing_else() {
        let text = "# Source: a\n# pw: x\na: 1 # one\nb: |  # head\n  # no comment\n  text\nc: 'a # b' # two\nd: a#b\n\
                    e: [1, # three\n  2]\nf: plain\n  more # four\n  # five\n# six\n";
        let (rest, count) = stripped(text, &Route::root(), &|it| it.starts_with("# Source: ")).unwrap();
        assert_eq!(
            rest,
            "# Source: a\na: 1\nb: |\n  # no comment\n  text\nc: 'a # b'\nd: a#b\ne: [1,\n  2]\nf: plain\n  more\n"
        );
        assert_eq!(count, 8);
        assert_eq!(stripped("a: b\n", &Route::root(), &|_| false), None);
    }

    #[test]
    fn an_items_comments_are_those_around_it() {
        let text = "items: # list\n# first\n- a: 1 # in\n# second\n- a: 2 # mine\n# third\n- a: 3 # other\n";
        let route = Route::root().key("items").index(1);
        let (rest, count) = stripped(text, &route, &|_| false).unwrap();
        assert_eq!(rest, "items: # list\n# first\n- a: 1\n- a: 2\n- a: 3 # other\n");
        assert_eq!(count, 4);
    }
}
