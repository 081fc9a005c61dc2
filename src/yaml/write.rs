//! Data as YAML lines: block style in the neighbourhood's manner, or JSON text for flow context.

use super::layout::Style;
use super::quote;
use super::{Data, Kind, Value};

/// A whole document in block style, as a stream's new document: lines that end in `newline`.
#[must_use]
pub fn document(data: &Data, newline: &'static str) -> String {
    let mut out = String::new();
    Writer { style: Style::plain(newline), out: &mut out }.block(data, 0, 0);
    out.push_str(newline);
    out
}

/// How words are written between braces and brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Every string in double quotes, so that a JSON document stays one.
    Json,
    /// Without quotes where no reader could take the word for anything else.
    Plain,
}

impl Words {
    /// Plain beside a string without quotes: then it is no JSON.
    pub(super) fn like(neighbour: Option<Value<'_>>) -> Self {
        let bare = |it: &Value<'_>| it.node().kind == Kind::Plain && it.as_str().is_some();
        if neighbour.is_some_and(|it| bare(&it)) { Self::Plain } else { Self::Json }
    }

    /// One word.
    pub(super) fn push(self, text: &str, out: &mut String) {
        if self == Self::Plain && quote::is_plain_in_flow(text) {
            out.push_str(text);
        } else {
            quote::json(text, out);
        }
    }
}

/// Data as JSON on one line: also valid YAML in flow context.
pub(super) fn json(data: &Data, out: &mut String) {
    flow(data, Words::Json, out);
}

/// Data on one line of flow context.
pub(super) fn flow(data: &Data, words: Words, out: &mut String) {
    match data {
        Data::String(text) => words.push(text, out),
        Data::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                flow(item, words, out);
            }
            out.push(']');
        }
        Data::Object(entries) => {
            out.push('{');
            for (position, (key, value)) in entries.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                words.push(key, out);
                out.push_str(": ");
                flow(value, words, out);
            }
            out.push('}');
        }
        Data::Null | Data::Bool(_) | Data::Number(_) => out.push_str(&data.to_string()),
    }
}

/// Whether data fits behind a key on its line in block style.
pub(super) fn is_inline(data: &Data) -> bool {
    match data {
        Data::Object(entries) => entries.is_empty(),
        Data::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// Writes block style. Every function starts where `out` ends and leaves no line end behind.
pub(super) struct Writer<'o> {
    pub style: Style,
    pub out: &'o mut String,
}

impl Writer<'_> {
    /// A node whose collection's keys or dashes stand at `column`; lines of a literal are indented deeper than
    /// `parent`, the column of the key or dash before it.
    pub(super) fn block(&mut self, data: &Data, column: usize, parent: usize) {
        match data {
            Data::Object(entries) if !entries.is_empty() => {
                for (position, (key, value)) in entries.iter().enumerate() {
                    if position > 0 {
                        self.line(column);
                    }
                    self.entry(key, value, column);
                }
            }
            Data::Array(items) if !items.is_empty() => {
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        self.line(column);
                    }
                    self.item(item, column);
                }
            }
            _ => self.inline(data, parent + self.style.step.max(1)),
        }
    }

    /// `key: value` with the key at `column`.
    pub(super) fn entry(&mut self, key: &str, value: &Data, column: usize) {
        self.out.push_str(&quote::string(key, self.style.key));
        self.out.push(':');
        if is_inline(value) {
            self.out.push(' ');
            self.inline(value, column + self.style.step);
        } else {
            let below = column + if value.is_array() { self.style.list } else { self.style.step };
            self.line(below);
            self.block(value, below, column);
        }
    }

    /// `- item` with the dash at `column`.
    pub(super) fn item(&mut self, item: &Data, column: usize) {
        self.out.push('-');
        self.indent(self.style.dash.max(2) - 1);
        let dash = column + self.style.dash.max(2);
        if is_inline(item) {
            self.inline(item, dash);
        } else {
            self.block(item, dash, column);
        }
    }

    /// A new line, indented.
    pub(super) fn line(&mut self, column: usize) {
        self.out.push_str(self.style.newline);
        self.indent(column);
    }

    /// Something that needs no lines below, except those of a literal indented by `indent`.
    pub(super) fn inline(&mut self, data: &Data, indent: usize) {
        match data {
            Data::String(text) => {
                let literal =
                    self.style.literal.then(|| quote::literal(text, indent, self.style.newline)).flatten();
                match literal {
                    Some(literal) => self.out.push_str(&literal),
                    None => self.out.push_str(&quote::string(text, self.style.quote)),
                }
            }
            other => json(other, self.out),
        }
    }

    /// Blanks.
    pub(super) fn indent(&mut self, column: usize) {
        self.out.extend(std::iter::repeat_n(' ', column));
    }
}
