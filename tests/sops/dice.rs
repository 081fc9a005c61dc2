//! Random documents, the same on every machine.

use serde_json::{Map, Value, json};

/// A small generator of numbers.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.roll(all.len())]
    }
}

const KEYS: [&str; 22] = [
    "data",
    "stringData",
    "metadata",
    "a",
    "b",
    "key2",
    "key10",
    "key02",
    "KEY",
    "a.b",
    "a-b",
    "a_b",
    "tls.crt",
    "1",
    "yes",
    "null",
    "x_unencrypted",
    "é",
    "with blank",
    "0755",
    "~",
    "a:b",
];

const TEXTS: [&str; 30] = [
    "",
    "a",
    "yes",
    "no",
    "y",
    "null",
    "~",
    "true",
    "0755",
    "1_000",
    "0x1F",
    "1e3",
    "2001-12-14",
    "1:30",
    ".5",
    "<<",
    "=",
    "- a",
    "a: b",
    "#x",
    " lead",
    "trail ",
    "line one\nline two\n",
    "\n",
    "a\n\n",
    "\ttab",
    "é✓",
    "'",
    "\"\\",
    "ENC[x]",
];

/// Data such as stands in a manifest or in values.
pub fn data(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth == 0 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => json!(dice.roll(2) == 0),
        2 => json!(i64::try_from(dice.roll(1 << 30)).unwrap() - 500),
        3 => json!(f64::from(u32::try_from(dice.roll(100_000)).unwrap()) / 64.0),
        4..=6 => json!(dice.pick(&TEXTS)),
        7 => Value::Array((0..dice.roll(4)).map(|_| data(dice, depth - 1)).collect()),
        _ => map(dice, depth - 1),
    }
}

/// A map of such data.
pub fn map(dice: &mut Dice, depth: usize) -> Value {
    let mut entries = Map::new();
    for _ in 0..dice.roll(6) {
        entries.insert(dice.pick(&KEYS).to_owned(), data(dice, depth));
    }
    Value::Object(entries)
}

/// Scalars as people write them, which readers of YAML take for all kinds of things.
const WRITTEN: [&str; 44] = [
    "0755",
    "0o755",
    "0b11",
    "0xFF",
    "1_000",
    "yes",
    "on",
    "y",
    "off",
    "2001-12-14",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.1",
    "1:30",
    "1e400",
    "1e3",
    "1.50",
    ".5",
    "-.5",
    "+1",
    "-0",
    "0.0",
    "-0.0",
    "08",
    "~",
    "null",
    "true",
    "False",
    "''",
    "\"\"",
    "{}",
    "[]",
    "\"0755\"",
    "'it''s'",
    "\"a\\nb\"",
    "plain words",
    "a#b",
    "100000000000000000000",
    "9223372036854775807",
    "0o8",
    "0x",
    "1_",
    "é✓",
    "|\n  one\n\n  two\n",
    ">-\n  folded\n  text\n",
];

/// Text in block style with comments, whose scalars are of every kind.
pub fn text(dice: &mut Dice) -> String {
    let mut out = String::new();
    for key in 0..=dice.roll(5) {
        if dice.roll(4) == 0 {
            out.push_str("# a comment\n");
        }
        entry(dice, &format!("key{key}"), 0, &mut out);
    }
    out
}

fn entry(dice: &mut Dice, key: &str, column: usize, out: &mut String) {
    let blanks = " ".repeat(column);
    match dice.roll(if column > 6 { 3 } else { 5 }) {
        0..=2 => {
            let scalar = dice.pick(&WRITTEN);
            let indented = scalar.replace('\n', &format!("\n{blanks}"));
            out.push_str(&format!("{blanks}{key}: {}", indented.trim_end_matches(' ')));
            if !out.ends_with('\n') {
                out.push_str(if dice.roll(5) == 0 { " # behind\n" } else { "\n" });
            }
        }
        3 => {
            out.push_str(&format!("{blanks}{key}:\n"));
            let name = dice.pick(&["data", "stringData", "inner", "x_unencrypted", "more"]);
            for number in 0..=dice.roll(2) {
                entry(dice, &format!("{name}{}", ["", "2", "3"][number]), column + 2, out);
            }
        }
        _ => {
            out.push_str(&format!("{blanks}{key}:\n"));
            for _ in 0..=dice.roll(3) {
                let one_line: Vec<&&str> = WRITTEN.iter().filter(|it| !it.contains('\n')).collect();
                let scalar = one_line[dice.roll(one_line.len())];
                out.push_str(&format!("{blanks}  - {scalar}\n"));
                if dice.roll(5) == 0 {
                    out.push_str(&format!("{blanks}  # between\n"));
                }
            }
        }
    }
}
