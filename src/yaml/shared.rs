//! Aliases whose anchor stands in an earlier document, as they come about when a program splits a list into documents.
//!
//! No reader of YAML accepts them. Where it is certain what they stand for, they are replaced by a copy.

use std::collections::HashMap;
use std::ops::Range;

use super::cut::{self, Piece};
use super::document::{self, Source};
use super::error::{Fault, YamlError, line_of};
use super::refuse::bytes;
use super::stream::{self, ParseOptions, Stream, Warning};
use super::table::Table;
use super::tree::Tree;
use super::{Route, Value};

/// Bytes that copies may add for each byte of the stream, and in any case.
const SHARE: usize = 4;
const ALWAYS: usize = 1 << 20;

/// A stream after the aliases into earlier documents were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshared {
    /// The stream, equal to the input but for those aliases.
    pub text: String,
    /// One for each alias that was replaced, with its line in the input.
    pub notes: Vec<Warning>,
}

/// An anchor of a document that was read.
struct Definition {
    line: usize,
    /// The anchored value in flow form.
    copy: String,
    /// Whether another document of the origin defines it too.
    twice: bool,
}

/// By what the document holds at the caller's route, and by name.
type Known = HashMap<(String, String), Definition>;

/// Cuts and parses a stream like [`stream::parse`]; when that fails and [`unshare`] can replace something, what it
/// returns is parsed instead, and its notes are among the warnings.
///
/// # Errors
/// As [`stream::parse`], with the text that was refused.
pub fn parse(text: String, options: ParseOptions<'_>, origin: &Route) -> Result<Stream, (YamlError, String)> {
    let (error, text) = match stream::parse_or_return(text, options) {
        Ok(stream) => return Ok(stream),
        Err(refused) => refused,
    };
    // Anything else is refused without a second look, which would cost as much again.
    if text.as_bytes().get(error.offset) != Some(&b'*') {
        return Err((error, text));
    }
    let unshared = match unshare(&text, origin) {
        Ok(unshared) if !unshared.notes.is_empty() => unshared,
        Ok(_) | Err(_) => return Err((error, text)),
    };
    let mut stream = stream::parse_or_return(unshared.text, options)?;
    for note in unshared.notes {
        if let Some(document) = stream.documents.iter_mut().rev().find(|it| it.line <= note.line) {
            document.warnings.push(note);
        }
    }
    Ok(stream)
}

/// Replaces aliases whose anchor stands in an earlier document by a copy of its value. That is done only where both
/// documents hold the same text at `origin`, so that they were one once, and exactly one earlier document of that
/// origin defines the anchor. Without such aliases the text comes back as it is.
///
/// # Errors
/// An alias that cannot be replaced, or any other reason to refuse one of the documents.
pub fn unshare(text: &str, origin: &Route) -> Result<Unshared, YamlError> {
    let mut known = Known::new();
    let mut out = Unshared { text: String::with_capacity(text.len()), notes: Vec::new() };
    let (mut line, mut counted) = (1, 0);
    for (index, piece) in cut::cut(text).enumerate() {
        let piece = piece.map_err(|(document, fault)| fault.within(text, 0, document))?;
        out.text.push_str(&text[piece.separator.clone()]);
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..piece.body.start]).count();
        counted = piece.body.start;
        let located = |fault: Fault| fault.within(text, piece.body.start, index + 1);
        let body = document_body(text, &piece, line, origin, &mut known, &mut out.notes).map_err(located)?;
        out.text.push_str(&body);
        if out.text.len() > text.len().saturating_mul(SHARE).saturating_add(ALWAYS) {
            return Err(located(Fault::new(
                0,
                "aliases of anchors in earlier documents make the stream many times larger",
                "write the values out in the chart",
            )));
        }
    }
    Ok(out)
}

/// A document's body with its foreign aliases replaced; notes what it defines.
fn document_body(
    text: &str,
    piece: &Piece,
    line: usize,
    origin: &Route,
    known: &mut Known,
    notes: &mut Vec<Warning>,
) -> Result<String, Fault> {
    let body = &text[piece.body.clone()];
    if memchr::memchr2(b'*', b'&', body.as_bytes()).is_none() {
        return Ok(body.to_owned());
    }
    let mut foreign = Vec::new();
    let tree = read(body, piece.shares_line, Some(&mut foreign))?;
    let Some(root) = tree.root(body) else { return Ok(body.to_owned()) };
    let from = root.at(origin).and_then(Value::as_str).unwrap_or_default().into_owned();
    let mut copied = String::with_capacity(body.len());
    let mut at = 0;
    for alias in &foreign {
        let name = body[alias.start + 1..alias.end].to_owned();
        let definition = known
            .get(&(from.clone(), name))
            .filter(|it| !it.twice)
            .ok_or_else(|| super::fallback::unknown_anchor(alias.start))?;
        copied.push_str(&body[at..alias.start]);
        copied.push_str(&definition.copy);
        at = alias.end;
        notes.push(Warning {
            message: format!(
                "an alias of an anchor on line {}, in an earlier document, was replaced by a copy",
                definition.line
            ),
            line: line + line_of(&body.as_bytes()[..alias.start]) - 1,
        });
    }
    copied.push_str(&body[at..]);
    let tree = if foreign.is_empty() { tree } else { read(&copied, piece.shares_line, None)? };
    define(&copied, &tree, line, &from, known);
    Ok(copied)
}

