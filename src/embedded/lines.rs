//! Files of lines: `.env`, ini and properties.
//!
//! No reader of the registry says on which line a key stands without also replacing names of variables from the
//! environment of the process.

use std::collections::HashMap;
use std::iter::Peekable;

use serde_json::Map;

use super::Fault;
use crate::yaml::{Data, Route};

type Read = Result<(Data, HashMap<Route, usize>), Fault>;

/// Keys and values found so far; a key that comes again wins.
#[derive(Default)]
struct Found {
    data: Map<String, Data>,
    lines: HashMap<Route, usize>,
}

impl Found {
    fn set(&mut self, key: &str, value: String, line: usize) {
        self.lines.insert(Route::root().key(key.to_owned()), line);
        self.data.insert(key.to_owned(), Data::String(value));
    }

    fn set_in(&mut self, section: &str, key: &str, value: Data, line: usize) {
        let here = self.data.entry(section).or_insert_with(|| Data::Object(Map::new()));
        if let Data::Object(map) = here {
            map.insert(key.to_owned(), value);
        }
        let route = Route::root().key(section.to_owned());
        self.lines.insert(route.key(key.to_owned()), line);
    }

    fn done(self) -> Read {
        Ok((Data::Object(self.data), self.lines))
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// `NAME=value`, with or without `export`, comments and quotes.
pub(super) fn env(text: &str) -> Read {
    let mut found = Found::default();
    let mut lines = numbered(text).peekable();
    while let Some((number, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            return Err(Fault::new("a line without =", Some(number)));
        };
        let value = env_value(value.trim(), &mut lines);
        let value = value.ok_or_else(|| Fault::new("a quote that does not end", Some(number)))?;
        found.set(name.trim(), value, number);
    }
    found.done()
}

/// A value, which in quotes may go on over several lines; `None` when its quote never ends.
fn env_value<'a>(
    first: &str,
    lines: &mut Peekable<impl Iterator<Item = (usize, &'a str)>>,
) -> Option<String> {
    let quote = match first.chars().next() {
        Some(quote @ ('"' | '\'')) => quote,
        _ => {
            let end = first.find(" #").or_else(|| first.starts_with('#').then_some(0));
            return Some(first[..end.unwrap_or(first.len())].trim_end().to_owned());
        }
    };
    let mut value = String::new();
    let mut rest = first[1..].to_owned();
    loop {
        let mut letters = rest.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' if quote == '"' => match letters.next() {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some('r') => value.push('\r'),
                    other => value.extend(other),
                },
                letter if letter == quote => return Some(value),
                letter => value.push(letter),
            }
        }
        value.push('\n');
        rest = lines.next()?.1.to_owned();
    }
}

/// `[section]`, `key = value` or `key: value`; a key alone is `true`.
pub(super) fn ini(text: &str) -> Read {
    let mut found = Found::default();
    let mut section: Option<String> = None;
    for (number, line) in numbered(text) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']').ok_or_else(|| Fault::new("a [ without ]", Some(number)))?;
            let name = name.trim().to_owned();
            found.lines.entry(Route::root().key(name.clone())).or_insert(number);
            found.data.entry(name.clone()).or_insert_with(|| Data::Object(Map::new()));
            section = Some(name);
            continue;
        }
        let (key, value) = match line.split_once(['=', ':']) {
            Some((key, value)) => (key.trim(), Data::String(unquoted(value.trim()).to_owned())),
            None => (line, Data::Bool(true)),
        };
        match &section {
            Some(section) => found.set_in(section, key, value, number),
            None => {
                found.lines.insert(Route::root().key(key.to_owned()), number);
                found.data.insert(key.to_owned(), value);
            }
        }
    }
    found.done()
}

fn unquoted(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

/// `key=value`, `key: value` or `key value`; a line that ends in a backslash goes on.
pub(super) fn properties(text: &str) -> Read {
    let mut found = Found::default();
    let mut lines = numbered(text);
    while let Some((number, line)) = lines.next() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut whole = line.to_owned();
        while goes_on(&whole) {
            whole.pop();
            whole.push_str(lines.next().map_or("", |(_, next)| next.trim_start()));
        }
        let escape = || Fault::new("\\u without four hexadecimal digits", Some(number));
        let (key, value) = split_property(&whole);
        let (key, value) = (unescaped(key).ok_or_else(escape)?, unescaped(value).ok_or_else(escape)?);
        found.set(&key, value, number);
    }
    found.done()
}

/// Whether a line ends in an odd number of backslashes.
fn goes_on(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The key ends at the first blank, `=` or `:` that no backslash escapes.
fn split_property(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = !escaped && (c.is_whitespace() || matches!(c, '=' | ':'));
        escaped = !escaped && c == '\\';
        ends
    });
    let (key, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start();
    (key, rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start())
}

/// `None` when a `\u` is not followed by four hexadecimal digits.
fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = letters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => out.extend(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(lines: &HashMap<Route, usize>, route: &str) -> Option<usize> {
        lines.iter().find(|(known, _)| known.to_string() == route).map(|(_, line)| *line)
    }

    #[test]
    fn reads_env_as_a_shell_does() {
        let text = "# c\nexport A=1 # one\nB='a # $b\\n'\nC=\"x\\n\\\"y\nz\" # c\n\nD=\nE=a#b\n";
        let (data, lines) = env(text).unwrap();
        assert_eq!(data, json!({"A": "1", "B": "a # $b\\n", "C": "x\n\"y\nz", "D": "", "E": "a#b"}));
        assert_eq!((line(&lines, "C"), line(&lines, "D")), (Some(4), Some(7)));
    }

    #[test]
    fn reads_ini_sections() {
        let text = "top: 1\n; c\n[mysqld]\nskip-name-resolve\nport = \"3306\"\n[a b]\n[mysqld]\nx=y=z\n";
        let (data, lines) = ini(text).unwrap();
        let wanted = json!({
            "top": "1", "mysqld": {"skip-name-resolve": true, "port": "3306", "x": "y=z"}, "a b": {}
        });
        assert_eq!(data, wanted);
        assert_eq!((line(&lines, "mysqld.port"), line(&lines, "mysqld")), (Some(5), Some(3)));
    }

    #[test]
    fn reads_properties() {
        let text = "! c\nserver.port=80\na b\nkey\\ x : \\u0041\\\n   B\nc=\\\\\nd\n";
        let (data, lines) = properties(text).unwrap();
        let wanted = json!({"server.port": "80", "a": "b", "key x": "AB", "c": "\\", "d": ""});
        assert_eq!(data, wanted);
        assert_eq!(line(&lines, "[\"server.port\"]"), Some(2));
        assert_eq!(line(&lines, "c"), Some(6));
    }
}
