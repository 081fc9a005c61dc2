//! What a scalar means to go-yaml's third version, which reads YAML 1.2 and still some of 1.1: sops uses it, Kubernetes
//! does not. Source of the table: `resolve.go` of go.yaml.in/yaml/v3.

use std::borrow::Cow;

use super::plain::{number, point_float};
use super::{Scalar, quoted, timestamp};
use crate::yaml::{Kind, Value};

/// A scalar as go-yaml 3 decodes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Third<'a> {
    /// `null`.
    Null,
    /// `true` or `false`, never `yes` or `on`.
    Bool(bool),
    /// An integer that fits `i64`.
    Int(i64),
    /// An integer above `i64`.
    UInt(u64),
    /// A number with a point or an exponent, or beyond 64 bits; also infinite and not a number.
    Float(f64),
    /// A date or a moment, printed as RFC 3339 does.
    Time(String),
    /// Text.
    Str(Cow<'a, str>),
}

/// Reads a scalar; `None` for collections. An alias reads as what it stands for.
#[must_use]
pub fn read(value: Value<'_>) -> Option<Third<'_>> {
    let value = value.resolved();
    let node = value.node();
    if value.tag().is_none() && matches!(node.kind, Kind::Plain | Kind::Empty) {
        return Some(plain(&quoted::plain(value.raw())));
    }
    // A tag that is no type of YAML's own is dropped, and leaves text.
    value.scalar().map(Into::into)
}

impl<'a> From<Scalar<'a>> for Third<'a> {
    fn from(scalar: Scalar<'a>) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(value) => Self::Int(value),
            Scalar::UInt(value) => Self::UInt(value),
            Scalar::Float(value) => Self::Float(value),
            Scalar::Str(text) => Self::Str(text),
        }
    }
}

/// An unquoted scalar.
fn plain(text: &str) -> Third<'static> {
    let found = match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Third::Null),
        "true" | "True" | "TRUE" => Some(Third::Bool(true)),
        "false" | "False" | "FALSE" => Some(Third::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => Some(Third::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Third::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Third::Float(f64::NEG_INFINITY)),
        _ => numeric(text),
    };
    found.unwrap_or_else(|| Third::Str(Cow::Owned(text.to_owned())))
}

fn numeric(text: &str) -> Option<Third<'static>> {
    match text.as_bytes().first()? {
        b'.' => point_float(text).map(Into::into),
        b'0'..=b'9' => timestamp::read(text).map(Third::Time).or_else(|| number_or_octal(text)),
        b'+' | b'-' => number_or_octal(text),
        _ => None,
    }
}

fn number_or_octal(text: &str) -> Option<Third<'static>> {
    number(text).map(Into::into).or_else(|| signed_octal(&text.replace('_', "")).map(Third::Int))
}

/// go-yaml takes a sign after `0o`, as after `0b`; `-0o` may have a second one that is never read as a number.
fn signed_octal(digits: &str) -> Option<i64> {
    let digits = digits.strip_prefix("0o")?;
    let unsigned = digits.strip_prefix(['+', '-'])?;
    let octal = !unsigned.is_empty() && unsigned.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    octal.then(|| i64::from_str_radix(digits, 8).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differs_from_what_kubernetes_reads() {
        for text in ["yes", "y", "on", "off", "No", "1:30", "1e400", "<<", "2001-13-01", "+2001-01-01"] {
            assert_eq!(plain(text), Third::Str(Cow::Owned(text.to_owned())), "{text}");
        }
        for (text, value) in
            [("0755", 493), ("0o755", 493), ("0b11", 3), ("0xFF", 255), ("1_000", 1000), ("0o+7", 7)]
        {
            assert_eq!(plain(text), Third::Int(value), "{text}");
        }
        assert_eq!(plain("18446744073709551615"), Third::UInt(u64::MAX));
        assert_eq!(plain("100000000000000000000"), Third::Float(1e20));
        assert_eq!(plain("-.inf"), Third::Float(f64::NEG_INFINITY));
        assert_eq!(plain("2001-12-14"), Third::Time("2001-12-14T00:00:00Z".to_owned()));
    }
}
