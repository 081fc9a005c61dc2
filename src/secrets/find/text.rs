//! Credentials in a text, by the names that stand before them: ini, toml, YAML, JSON, properties, `.env`, XML, scripts.
//!
//! One pass looks for words of names; where one stands, the name around it, the sign after it and the value are read
//! by hand. So no file needs to be parsed, or to be parsable.

use std::ops::Range;

use super::after::{self, Found};
use super::marks::Marks;
use super::name::{self, Named};
use super::value::{self, Looks};
use super::{Confidence, Hit, Kind, arguments, authorization, nested};
use crate::letters::DOTTED;

/// Words of names, then the commands whose options are read.
const WORDS: [&str; 18] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "psk",
    "salt",
    "cookie",
    "bearer",
    "curl ",
    "wget ",
    "mysql",
    "sshpass",
    "redis-cli",
    "--user",
    "ldapsearch",
];
/// The first of the commands.
const COMMANDS: usize = 11;

/// The longest name that is looked at.
const LONGEST_NAME: usize = 100;

static NAMES: Marks<{ WORDS.len() }> = Marks::new(WORDS, true);

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Configuration, or nobody knows.
    #[default]
    Plain,
    /// A program: words without quotes are names of variables.
    Code,
}

impl Style {
    /// That of a file of this name.
    #[must_use]
    pub fn of_name(file: &str) -> Self {
        let endings = [
            "py", "js", "mjs", "ts", "lua", "rb", "go", "java", "groovy", "php", "pl", "rego", "sql", "tpl",
            "tmpl", "html", "css", "md",
        ];
        match file.rsplit_once('.') {
            Some((_, end)) if endings.contains(&end) => Self::Code,
            _ => Self::Plain,
        }
    }
}

/// Named values in a text, in its order.
pub(super) fn find(text: &str, style: Style, depth: u8) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut done = 0;
    for (number, word) in NAMES.find_in(text) {
        if word.start < done {
            continue;
        }
        if number >= COMMANDS {
            hits.extend(command(text, word.start));
            continue;
        }
        let name = around(text, word);
        done = name.end;
        if let Some(hit) = at_name(text, name, style, depth) {
            done = done.max(hit.span.end);
            hits.push(hit);
        }
    }
    hits
}

/// The whole name around a word.
fn around(text: &str, word: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = super::formats::run_back(DOTTED, bytes, word.start);
    let end = word.end + DOTTED.run(&bytes[word.end..]);
    let lead = bytes[start..end].iter().take_while(|byte| matches!(byte, b'-' | b'.')).count();
    let trail = bytes[start..end].iter().rev().take_while(|byte| matches!(byte, b'-' | b'.')).count();
    // The `n` of an escaped line end is no letter of the name.
    let escape =
        usize::from(start > 0 && bytes[start - 1] == b'\\' && matches!(bytes[start], b'n' | b't' | b'r'));
    let start = (start + lead.max(escape)).min(word.start);
    start..(end - trail).max(word.end)
}

fn at_name(text: &str, at: Range<usize>, style: Style, depth: u8) -> Option<Hit> {
    let name = text.get(at.clone()).filter(|name| name.len() <= LONGEST_NAME)?;
    let named = name::judge(name)?;
    if named == Named::Authorization {
        return authorization::after_name(text, at.end).map(|hit| hit.named(name));
    }
    let Found { span, quoted, comment } = after::value(text, &at)?;
    let value = &text[span.clone()];
    if !quoted && (style == Style::Code || is_code(value)) {
        return None;
    }
    judged(text, span, named, comment, depth).map(|hit| hit.named(name))
}

/// A call or an index: what stands there is worked out later.
fn is_code(value: &str) -> bool {
    let end = value
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-' | '>')))
        .unwrap_or(value.len());
    let called = end > 0 && value[end..].starts_with(['(', '[']);
    let member = value.split_once('.').is_some_and(|(_, last)| {
        last.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.'))
            && name::has_stem(last)
    });
    called || member || value.starts_with(['`', '@', '\\', '(', '!', '|'])
}

/// A value under a name of that kind, at a range of a text.
pub(super) fn judged(text: &str, span: Range<usize>, named: Named, comment: bool, depth: u8) -> Option<Hit> {
    let value = &text[span.clone()];
    if let Some(inner) = nested::in_value(value, named, depth) {
        return Some(Hit { span, ..inner });
    }
    let looks = value::judge(value, named);
    if comment && !(looks == Looks::Opaque && is_made(value)) {
        return None;
    }
    let confidence = match looks {
        Looks::StandIn => Confidence::StandIn,
        Looks::Word if named == Named::Key && value.len() >= 5 => Confidence::Likely,
        Looks::Opaque => Confidence::Likely,
        Looks::Harmless | Looks::Word => return None,
    };
    Some(Hit::new(Kind::Named, confidence, text, span))
}

/// Whether somebody made it up to be a secret: letters and something else, and not short. Comments show forms.
pub(super) fn is_made(value: &str) -> bool {
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() >= 10 && letters >= 4 && digits >= 2 && !value.contains(char::is_whitespace)
}

/// What a command line in a text gives away by its options.
fn command(text: &str, start: usize) -> Vec<Hit> {
    let bytes = text.as_bytes();
    let line_start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let before = text[line_start..start].trim_start();
    if before.starts_with(['#', ';']) || before.starts_with("//") {
        return Vec::new();
    }
    let mut end = start;
    loop {
        end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
        if end == bytes.len() || bytes[end - 1] != b'\\' {
            break;
        }
        end += 1;
    }
    arguments::in_line(text, start..end)
}
