//! Comments of the manifest itself, by the names that stand in them. Only what somebody made up to be a secret counts:
//! comments also show how a thing is written.

use std::ops::Range;

use super::finder::{Site, Walk};
use super::suspect::Holder;
use super::{Hit, Style, fields, name, text};

/// Looks at the comments in a range of the document.
pub(super) fn walk(walk: &mut Walk<'_, '_>, range: Range<usize>) {
    let document = walk.object.value.document_text();
    let bytes = document.as_bytes();
    for at in memchr::memchr_iter(b'#', &bytes[range.clone()]) {
        let at = range.start + at;
        if at > 0 && !bytes[at - 1].is_ascii_whitespace() {
            continue;
        }
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let comment = &document[at..end];
        if memchr::memchr2(b':', b'=', comment.as_bytes()).is_none() || !name::has_stem(comment) {
            continue;
        }
        let hits = text::find(comment, Style::Plain, 0);
        if hits.is_empty() || fields::locate(walk.object.value, &walk.object.route, at).is_some() {
            continue;
        }
        let line = walk.line_at(at);
        let route = walk.object.route.clone();
        let value = walk.object.value;
        for hit in hits {
            let hit = Hit { span: hit.span.start + at..hit.span.end + at, ..hit };
            let site = Site {
                holder: Holder::Comment,
                container: None,
                name: "a comment",
                route: route.clone(),
                value,
            };
            walk.add(&site, document, hit);
            if let Some(last) = walk.found.last_mut() {
                last.line = line;
            }
        }
    }
}
