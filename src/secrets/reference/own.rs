//! `hardtack://NAME/KEY`: the policy says where it is looked for.

use super::{Ask, Found, Reference};

const SCHEME: &str = "hardtack://";

/// The reference that begins at `at`. As with vals a `+` behind it ends it.
pub(super) fn read(text: &str, at: usize) -> Option<Found> {
    let rest = text[at..].strip_prefix(SCHEME)?;
    if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '+' || c == ':') {
        return None;
    }
    let name_end =
        rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.'))?;
    let (name, rest) = rest.split_at(name_end);
    let rest = rest.strip_prefix('/')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let key_end = rest.find(|c: char| !is_key(c)).unwrap_or(rest.len());
    // A full stop behind a reference ends a sentence.
    let key = rest[..key_end].trim_end_matches('.');
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if key.is_empty() || !name.starts_with(inside) || !name.ends_with(inside) {
        return None;
    }
    let mut end = at + SCHEME.len() + name.len() + 1 + key.len();
    let shown = text[at..end].to_owned();
    if text[end..].starts_with('+') {
        end += 1;
    }
    let ask = Ask::Own { name: name.to_owned(), key: key.to_owned() };
    Some(Found { range: at..end, reference: Ok(Reference { ask, shown: super::shorten(&shown) }) })
}
