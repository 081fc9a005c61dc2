//! References to secrets inside texts: `ref+…` of vals, `<path:…>` of argocd-vault-plugin, `hardtack://name/key`.
//!
//! The grammar is stricter than theirs: what they would read by halves is no reference, or one that is said to be wrong.
//! A reference is read once; no value that takes its place is ever read as one.

pub mod held;
pub mod json_path;
pub mod modifier;
mod own;
mod placeholder;
mod vals;

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

pub use held::Held;
pub use json_path::JsonPath;
pub use modifier::Modifier;
pub use vals::{BACKENDS, DEEPEST, Part, Template, Vals};

/// A place in a text that asks for a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes that the value takes the place of.
    pub range: Range<usize>,
    /// What is asked for, or why that cannot be told.
    pub reference: Result<Reference, Malformed>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// In which manner, and what.
    pub ask: Ask,
    /// The reference as messages show it: without parameters, and without what may be a value itself.
    pub shown: String,
}

/// The three manners of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `ref+BACKEND://PATH?PARAMS#/FRAGMENT+`.
    Vals(Vals),
    /// `<path:PATH#KEY#VERSION | MODIFIER>`, or `<KEY>` of an object whose annotation names the path.
    Placeholder(Placeholder),
    /// `hardtack://NAME/KEY`.
    Own {
        /// As Kubernetes names Secrets.
        name: String,
        /// As Kubernetes names keys of Secrets.
        key: String,
    },
}

/// A placeholder of argocd-vault-plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// `None` for the path that the object's annotation names.
    pub path: Option<String>,
    /// The key of the secret at that path.
    pub key: String,
    /// Of the secret.
    pub version: Option<String>,
    /// What is done to the value, first to last.
    pub modifiers: Vec<Modifier>,
}

/// What looks like a reference and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// As [`Reference::shown`].
    pub shown: String,
    /// What is wrong, lower case, no full stop.
    pub what: String,
}

/// The references in a text, in its order. `annotated` says that bare `<key>` counts.
#[must_use]
pub fn find(text: &str, annotated: bool) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'<', b'h', b'r', &bytes[at..]) {
        at += next;
        let one = match bytes[at] {
            b'<' => placeholder::read(text, at, annotated),
            b'h' => own::read(text, at),
            _ => vals::read(text, with_secret(text, at), 0),
        };
        match one {
            Some(one) => {
                at = one.range.end.max(at + 1);
                found.push(one);
            }
            None => at += 1,
        }
    }
    found
}

/// What every reference holds, unless an annotation lets shorter ones count.
static SIGNS: LazyLock<[Finder<'_>; 3]> =
    LazyLock::new(|| ["ref+", "hardtack://", "<path:"].map(Finder::new));

/// Whether [`find`] could find anything: quick, and never wrong where it says no.
#[must_use]
pub fn may_hold(text: &str, annotated: bool) -> bool {
    SIGNS.iter().any(|sign| sign.find(text.as_bytes()).is_some()) || annotated && text.contains('<')
}

/// `secretref+` begins before its `ref+`.
fn with_secret(text: &str, at: usize) -> usize {
    if text[..at].ends_with("secret") { at - "secret".len() } else { at }
}

/// A text for messages: not too long, on one line.
fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = one_line.take(MOST + 1).collect();
    if short.chars().count() > MOST {
        short.pop();
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
