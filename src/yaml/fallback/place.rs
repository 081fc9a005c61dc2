//! Finds by reading forward where the indicators, properties and block scalars stand.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::yaml::error::Fault;
use crate::yaml::refuse::bytes;
use crate::yaml::scalar::block::{self, Odd};
use crate::yaml::table::too_deep;
use crate::yaml::tree::Node;

/// A place in the text that moves forward over blanks, line ends, comments and what is expected next.
pub(super) struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Start of the line of the last column asked for, and that position: a long line is looked through once.
    line: usize,
    counted: usize,
}

pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) fn column(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, first: usize) -> Self {
        Self { bytes: text.as_bytes(), at: first, line: first, counted: first }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn set(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn starts_with(&self, byte: u8) -> bool {
        self.bytes.get(self.at) == Some(&byte)
    }

    /// Bytes from the start of the line to `at`, which never lies before the position asked for last.
    pub(super) fn column(&mut self, at: usize) -> usize {
        let from = self.counted.min(at);
        if let Some(newline) = memchr::memrchr(b'\n', &self.bytes[from..at]) {
            self.line = from + newline + 1;
        }
        self.counted = at;
        at - self.line.min(at)
    }

    /// Skips blanks, line ends and comments.
    pub(super) fn skip(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn is_indicator(&self, byte: u8) -> bool {
        self.starts_with(byte)
            && self.bytes.get(self.at + 1).is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Reads the dash of an item; where it stands.
    pub(super) fn dash(&mut self) -> Result<usize, Fault> {
        self.skip();
        if !self.is_indicator(b'-') {
            return Err(lost(self.at));
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// Reads what stands before a key of a block mapping; where the entry starts and the key's flags.
    pub(super) fn key(&mut self) -> Result<(usize, u8), Fault> {
        self.skip();
        let at = self.at;
        if self.is_indicator(b'?') {
            self.at += 1;
            return Ok((at, Node::EXPLICIT));
        }
        Ok((at, 0))
    }

    /// Reads the colon of an entry, which may be missing before an empty value. It must stand on the line on which
    /// `key` starts.
    pub(super) fn colon(&mut self, block: bool, empty: bool, key: Option<usize>) -> Result<(), Fault> {
        let before = self.at;
        self.skip();
        let found = if block { self.is_indicator(b':') } else { self.starts_with(b':') };
        if found {
            let lines = key.is_some_and(|key| memchr::memchr(b'\n', &self.bytes[key..self.at]).is_some());
            if lines {
                return Err(Fault::new(
                    self.at,
                    "a colon does not stand on the line on which its key starts",
                    "put the key and its colon on one line",
                ));
            }
            self.at += 1;
            return Ok(());
        }
        self.at = before;
        if empty { Ok(()) } else { Err(lost(before)) }
    }

    /// Refuses the colon just read when go-yaml takes it for a part of the plain key before it: `{a:}`, `{a:,b: 1}`.
    pub(super) fn check_glued_colon(&self) -> Result<(), Fault> {
        let colon = self.bytes[..self.at].last() == Some(&b':');
        match self.bytes.get(self.at) {
            Some(b',' | b'[' | b']' | b'{' | b'}') if colon => Err(Fault::new(
                self.at - 1,
                "a colon without a blank stands before a bracket, brace or comma",
                "write a blank after the colon: Kubernetes' readers take it for a part of the key",
            )),
            _ => Ok(()),
        }
    }

    /// Reads the comma before an entry of a flow collection and a `?` before its key.
    pub(super) fn flow_entry(&mut self, comma: bool, key: bool) -> Result<u8, Fault> {
        if comma {
            self.skip();
            if !self.starts_with(b',') {
                return Err(lost(self.at));
            }
            self.at += 1;
        }
        let before = self.at;
        self.skip();
        if self.is_indicator(b'?') {
            self.at += 1;
            return Ok(if key { Node::EXPLICIT } else { 0 });
        }
        self.at = before;
        Ok(0)
    }

    /// Reads the end of a flow collection.
    pub(super) fn closing(&mut self, bracket: u8) -> Result<(), Fault> {
        self.skip();
        if self.starts_with(b',') {
            self.at += 1;
            self.skip();
        }
        if !self.starts_with(bracket) {
            return Err(lost(self.at));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads an anchor and a tag, in either order.
    #[allow(clippy::type_complexity)]
    pub(super) fn properties(
        &mut self,
        anchor: bool,
        tag: bool,
    ) -> Result<(Option<Range<u32>>, Option<Range<u32>>), Fault> {
        let (mut found_anchor, mut found_tag) = (None, None);
        for _ in 0..usize::from(anchor) + usize::from(tag) {
            self.skip();
            let start = self.at;
            let place = match self.bytes.get(start) {
                Some(b'&') if anchor && found_anchor.is_none() => &mut found_anchor,
                Some(b'!') if tag && found_tag.is_none() => &mut found_tag,
                _ => return Err(lost(start)),
            };
            let verbatim = self.bytes[start..].starts_with(b"!<");
            let ends = |byte: &u8| match byte {
                b' ' | b'\t' | b'\n' | b'\r' => true,
                b',' | b'[' | b']' | b'{' | b'}' => !verbatim,
                _ => false,
            };
            let length = self.bytes[start..].iter().position(ends).unwrap_or(self.bytes.len() - start);
            self.at = start + length;
            *place = Some(offset(start)..offset(self.at));
            let name = &self.bytes[start + 1..self.at];
            if self.bytes[start] == b'&' {
                check_bytes(name, start)?;
            } else {
                check_tag(name, self.bytes.get(self.at), start)?;
            }
        }
        Ok((found_anchor, found_tag))
    }

    /// The end of the block scalar that starts here.
    pub(super) fn block_scalar(&self, parent: Option<usize>) -> Result<usize, Fault> {
        block::extent(self.bytes, self.at, parent)
            .map(|extent| extent.end)
            .map_err(|odd| odd_block(odd, self.at))
    }
}

/// Refuses names that go-yaml ends earlier than YAML 1.2 does.
pub(super) fn check_name(text: &str, range: Range<usize>) -> Result<(), Fault> {
    check_bytes(&text.as_bytes()[range.clone()], range.start - 1)
}

fn check_bytes(name: &[u8], at: usize) -> Result<(), Fault> {
    if !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        return Ok(());
    }
    Err(Fault::new(
        at,
        "the name of an anchor or alias holds other characters than letters, digits, - and _",
        "rename it: Kubernetes' readers end the name at the first other character",
    ))
}

/// Refuses tags with characters that not all readers take, or without a blank after them.
fn check_tag(tag: &[u8], next: Option<&u8>, at: usize) -> Result<(), Fault> {
    let ends = next.is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    if ends && tag.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!<>:,./_-".contains(byte)) {
        return Ok(());
    }
    Err(Fault::new(
        at,
        "a tag is written in a way that not all readers take",
        "remove the tag, or put a space after it",
    ))
}

/// Refuses plain text within brackets in which go-yaml sees the sign of a key or value.
pub(super) fn check_flow_plain(text: &str, at: usize) -> Result<(), Fault> {
    if !text.starts_with(':') && !text.contains('?') {
        return Ok(());
    }
    Err(Fault::new(
        at,
        "unquoted text within brackets starts with a colon or holds a question mark",
        "quote it: Kubernetes' readers take these for signs of YAML there",
    ))
}

fn odd_block(odd: Odd, start: usize) -> Fault {
    match odd {
        Odd::Header => Fault::new(
            start,
            "the line of a | or > holds something that does not belong there",
            "leave only the indicators and a comment on that line and put the text below it",
        ),
        Odd::Tab(at) => Fault::new(
            at,
            "a tab stands where the indentation of a block text should be",
            "indent with spaces",
        ),
        Odd::BlankLine(at) => Fault::new(
            at,
            "a blank line before a block text is indented deeper than the text",
            "remove the blanks on that line",
        ),
        Odd::FirstColumn(at) => Fault::new(
            at,
            "a block text that is the whole document starts in the first column",
            "indent the text: Kubernetes' readers take it for empty",
        ),
    }
}

pub(super) fn second_root(at: usize) -> Fault {
    Fault::new(
        at,
        "text after the end of the document's value",
        "put --- on a line of its own before it if it is a document, or mend the indentation if it is not",
    )
}

pub(in crate::yaml) fn unknown_anchor(at: usize) -> Fault {
    Fault::new(
        at,
        "an alias has no anchor before it in the same document",
        "write the value out, or add the anchor above",
    )
}

pub(super) fn contains_itself(at: usize) -> Fault {
    Fault::new(at, "an anchor contains an alias of itself", "write the value out")
}

/// Both ways of reading the text lead to different places.
pub(super) fn lost(at: usize) -> Fault {
    Fault::new(
        at,
        "the structure of the YAML is too unusual here to edit it safely",
        "write this part in the usual block form",
    )
}

pub(super) fn syntax(at: usize, kind: &ErrorKind) -> Fault {
    let help = match kind {
        ErrorKind::RecursionLimitExceeded => return too_deep(at),
        ErrorKind::UnknownAnchor => return unknown_anchor(at),
        ErrorKind::ExpectedDocumentStart => return second_root(at),
        ErrorKind::BomInsideDocument => return bytes::byte_order_mark(at),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => "indent with spaces",
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "close the quotes, and indent text that goes on over several lines deeper than its key"
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => "close the bracket or add the missing comma",
        ErrorKind::MappingValueNotAllowed | ErrorKind::ExpectedWhitespace => {
            "quote the text if the colon belongs to it"
        }
        ErrorKind::UnknownQuotedScalarEscape => "double the backslash if it is meant as one",
        ErrorKind::DirectiveDisallowed => "remove the directive: Kubernetes' readers fail on it",
        _ => "mend the YAML at this place; kubectl apply --dry-run=client shows what Kubernetes makes of it",
    };
    Fault::new(at, format!("invalid YAML: {kind}"), help)
}
