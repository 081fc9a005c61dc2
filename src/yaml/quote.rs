//! Writing scalars so that every YAML reader, old and new, reads back the same text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How a string should be written when it may be written that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quote {
    /// Without quotes where that is safe, else in double quotes.
    #[default]
    Plain,
    /// Without quotes where that is safe, else in single quotes, else in double quotes.
    PlainOrSingle,
    /// In single quotes when nothing needs an escape.
    Single,
    /// In double quotes.
    Double,
}

/// A string on one line of block context.
pub(super) fn string(text: &str, quote: Quote) -> Cow<'_, str> {
    if matches!(quote, Quote::Plain | Quote::PlainOrSingle) && is_plain(text) {
        return Cow::Borrowed(text);
    }
    if matches!(quote, Quote::Single | Quote::PlainOrSingle)
        && !text.contains(|c| c == '\'' || c == '\t' || needs_escape(c))
    {
        return Cow::Owned(format!("'{text}'"));
    }
    Cow::Owned(double(text))
}

/// A literal block scalar: header and content lines indented by `indent`, no line end after the last. `None` when
/// the text cannot be a literal that keeps its value whatever follows it.
pub(super) fn literal(text: &str, indent: usize, newline: &str) -> Option<String> {
    let (content, header) = match text.strip_suffix('\n') {
        Some(content) => (content, "|"),
        None => (text, "|-"),
    };
    let spoilt = |line: &str| line.ends_with(' ') || line.starts_with('\t') || line.contains(needs_escape);
    if !text.contains('\n')
        || content.ends_with('\n')
        || content.starts_with([' ', '\n'])
        || content.is_empty()
        || content.split('\n').any(|line| spoilt(line) || line.ends_with('\t'))
    {
        return None;
    }
    let mut out = String::from(header);
    for line in content.split('\n') {
        out.push_str(newline);
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    Some(out)
}

/// A string as JSON writes it, which is also a YAML scalar in flow context.
pub(super) fn json(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match short_escape(c) {
            Some(escape) => out.push_str(escape),
            None if needs_escape(c) => escape_unicode(c, out),
            None => out.push(c),
        }
    }
    out.push('"');
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match short_escape(c) {
            Some(escape) => out.push_str(escape),
            None if needs_escape(c) && u32::from(c) <= 0xFF => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            None if needs_escape(c) => escape_unicode(c, &mut out),
            None => out.push(c),
        }
    }
    out.push('"');
    out
}

fn short_escape(c: char) -> Option<&'static str> {
    Some(match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        _ => return None,
    })
}

fn escape_unicode(c: char, out: &mut String) {
    let _ = write!(out, "\\u{:04X}", u32::from(c));
}

/// Controls, and what some reader takes for a line break, a byte order mark or no character at all.
fn needs_escape(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\n'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether text may stand without quotes in block context and is a string to YAML 1.1 and 1.2 readers alike.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return false };
    let opens = first.is_ascii_alphanumeric() || matches!(first, b'/' | b'_' | b'$' | b'.' | b'(');
    opens
        && bytes.iter().all(|byte| matches!(byte, 0x20..=0x7E))
        && !text.ends_with([' ', ':'])
        && !["  ", ": ", " #"].iter().any(|pair| text.contains(pair))
        && !text.starts_with("...")
        && !is_word(text)
        && !is_number_like(bytes)
        && !is_base_60(bytes)
}

/// Whether text may stand without quotes between braces and brackets, also beside a colon or a comma.
pub(super) fn is_plain_in_flow(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    text.bytes().all(word) && is_plain(text)
}

/// Words that some reader takes for a boolean, null or a number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", ".inf", ".nan"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_number_like(bytes: &[u8]) -> bool {
    let prefixed = bytes.len() > 1 && bytes[0] == b'0' && matches!(bytes[1] | 0x20, b'x' | b'o' | b'b');
    let numeric = |byte: &u8| {
        byte.is_ascii_digit()
            || matches!(
                byte,
                b'_' | b'.' | b':' | b'-' | b'+' | b'e' | b'E' | b't' | b'T' | b'z' | b'Z' | b' '
            )
    };
    prefixed || ((bytes[0].is_ascii_digit() || bytes[0] == b'.') && bytes.iter().all(numeric))
}

/// Numbers to the base 60 in YAML 1.1: `12:30`, `1:2:3.5`.
fn is_base_60(bytes: &[u8]) -> bool {
    let mut groups = bytes.split(|byte| *byte == b':');
    let lead = groups.next().unwrap_or_default();
    let mut groups: Vec<&[u8]> = groups.collect();
    let Some(last) = groups.last_mut() else { return false };
    if let Some(point) = last.iter().position(|byte| *byte == b'.') {
        if !last[point + 1..].iter().all(|byte| byte.is_ascii_digit() || *byte == b'_') {
            return false;
        }
        *last = &last[..point];
    }
    let sixtieth = |group: &&[u8]| match group {
        [one] => one.is_ascii_digit(),
        [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
        _ => false,
    };
    lead.first().is_some_and(u8::is_ascii_digit)
        && lead.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
        && groups.iter().all(sixtieth)
}
