//! A value with the type that sops remembers beside its bytes.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::failure::SopsError;
use crate::secrets::Plain;
use crate::yaml::Data;
use crate::yaml::scalar::third::Third;

/// What a value is. The words are those of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Str,
    Int,
    Float,
    Bool,
    Time,
    Comment,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Str => "str",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Time => "time",
            Self::Comment => "comment",
        }
    }

    /// `bytes` is none: sops itself stops with a defect when it meets it.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Str, Self::Int, Self::Float, Self::Bool, Self::Time, Self::Comment];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// A leaf of a document: its bytes as sops hashes and encrypts them, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) kind: Kind,
    pub(super) bytes: Plain,
}

impl Typed {
    fn new(kind: Kind, text: String) -> Self {
        Self { kind, bytes: Plain::from(text) }
    }

    /// The leaf of an object; `None` for null and for collections, which sops neither hashes nor encrypts.
    pub(super) fn of_data(data: &Data) -> Result<Option<Self>, &'static str> {
        Ok(Some(match data {
            Data::Null | Data::Array(_) | Data::Object(_) => return Ok(None),
            Data::String(text) => Self::new(Kind::Str, text.clone()),
            Data::Bool(value) => Self::boolean(*value),
            Data::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Self::new(Kind::Int, value.to_string()),
                (None, Some(value)) if number.is_f64() => Self::new(Kind::Float, float(value)),
                _ => return Err(TOO_LARGE),
            },
        }))
    }

    /// A scalar of a file.
    pub(super) fn of_scalar(scalar: Third<'_>) -> Result<Option<Self>, &'static str> {
        Ok(Some(match scalar {
            Third::Null => return Ok(None),
            Third::Bool(value) => Self::boolean(value),
            Third::Int(value) => Self::new(Kind::Int, value.to_string()),
            Third::UInt(_) => return Err(TOO_LARGE),
            Third::Float(value) => Self::new(Kind::Float, float(value)),
            Third::Time(text) => Self::new(Kind::Time, text),
            Third::Str(text) => Self::new(Kind::Str, text.into_owned()),
        }))
    }

    fn boolean(value: bool) -> Self {
        Self::new(Kind::Bool, if value { "True" } else { "False" }.to_owned())
    }

    /// A decrypted leaf. Bytes that sops would not have written for the type are refused: the type itself is not
    /// authenticated.
    pub(super) fn decrypted(kind: Kind, bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let typed = Self { kind, bytes: Plain::from(bytes) };
        let text = typed.bytes.expose_text()?;
        let canonical = match kind {
            Kind::Str | Kind::Comment => true,
            Kind::Bool => matches!(text, "True" | "False"),
            Kind::Int => text.parse().is_ok_and(|value: i64| value.to_string() == text),
            Kind::Float => text.parse().is_ok_and(|value: f64| float(value) == text),
            Kind::Time => is_moment(text),
        };
        canonical.then_some(typed)
    }

    /// The text of the bytes.
    pub(super) fn text(&self) -> &str {
        self.bytes.expose_text().unwrap_or_default()
    }

    /// As plain data: a moment is text, and so is a number that JSON cannot say.
    pub(super) fn to_data(&self) -> Data {
        let text = self.text();
        let number = match self.kind {
            Kind::Bool => return Data::Bool(text == "True"),
            Kind::Int => text.parse().ok().map(|value: i64| value.into()),
            Kind::Float => text.parse().ok().and_then(serde_json::Number::from_f64),
            Kind::Str | Kind::Time | Kind::Comment => None,
        };
        number.map_or_else(|| Data::String(text.to_owned()), Data::Number)
    }

    /// The leaf as a YAML scalar without quotes, where its type is not one that data can say.
    pub(super) fn bare(&self) -> Option<Cow<'_, str>> {
        match (self.kind, self.text()) {
            (Kind::Time, text) => Some(Cow::Borrowed(text)),
            (Kind::Float, "+Inf") => Some(Cow::Borrowed(".inf")),
            (Kind::Float, "-Inf") => Some(Cow::Borrowed("-.inf")),
            (Kind::Float, "NaN") => Some(Cow::Borrowed(".nan")),
            _ => None,
        }
    }
}

const TOO_LARGE: &str = "is an integer above 9223372036854775807, which sops does not take";

/// Where a leaf has no form that sops knows.
pub(super) fn unfit(route: &impl std::fmt::Display, why: &'static str) -> SopsError {
    SopsError::Unfit { place: route.to_string(), why }
}

/// The shortest digits that read back the same, as Go prints them: never an exponent, never a padded zero.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    // Display for f64 is the shortest text without an exponent, and without a point where none is needed.
    format!("{value}")
}

/// `2001-12-14T21:59:43.1-05:00`.
fn is_moment(text: &str) -> bool {
    chrono::DateTime::parse_from_rfc3339(text).is_ok() && text.as_bytes().get(10) == Some(&b'T')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_floats_as_go_does() {
        for (value, text) in [
            (1.5, "1.5"),
            (1e21, "1000000000000000000000"),
            (-0.0, "-0"),
            (1e-7, "0.0000001"),
            (f64::INFINITY, "+Inf"),
            (5e-324, &format!("0.{}5", "0".repeat(323))),
        ] {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn takes_only_what_sops_writes() {
        let read = |kind, text: &str| Typed::decrypted(kind, text.as_bytes().to_vec().into()).is_some();
        assert!(read(Kind::Int, "-12") && read(Kind::Bool, "True") && read(Kind::Float, "1000"));
        assert!(read(Kind::Float, "+Inf") && read(Kind::Float, "NaN") && read(Kind::Float, "-0"));
        assert!(read(Kind::Time, "2001-12-14T00:00:00Z"));
        for (kind, text) in [
            (Kind::Int, "012"),
            (Kind::Int, "+1"),
            (Kind::Int, "9223372036854775808"),
            (Kind::Bool, "true"),
            (Kind::Float, "1.50"),
            (Kind::Float, "1e3"),
            (Kind::Time, "2001-12-14"),
        ] {
            assert!(!read(kind, text), "{text}");
        }
    }
}