fn read(body: &str, shares_line: bool, foreign: Option<&mut Vec<Range<usize>>>) -> Result<Tree, Fault> {
    let bytes = bytes::scan(body)?;
    let source = Source { body, bytes: &bytes, shares_line };
    let collects = foreign.is_some();
    let mut table = Table { foreign: collects.then(Vec::new), ..Table::default() };
    let parsers = if collects { document::Parsers::FallbackOnly } else { document::Parsers::Both };
    let tree = document::read(&source, parsers, &mut table, &mut Vec::new())?;
    if let (Some(foreign), Some(found)) = (foreign, table.foreign) {
        *foreign = found;
    }
    Ok(tree.unwrap_or_default())
}

/// Notes the anchors of a document that has an origin.
fn define(body: &str, tree: &Tree, line: usize, origin: &str, known: &mut Known) {
    if origin.is_empty() {
        return;
    }
    for property in &tree.properties {
        let Some(anchor) = property.anchor.clone() else { continue };
        let (start, end) = (anchor.start as usize, anchor.end as usize);
        let place = (origin.to_owned(), body[start + 1..end].to_owned());
        let definition = Definition {
            line: line + line_of(&body.as_bytes()[..start]) - 1,
            copy: Value::new(body, tree, property.node).to_data().to_string(),
            twice: known.contains_key(&place),
        };
        known.insert(place, definition);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "kind: A\nfile: a.yaml\nlimits: &limits\n  cpu: 1\n  text: \"1\"\n---\nkind: B\nfile: a.yaml\n\
                        limits: *limits # c\nmore: [*limits]\n";

    fn origin() -> Route {
        Route::root().key("file")
    }

    #[test]
    fn copies_what_an_earlier_document_defines() {
        assert!(stream::parse(LIST.to_owned(), ParseOptions::default()).is_err());
        let unshared = unshare(LIST, &origin()).unwrap();
        let second = "---\nkind: B\nfile: a.yaml\nlimits: {\"cpu\":1,\"text\":\"1\"} # c\n\
                      more: [{\"cpu\":1,\"text\":\"1\"}]\n";
        assert!(unshared.text.ends_with(second), "{}", unshared.text);
        assert_eq!(unshared.notes.iter().map(|note| note.line).collect::<Vec<_>>(), [9, 10]);
        let stream = parse(LIST.to_owned(), ParseOptions::default(), &origin()).unwrap();
        assert_eq!(stream.text, unshared.text);
        assert_eq!(stream.documents[1].warnings, unshared.notes);
    }

    #[test]
    fn copies_copies() {
        let text = format!("{LIST}own: &own {{a: *limits}}\n---\nfile: a.yaml\nx: *own\n");
        assert!(unshare(&text, &origin()).unwrap().text.ends_with("x: {\"a\":{\"cpu\":1,\"text\":\"1\"}}\n"));
    }

    #[test]
    fn copies_into_merges() {
        let text = LIST.replace("more: [*limits]", "more: {<<: *limits, cpu: 2}");
        let stream = parse(text, ParseOptions::default(), &origin()).unwrap();
        let root = stream.root(&stream.documents[1]).unwrap();
        assert_eq!(root.path("more.cpu").unwrap().as_i64(), Some(2));
        assert_eq!(root.path("more.text").unwrap().as_str().as_deref(), Some("1"));
    }

    #[test]
    fn refuses_what_is_not_certain() {
        for (from, to) in [
            ("file: a.yaml\nlimits: *limits", "file: b.yaml\nlimits: *limits"),
            ("file: a.yaml\n", ""),
            ("*limits # c", "*limit # c"),
            ("---\n", "---\nfile: a.yaml\nx: &limits 2\n---\n"),
        ] {
            let text = LIST.replace(from, to);
            let error = unshare(&text, &origin()).unwrap_err();
            assert!(error.message.contains("no anchor before it"), "{text}: {error:?}");
            assert!(text[error.offset..].starts_with('*'));
        }
    }

    #[test]
    fn leaves_other_streams_alone() {
        for text in ["", "a: &x 1\nb: *x\n---\nc: 'a * b'\n", "--- {a: '*'}\n"] {
            assert_eq!(
                unshare(text, &origin()).unwrap(),
                Unshared { text: text.to_owned(), notes: Vec::new() }
            );
        }
    }
}
