//! Scalars as Kubernetes reads them: go-yaml v2's table, then JSON.

pub(in crate::yaml) mod block;
mod parent;
pub(in crate::yaml) mod plain;
mod print;
pub(in crate::yaml) mod quoted;
mod tag;
pub mod third;
mod timestamp;

use std::borrow::Cow;

use super::Data;
use super::tree::Kind;
use plain::Unreadable;

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
    /// A finite number written with a point or an exponent, or beyond 64 bits. JSON prints `1.0` as `1`: see
    /// [`Scalar::as_i64`].
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
            Scalar::Float(value) => Cow::Owned(print::float_key(value)),
        }
    }

    /// The integer that consumers of the JSON see: `1.0` and `1e3` are integers there.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Scalar::Int(value) => Some(*value),
            Scalar::Float(value) => print::integer(*value)?.parse().ok(),
            _ => None,
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
            Scalar::Float(value) => print::float_data(value),
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
    Some(resolve(kind, raw, text, start, tag)?.unwrap_or(Scalar::Str(Cow::Borrowed(raw))))
}

/// Like [`read`], with the reason why a scalar has no value; parsed documents hold none such.
pub(in crate::yaml) fn resolve<'a>(
    kind: Kind,
    raw: &'a str,
    text: &'a str,
    start: usize,
    tag: Option<&str>,
) -> Option<Result<Scalar<'a>, Unreadable>> {
    if kind == Kind::Plain
        && tag.is_none()
        && let Some(number) = plain::small_number(raw.as_bytes())
    {
        return Some(Ok(Scalar::Int(number)));
    }
    let content = match kind {
        Kind::Plain | Kind::Empty => quoted::plain(raw),
        Kind::Single => quoted::single(inner(raw)),
        Kind::Double => match quoted::double(inner(raw)) {
            Ok(content) => content,
            Err(at) => return Some(Err(Unreadable::Escape(at))),
        },
        Kind::Literal | Kind::Folded => block::decode(text, start, start + raw.len()),
        Kind::Alias | Kind::Map | Kind::Seq | Kind::FlowMap | Kind::FlowSeq => return None,
    };
    if let Some(tag) = tag {
        return Some(tag::resolve(tag, content, kind));
    }
    if !matches!(kind, Kind::Plain | Kind::Empty) {
        return Some(Ok(Scalar::Str(content)));
    }
    Some(plain::resolve(&content).map(|value| value.unwrap_or(Scalar::Str(content))))
}

fn inner(raw: &str) -> &str {
    raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")
}

/// Whether a tag is that of a merge key.
pub(in crate::yaml) fn is_merge_tag(written: &str) -> bool {
    tag::is_merge(written)
}
