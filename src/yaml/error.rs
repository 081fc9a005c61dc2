//! What is wrong with a stream, where, and what to do about it.

/// Why a stream was refused. Never holds text of the document itself beyond the position: a caller that wants to
/// show the line decides whether it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// What to do next, one sentence without a full stop.
    pub help: String,
    /// Byte position in the stream.
    pub offset: usize,
    /// Number of the document in the stream, from 1, counting every document the separators cut, also empty ones.
    pub document: usize,
    /// Line in the stream, from 1.
    pub line: usize,
    /// Byte column in the line, from 1.
    pub column: usize,
}

/// A refusal that knows only the text it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte position in that text.
    pub(super) offset: usize,
    pub(super) message: String,
    pub(super) help: String,
}

impl Fault {
    pub(super) fn new(offset: usize, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { offset, message: message.into(), help: help.into() }
    }

    /// The refusal as seen from the stream, in which the text starts at `base`.
    pub(super) fn within(self, stream: &str, base: usize, document: usize) -> YamlError {
        let offset = (base + self.offset).min(stream.len());
        let before = &stream.as_bytes()[..offset];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        YamlError {
            message: self.message,
            help: self.help,
            offset,
            document,
            line: line_of(before),
            column: offset - line_start + 1,
        }
    }
}

/// The line, from 1, on which the text after `before` starts.
pub(super) fn line_of(before: &[u8]) -> usize {
    1 + memchr::memchr_iter(b'\n', before).count()
}
