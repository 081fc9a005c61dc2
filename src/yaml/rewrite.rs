//! A document that is written anew as a whole.

use super::data::same;
use super::edit::{EditError, Edited};
use super::{Data, Kind, Route, Value, comments, layout, stream, write};

/// Writes `data` in the place of a whole document: in block style, or as JSON where the document was JSON. The comments
/// that `keep` says yes to stand above it; the others go. `after_separator` says that the document began on the line of
/// its separator, where block style cannot.
///
/// # Errors
/// [`EditError::NotAsPlanned`] when the text would not read as `data`.
pub fn rewrite(
    root: Value<'_>,
    data: &Data,
    keep: &dyn Fn(&str) -> bool,
    after_separator: bool,
) -> Result<Edited, EditError> {
    let old = root.document_text();
    let newline = layout::newline_before(old, old.len());
    let mut text = String::new();
    if old.starts_with('\u{feff}') {
        text.push('\u{feff}');
    }
    let all = comments::comments(root);
    let kept: Vec<&str> = all.iter().map(|range| &old[range.clone()]).filter(|it| keep(it)).collect();
    let is_flow = matches!(root.node().kind, Kind::FlowMap | Kind::FlowSeq);
    if after_separator && !(is_flow && kept.is_empty()) {
        text.push_str(newline);
    }
    for comment in &kept {
        text.push_str(comment);
        text.push_str(newline);
    }
    if is_flow {
        write::json(data, &mut text);
        text.push_str(newline);
    } else {
        text.push_str(&write::document(data, newline));
    }
    let failed = || EditError::NotAsPlanned(Route::root());
    let tree = stream::parse_document(&text).map_err(|_| failed())?;
    if !same(&tree.root(&text).ok_or_else(failed)?.to_data(), data) {
        return Err(failed());
    }
    let dropped = all.len() - kept.len();
    let notes = if dropped == 0 { Vec::new() } else { vec![format!("line 1: {dropped} comments dropped")] };
    let (before, after) = (old.lines().count(), text.lines().count());
    Ok(Edited { text, tree, notes, lines_added: after.saturating_sub(before), lines_rewritten: before })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rewritten(text: &str, data: &Data, after: bool) -> String {
        let tree = stream::parse_document(text).unwrap();
        rewrite(tree.root(text).unwrap(), data, &|it| it.starts_with("# Source: "), after).unwrap().text
    }

    #[test]
    fn the_form_of_the_document_stays() {
        let data = json!({"kind": "X", "a": "yes", "b": {"c": "l1\nl2\n"}});
        assert_eq!(
            rewritten("# Source: a\n# secret\nkind: Y # z\n", &data, false),
            "# Source: a\nkind: X\na: \"yes\"\nb:\n  c: |\n    l1\n    l2\n"
        );
        assert!(rewritten("kind: Y\r\n", &data, false).starts_with("kind: X\r\n"));
        assert_eq!(
            rewritten("{\"kind\": \"Y\"}\n", &data, true),
            "{\"kind\": \"X\", \"a\": \"yes\", \"b\": {\"c\": \"l1\\nl2\\n\"}}\n"
        );
        assert!(rewritten("kind: Y", &data, false).ends_with("l2\n"));
    }
}
