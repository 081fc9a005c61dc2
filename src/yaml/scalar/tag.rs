//! Scalars with a tag.

use std::borrow::Cow;

use base64::Engine;

use super::Scalar;
use super::plain::{self, Unreadable};
use crate::yaml::tree::Kind;

const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar with `tag` whose text is `content`.
pub(super) fn resolve<'a>(tag: &str, content: Cow<'a, str>, kind: Kind) -> Result<Scalar<'a>, Unreadable> {
    // An empty node with the bare tag is "" to one reader and null to the other.
    if tag == "!" && kind == Kind::Empty {
        return Err(Unreadable::Tag);
    }
    let value = match core_name(tag) {
        None => return Ok(Scalar::Str(content)),
        Some("binary") => return binary(&content),
        Some("timestamp") => return Err(Unreadable::Tag),
        Some("merge") if kind == Kind::Plain && content == "<<" => return Ok(Scalar::Str(content)),
        Some("merge") => return Err(Unreadable::Tag),
        Some("int" | "float" | "bool" | "null") => plain::resolve(&content)?,
        Some(_) => return Ok(Scalar::Str(content)),
    };
    match (core_name(tag), value) {
        (Some("int"), Some(value @ (Scalar::Int(_) | Scalar::UInt(_)))) => Ok(value),
        (Some("float"), Some(value @ Scalar::Float(_))) => Ok(value),
        #[allow(clippy::cast_precision_loss)]
        (Some("float"), Some(Scalar::Int(value))) => Ok(Scalar::Float(value as f64)),
        (Some("bool"), Some(value @ Scalar::Bool(_))) => Ok(value),
        (Some("null"), Some(Scalar::Null)) => Ok(Scalar::Null),
        _ => Err(Unreadable::Tag),
    }
}

/// `int` for `!!int` and `!<tag:yaml.org,2002:int>`.
fn core_name(tag: &str) -> Option<&str> {
    if let Some(name) = tag.strip_prefix("!!") {
        return Some(name);
    }
    tag.strip_prefix("!<")?.strip_suffix('>')?.strip_prefix(CORE)
}

/// Whether a tag is `!!merge`.
pub(super) fn is_merge(tag: &str) -> bool {
    core_name(tag) == Some("merge")
}

fn binary(content: &str) -> Result<Scalar<'static>, Unreadable> {
    let packed: String = content.chars().filter(|character| !matches!(character, '\n' | '\r')).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| Unreadable::Tag)?;
    String::from_utf8(bytes).map(|text| Scalar::Str(Cow::Owned(text))).map_err(|_| Unreadable::Tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str, content: &'static str) -> Result<Scalar<'static>, Unreadable> {
        resolve(tag, Cow::Borrowed(content), Kind::Plain)
    }

    #[test]
    fn follows_the_tag() {
        assert_eq!(read("!!str", "1"), Ok(Scalar::Str("1".into())));
        assert_eq!(read("!", "1"), Ok(Scalar::Str("1".into())));
        assert_eq!(read("!mine", "1"), Ok(Scalar::Str("1".into())));
        assert_eq!(read("!!int", "0x10"), Ok(Scalar::Int(16)));
        assert_eq!(read("!<tag:yaml.org,2002:int>", "2"), Ok(Scalar::Int(2)));
        assert_eq!(read("!!float", "1"), Ok(Scalar::Float(1.0)));
        assert_eq!(read("!!bool", "y"), Ok(Scalar::Bool(true)));
        assert_eq!(read("!!null", ""), Ok(Scalar::Null));
        assert_eq!(read("!!binary", "aGkK"), Ok(Scalar::Str("hi\n".into())));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for (tag, content) in
            [("!!int", "x"), ("!!int", "1.5"), ("!!bool", "1"), ("!!binary", "/w=="), ("!!merge", "a")]
        {
            assert_eq!(read(tag, content), Err(Unreadable::Tag), "{tag} {content}");
        }
    }
}
