//! A stream of documents: cut as Kubernetes' readers cut it, parsed, and pointing into the input.

use std::ops::Range;

use super::cut::{self, Piece};
use super::document::{self, Parsers, Source};
use super::error::Fault;
use super::refuse::Oddity;
use super::refuse::bytes;
use super::skip;
use super::table::Table;
use super::{Tree, Value, YamlError};

/// The input, cut and parsed. Every byte of `text` belongs to a separator line or to the body of a document.
#[derive(Debug)]
pub struct Stream {
    /// The whole input.
    pub text: String,
    /// In the order of the stream; empty and comment-only ones included.
    pub documents: Vec<Document>,
}

/// One document of a stream.
#[derive(Debug)]
pub struct Document {
    /// Its separator line, line end included; empty for a first document without one. When content stands on that
    /// line (`--- {…}`), only the `---` and the blanks after it.
    pub separator: Range<usize>,
    /// Its text: from after the separator line to the next separator line or the end.
    pub body: Range<usize>,
    /// Line of the stream, from 1, on which `body` starts.
    pub line: usize,
    /// What the body holds.
    pub content: Content,
    /// What the reader should know although it is no error.
    pub warnings: Vec<Warning>,
}

/// What a document's body holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing but blanks and comments.
    Nothing,
    /// A parsed document. Offsets count from the start of the document's body.
    Parsed(Tree),
    /// A document of this kind that no one asked to parse (see [`ParseOptions::skip`]).
    Skipped(String),
}

/// Something odd that is still read the way Kubernetes reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is, lower case.
    pub message: String,
    /// Line in the stream, from 1.
    pub line: usize,
}

/// How to read a stream.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParseOptions<'a> {
    /// Values of the top-level `kind:` whose documents may stay unparsed when the kind is certain.
    pub skip: &'a [&'a str],
}

impl Stream {
    /// The text of a document's body.
    #[must_use]
    pub fn body(&self, document: &Document) -> &str {
        &self.text[document.body.clone()]
    }

    /// The root of a document; `None` when it has no content or was skipped.
    #[must_use]
    pub fn root<'a>(&'a self, document: &'a Document) -> Option<Value<'a>> {
        match &document.content {
            Content::Parsed(tree) => tree.root(self.body(document)),
            Content::Nothing | Content::Skipped(_) => None,
        }
    }
}

/// Cuts and parses a stream.
///
/// # Errors
/// Everything that one of Kubernetes' readers could read differently from us, or not at all.
pub fn parse(text: String, options: ParseOptions<'_>) -> Result<Stream, YamlError> {
    parse_or_return(text, options).map_err(|(error, _)| error)
}

/// Like [`parse`], handing the text of a refused stream back.
pub(super) fn parse_or_return(
    text: String,
    options: ParseOptions<'_>,
) -> Result<Stream, (YamlError, String)> {
    match read(&text, options, Parsers::Both) {
        Ok(documents) => Ok(Stream { text, documents }),
        Err(error) => Err((error, text)),
    }
}

/// Like [`parse`], by the second parser alone: for tests that compare the two.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_fallback_only(text: String, options: ParseOptions<'_>) -> Result<Stream, YamlError> {
    read(&text, options, Parsers::FallbackOnly).map(|documents| Stream { text, documents })
}

/// Parses the text of one document, such as an edited one. The tree is empty when the text has no content.
///
/// # Errors
/// As [`parse`]; a separator line is text after the document's value.
pub fn parse_document(text: &str) -> Result<Tree, YamlError> {
    let located = |fault: Fault| fault.within(text, 0, 1);
    check_size(text).map_err(located)?;
    let bytes = bytes::scan(text).map_err(located)?;
    let source = Source { body: text, bytes: &bytes, shares_line: false };
    let tree = document::read(&source, Parsers::Both, &mut Table::default(), &mut Vec::new());
    Ok(tree.map_err(located)?.unwrap_or_default())
}

fn read(text: &str, options: ParseOptions<'_>, parsers: Parsers) -> Result<Vec<Document>, YamlError> {
    check_size(text).map_err(|fault| fault.within(text, 0, 1))?;
    let mut reader = Reader { text, options, parsers, table: Table::default() };
    let mut documents = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for piece in cut::cut(text) {
        let piece = piece.map_err(|(document, fault)| fault.within(text, 0, document))?;
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..piece.body.start]).count();
        counted = piece.body.start;
        documents.push(reader.document(piece, line, documents.len() + 1)?);
    }
    Ok(documents)
}

/// Positions in a document have 32 bits.
fn check_size(text: &str) -> Result<(), Fault> {
    if u32::try_from(text.len()).is_ok() {
        return Ok(());
    }
    Err(Fault::new(0, "the input is larger than 4 GiB", "split it into several streams"))
}

struct Reader<'a> {
    text: &'a str,
    options: ParseOptions<'a>,
    parsers: Parsers,
    table: Table,
}

impl Reader<'_> {
    fn document(&mut self, piece: Piece, line: usize, number: usize) -> Result<Document, YamlError> {
        let (text, base) = (self.text, piece.body.start);
        let located = |fault: Fault| fault.within(text, base, number);
        let separator = &text[piece.separator.clone()];
        bytes::scan(separator).map_err(|fault| fault.within(text, piece.separator.start, number))?;
        let body = &text[piece.body.clone()];
        let bytes = bytes::scan(body).map_err(located)?;
        let source = Source { body, bytes: &bytes, shares_line: piece.shares_line };
        let mut oddities = Vec::new();
        let content = match skip::kind(&source, self.options.skip) {
            Some(kind) => Content::Skipped(kind.to_owned()),
            None => document::read(&source, self.parsers, &mut self.table, &mut oddities)
                .map_err(located)?
                .map_or(Content::Nothing, Content::Parsed),
        };
        let warnings = warnings(body, line, oddities);
        Ok(Document { separator: piece.separator, body: piece.body, line, content, warnings })
    }
}

/// The oddities of a document that starts on `line`, with their lines in the stream.
fn warnings(body: &str, line: usize, mut oddities: Vec<Oddity>) -> Vec<Warning> {
    oddities.sort_by_key(|oddity| oddity.offset);
    let (mut line, mut counted) = (line, 0);
    let mut located = |oddity: Oddity| {
        line += memchr::memchr_iter(b'\n', &body.as_bytes()[counted..oddity.offset]).count();
        counted = oddity.offset;
        Warning { message: oddity.message, line }
    };
    oddities.into_iter().map(&mut located).collect()
}
