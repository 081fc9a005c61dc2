//! Data written as YAML in a style that dice choose: block or flow, quotes, indentation, comments, line ends.

use hardtack::yaml::Data;

use crate::dice::Dice;

/// Writes one document. Strings without quotes must be safe without them.
pub fn write(data: &Data, dice: &mut Dice) -> String {
    let mut writer = Writer { comments: dice.roll(3) == 0, step: 1 + dice.roll(4), dice, out: String::new() };
    match writer.dice.roll(8) {
        0 => writer.out.push_str(&serde_json::to_string(data).expect("JSON")),
        1 => writer.out.push_str(&serde_json::to_string_pretty(data).expect("JSON")),
        _ => {
            writer.filler(0);
            writer.collection(data, 0);
        }
    }
    let mut text = writer.out;
    match dice.roll(4) {
        0 if !text.contains("|\n") => {}
        1 => text.push_str("\n# end\n\n"),
        _ => text.push('\n'),
    }
    if dice.roll(6) == 0 { text.replace('\n', "\r\n") } else { text }
}

struct Writer<'d> {
    comments: bool,
    step: usize,
    dice: &'d mut Dice,
    out: String,
}

impl Writer<'_> {
    fn chance(&mut self, one_in: usize) -> bool {
        self.dice.roll(one_in) == 0
    }

    fn line(&mut self, column: usize) {
        self.out.push('\n');
        self.filler(column);
        self.out.push_str(&" ".repeat(column));
    }

    /// Comments and blank lines between lines.
    fn filler(&mut self, column: usize) {
        while self.comments && self.chance(4) {
            let blanks = if self.chance(3) { 0 } else { column };
            let comment = *["# note", "#", "", "# - a: {"].get(self.dice.roll(4)).expect("one of four");
            if !comment.is_empty() {
                self.out.push_str(&" ".repeat(blanks));
                self.out.push_str(comment);
            }
            self.out.push('\n');
        }
    }

    fn trailing(&mut self) {
        if self.comments && self.chance(4) {
            self.out.push_str(" # why");
        }
    }

    fn collection(&mut self, data: &Data, column: usize) {
        match data {
            Data::Object(map) if !map.is_empty() => {
                for (position, (key, value)) in map.iter().enumerate() {
                    if position > 0 {
                        self.line(column);
                    }
                    self.string(key, false);
                    self.out.push(':');
                    self.value(value, column);
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
            other => self.flow(other),
        }
    }

    fn item(&mut self, item: &Data, column: usize) {
        self.out.push('-');
        if is_filled(item) && !self.chance(5) {
            if self.chance(5) {
                self.trailing();
                self.line(column + self.step);
                self.collection(item, column + self.step);
            } else {
                let blanks = 1 + self.dice.roll(3);
                self.out.push_str(&" ".repeat(blanks));
                self.collection(item, column + 1 + blanks);
            }
        } else if item.is_null() && self.chance(2) {
            self.trailing();
        } else {
            self.out.push(' ');
            self.flow(item);
            self.trailing();
        }
    }

    fn value(&mut self, value: &Data, column: usize) {
        if is_filled(value) && !self.chance(5) {
            self.trailing();
            let step = if value.is_array() && self.chance(2) { 0 } else { self.step };
            self.line(column + step);
            self.collection(value, column + step);
        } else if value.is_null() && self.chance(2) {
            self.trailing();
        } else if let Some(text) = value.as_str().filter(|text| is_literal(text)).filter(|_| self.chance(2)) {
            self.out.push_str(" |");
            for line in text.lines() {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(column + self.step));
                self.out.push_str(line);
            }
        } else {
            let blanks = 1 + self.dice.roll(2);
            self.out.push_str(&" ".repeat(blanks));
            self.flow(value);
            self.trailing();
        }
    }

    fn flow(&mut self, data: &Data) {
        let (open, close) = if data.is_array() { ('[', ']') } else { ('{', '}') };
        let entries: Vec<(Option<&str>, &Data)> = match data {
            Data::Object(map) => map.iter().map(|(key, value)| (Some(key.as_str()), value)).collect(),
            Data::Array(items) => items.iter().map(|item| (None, item)).collect(),
            Data::String(text) => return self.string(text, true),
            Data::Null => return self.out.push_str(["null", "~", "Null"][self.dice.roll(3)]),
            other => return self.out.push_str(&other.to_string()),
        };
        let blank = if self.chance(2) { " " } else { "" };
        self.out.push(open);
        self.out.push_str(blank);
        for (position, (key, value)) in entries.iter().enumerate() {
            self.out.push_str(if position > 0 { ", " } else { "" });
            if let Some(key) = key {
                self.string(key, false);
                self.out.push_str(": ");
            }
            self.flow(value);
        }
        if !entries.is_empty() && self.chance(6) {
            self.out.push(',');
        }
        self.out.push_str(blank);
        self.out.push(close);
    }

    fn string(&mut self, text: &str, is_value: bool) {
        let single = !text.contains(['\n', '\'']);
        match self.dice.roll(4) {
            0 | 1 if is_safe(text) => self.out.push_str(text),
            2 if single && (is_value || self.comments) => {
                self.out.push('\'');
                self.out.push_str(text);
                self.out.push('\'');
            }
            _ => self.out.push_str(&serde_json::to_string(text).expect("JSON")),
        }
    }
}

fn is_filled(data: &Data) -> bool {
    data.as_object().is_some_and(|map| !map.is_empty())
        || data.as_array().is_some_and(|list| !list.is_empty())
}

/// Whether text may be a `|` scalar.
fn is_literal(text: &str) -> bool {
    text.ends_with('\n') && !text.ends_with("\n\n") && text.lines().all(|line| !line.is_empty())
}

/// Whether text is a string without quotes, in flow context too.
fn is_safe(text: &str) -> bool {
    text.starts_with('w') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/')
}
