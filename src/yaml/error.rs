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
