//! Characters that a Kubernetes manifest must not hold, and those that it may hold only in quotes.

use crate::yaml::error::Fault;
use crate::yaml::tree::{Kind, Tree};

/// What the bytes of a document say about how it may be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Bytes {
    /// Byte order marks, U+2028 and U+2029: fine in some places.
    pub(in crate::yaml) special: Vec<Special>,
    /// Whether any line ends in CR LF.
    pub(in crate::yaml) carriage_returns: bool,
}

/// A character that is refused in most places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) struct Special {
    pub(in crate::yaml) offset: usize,
    pub(in crate::yaml) character: char,
}

const CHUNK: usize = 64;

/// Special characters of a document that are looked at one by one; text that holds more is no manifest.
const MANY: usize = 1000;

/// Looks at every byte once; refuses characters that no reader takes or that readers disagree on anywhere.
pub(in crate::yaml) fn scan(text: &str) -> Result<Bytes, Fault> {
    let mut bytes = Bytes::default();
    let raw = text.as_bytes();
    let mut at = 0;
    for chunk in raw.chunks(CHUNK) {
        if !chunk.iter().fold(true, |plain, byte| plain & is_plain(*byte)) {
            inspect(text, at, at + chunk.len(), &mut bytes)?;
        }
        at += chunk.len();
    }
    Ok(bytes)
}

/// Printable ASCII, tab or newline, without a branch.
fn is_plain(byte: u8) -> bool {
    (byte.wrapping_sub(0x20) < 0x5f) | (byte.wrapping_sub(0x09) < 2)
}

fn inspect(text: &str, start: usize, end: usize, bytes: &mut Bytes) -> Result<(), Fault> {
    let raw = text.as_bytes();
    for at in start..end {
        match raw[at] {
            b'\t' | b'\n' | 0x20..0x7f | 0x80..=0xc1 => {}
            b'\r' if raw.get(at + 1) == Some(&b'\n') => bytes.carriage_returns = true,
            b'\r' => return Err(line_break(at, "a carriage return without a line feed")),
            0..0x20 | 0x7f => return Err(control(at, raw[at].into())),
            0xc2 if raw[at + 1] == 0x85 => return Err(line_break(at, "the character U+0085")),
            0xc2 if raw[at + 1] < 0xa0 => return Err(control(at, raw[at + 1].into())),
            0xe2 | 0xef => wide(text, at, bytes)?,
            _ => {}
        }
    }
    Ok(())
}

fn wide(text: &str, at: usize, bytes: &mut Bytes) -> Result<(), Fault> {
    match text[at..].chars().next() {
        Some('\u{2028}' | '\u{2029}' | '\u{feff}') if bytes.special.len() >= MANY => Err(Fault::new(
            at,
            format!("a document holds more than {MANY} of the characters U+2028, U+2029 and U+FEFF"),
            "remove them, or write them as escapes in double quotes",
        )),
        Some(character @ ('\u{2028}' | '\u{2029}' | '\u{feff}')) => {
            bytes.special.push(Special { offset: at, character });
            Ok(())
        }
        Some(character @ ('\u{fffe}' | '\u{ffff}')) => Err(control(at, character.into())),
        _ => Ok(()),
    }
}

fn control(at: usize, code: u32) -> Fault {
    Fault::new(
        at,
        format!("the character U+{code:04X} does not belong in YAML"),
        "remove it, or write it as an escape in double quotes; a file in UTF-16 must be converted to UTF-8",
    )
}

pub(in crate::yaml) fn byte_order_mark(at: usize) -> Fault {
    Fault::new(
        at,
        "a byte order mark (U+FEFF) in the middle of a document",
        "remove it, or write \\uFEFF in double quotes",
    )
}

fn line_break(at: usize, what: &str) -> Fault {
    Fault::new(
        at,
        format!("{what}, which some readers take for the end of a line"),
        "remove it, or write it as an escape in double quotes",
    )
}

/// Refuses special characters outside the places where all readers agree on them. A byte order mark at the document's
/// start is fine.
pub(in crate::yaml) fn check_places(text: &str, tree: &Tree, special: &[Special]) -> Result<(), Fault> {
    for found in special {
        let at = found.offset;
        if at == 0 && found.character == '\u{feff}' {
            continue;
        }
        let index = tree.nodes.partition_point(|node| node.start as usize <= at);
        let inside = tree.nodes[..index].last().filter(|node| at < node.end as usize).map(|node| node.kind);
        let fine = match (inside, found.character) {
            (Some(Kind::Single | Kind::Double), '\u{feff}') => !starts_line(text, at),
            (Some(Kind::Single | Kind::Double), _) => !beside_blank(text, at),
            (None, '\u{feff}') => is_comment(text, tree, at),
            _ => false,
        };
        if !fine && found.character == '\u{feff}' {
            return Err(byte_order_mark(at));
        }
        if !fine {
            return Err(line_break(at, &format!("the character U+{:04X}", u32::from(found.character))));
        }
    }
    Ok(())
}

fn starts_line(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes()[at - 1] == b'\n'
}

fn beside_blank(text: &str, at: usize) -> bool {
    let is_blank = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}');
    text[..at].ends_with(is_blank) || text[at..].chars().nth(1).is_some_and(is_blank)
}

/// Whether a position outside all scalars lies in a comment, and not at its very start.
fn is_comment(text: &str, tree: &Tree, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let index = tree.nodes.partition_point(|node| (node.start as usize) < at);
    let after = tree.nodes[..index].iter().rev().find(|node| node.end as usize <= at);
    let from = after.map_or(line, |node| line.max(node.end as usize));
    text[from..at].contains('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_no_reader_takes() {
        for text in [
            "a: \0", "a: \u{1}", "a\u{7f}", "a\u{80}", "a\u{9f}", "a\rb", "a\r", "a\u{85}", "\u{ffff}",
            "\u{fffe}",
        ] {
            let padded = format!("{}\n{text}", "x".repeat(100));
            assert!(scan(text).is_err() && scan(&padded).is_err(), "{text:?}");
        }
        assert!(scan("a\r\n").unwrap().carriage_returns);
        for text in ["", "a\tb\n", "\u{a0}\u{e9}\u{1f600}\u{fffd}", "~ }"] {
            assert_eq!(scan(text), Ok(Bytes::default()), "{text:?}");
        }
    }

    #[test]
    fn notes_what_may_be_fine() {
        let found = scan("\u{feff}a: 'x\u{2028}y'").unwrap().special;
        assert_eq!(found.iter().map(|it| it.offset).collect::<Vec<_>>(), [0, 8]);
    }
}
