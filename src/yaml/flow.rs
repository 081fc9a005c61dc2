//! Changes inside `{…}` and `[…]`: what is added is written as its neighbours are, so that a JSON document stays one.

use std::ops::Range;

use super::splice::Splice;
use super::write::{self, Words};
use super::{Data, Value};

/// Takes entries or items out, each with one comma. `spans` are those of all entries in order.
pub(super) fn remove(collection: Value<'_>, spans: &[Range<usize>], removed: &[bool]) -> Vec<Splice> {
    let node = collection.node();
    let mut splices = Vec::new();
    let mut index = 0;
    while index < spans.len() {
        let run = removed[index..].iter().take_while(|removed| **removed).count();
        if run > 0 {
            let (before, after) = (index.checked_sub(1), index + run);
            let range = match (spans.get(after), before) {
                (Some(next), _) => spans[index].start..next.start,
                (None, Some(before)) => spans[before].end..spans[after - 1].end,
                (None, None) => node.start as usize + 1..node.end as usize - 1,
            };
            splices.push(Splice { offset: range.start, removed: range.len(), inserted: String::new() });
        }
        index += run.max(1);
    }
    splices
}

/// Adds entries behind the last one of a map on one line; else right after the opening brace, on lines of their own
/// where the first entry has one: behind the last one a comment may stand.
pub(super) fn add_entries(
    map: Value<'_>,
    spans: &[Range<usize>],
    removed: &[bool],
    added: &[(&str, Data)],
) -> Option<Splice> {
    let open = map.node().start as usize + 1;
    let words = Words::like(map.own_entries().map(|(key, _)| key).find(|key| !key.is_merge_key()));
    let entries: Vec<String> = added
        .iter()
        .map(|(key, value)| {
            let mut entry = String::new();
            words.push(key, &mut entry);
            entry.push_str(": ");
            write::flow(value, words, &mut entry);
            entry
        })
        .collect();
    if entries.is_empty() {
        return None;
    }
    let last = removed.iter().rposition(|removed| !removed).and_then(|last| spans.get(last));
    // A comma right behind a colon would be part of the key.
    let closed = |span: &&Range<usize>| !map.document_text()[..span.end].ends_with(':');
    if let Some(last) = last.filter(closed).filter(|_| !map.raw().contains('\n')) {
        let inserted = entries.iter().flat_map(|entry| [", ", entry]).collect();
        return Some(Splice { offset: last.end, removed: 0, inserted });
    }
    let survives = last.is_some();
    let first = spans.first().filter(|_| survives).map_or(open, |span| span.start);
    let between = &map.document_text()[open..first];
    let (offset, inserted) = if !survives {
        (open, entries.join(", "))
    } else if between.trim_matches([' ', '\t']).is_empty() {
        (first, entries.iter().flat_map(|entry| [entry, ", "]).collect())
    } else if let Some(line) = own_line(between) {
        (open, entries.iter().flat_map(|entry| [line, entry, ","]).collect())
    } else {
        (open, entries.join(", ") + ",")
    };
    Some(Splice { offset, removed: 0, inserted })
}

/// Adds items after the last one, on lines of their own where that has one.
pub(super) fn add_items(
    seq: Value<'_>,
    spans: &[Range<usize>],
    removed: &[bool],
    added: &[&Data],
) -> Option<Splice> {
    let open = seq.node().start as usize + 1;
    let words = Words::like(seq.items().next());
    let items: Vec<String> = added
        .iter()
        .map(|item| {
            let mut text = String::new();
            write::flow(item, words, &mut text);
            text
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    let last = removed.iter().rposition(|removed| !removed);
    let (offset, inserted) = match last.and_then(|last| spans.get(last)) {
        None => (open, items.join(", ")),
        Some(span) => {
            let separator = own_line(&seq.document_text()[open..span.start]).unwrap_or(" ");
            (span.end, items.iter().flat_map(|item| [",", separator, item.as_str()]).collect())
        }
    };
    Some(Splice { offset, removed: 0, inserted })
}

/// The line end and indentation that `before` ends with, when nothing else stands on the line.
fn own_line(before: &str) -> Option<&str> {
    let content = before.trim_end_matches([' ', '\t']);
    let line = content.strip_suffix('\n')?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    Some(&before[line.len()..])
}
