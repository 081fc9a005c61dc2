//! Text to read: seeds, charts, both with tampering, and words strung together.

use std::env;
use std::fs;
use std::path::Path;

use crate::support::corpus;

/// Numbers that are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15 ^ seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const TOKENS: &[&str] = &[
    ": ", ":", "- ", "-", "\n", "\n\n", "  ", " ", "#", " # c", "'", "\"", "|", ">", "|-\n", "|+\n", "|2\n",
    ">\n", "{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "? ", "<<: *a\n", "\t", "\r\n", "---", "...", "~",
    "null", "y", "0x1", "\\", "\\n", "\\\n", "%", "@", "`", "a: b", "{a: b}", "[a, b]", "''", "\"\"", "é",
    "!", "=", "\u{feff}", "\u{2028}", "\u{85}",
];

const WORDS: &[&str] = &[
    "a",
    "b: ",
    "- ",
    "x: y",
    "k:\n  ",
    "0x1F",
    "08",
    "1e3",
    "~",
    "yes",
    "null",
    "\n",
    "\n  ",
    "\n    ",
    "\n\n",
    "1_0",
    ".5",
    "2001-01-01",
    "?x",
    "'q'",
    "\"d\"",
    "{a: 1}",
    "{",
    ", ",
    "}",
    "[",
    "[x, y]",
    "<<: ",
    "+1",
    "-",
    ":",
    "0b-1",
    "0o7",
    "1:2",
    "name: z\n",
    "- c: d\n  e: f\n",
    "key: |\n  t\n",
    "k2: >-\n  t\n  u\n",
    " ",
    "  ",
];

/// Our own samples, and the charts where there are some.
pub fn seeds() -> Vec<(String, String)> {
    let mut seeds: Vec<(String, String)> = ["testdata/yaml", "testdata/shop"]
        .iter()
        .flat_map(|folder| fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 3, "the samples are there");
    seeds.extend(corpus::charts().into_iter().map(|(name, text)| (name, String::from_utf8(text).unwrap())));
    seeds
}

/// How many times as many texts as usual are tried: `HARDTACK_MUTANTS`, for long runs.
fn times() -> usize {
    env::var("HARDTACK_MUTANTS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Pieces of the seeds, tampered with.
pub fn mutants(count: usize, seed: u64) -> impl Iterator<Item = String> {
    let seeds = seeds();
    let lines: Vec<Vec<&'static str>> =
        seeds.into_iter().map(|(_, text)| text.leak().split_inclusive('\n').collect()).collect();
    let mut dice = Dice::new(seed);
    (0..count * times()).map(move |_| {
        let lines = dice.pick(&lines).clone();
        let from = dice.below(lines.len());
        let to = (from + 1 + dice.below(25)).min(lines.len());
        let mut text =
            if dice.below(4) == 0 { lines[from..to].concat() } else { unindented(&lines[from..to]) };
        for _ in 0..=dice.below(3) {
            tamper(&mut text, &mut dice);
        }
        text
    })
}

/// Words and signs in any order.
pub fn soups(count: usize, seed: u64) -> impl Iterator<Item = String> {
    let mut dice = Dice::new(seed);
    (0..count * times()).map(move |_| {
        let length = 1 + dice.below(14);
        (0..length).map(|_| if dice.below(3) == 0 { *dice.pick(TOKENS) } else { *dice.pick(WORDS) }).collect()
    })
}

/// Flow collections with all manner of things in them.
pub fn brackets(count: usize, seed: u64) -> impl Iterator<Item = String> {
    let mut dice = Dice::new(seed);
    (0..count * times()).map(move |_| {
        let mut text = String::from(*dice.pick(&["", "a: ", "- ", "- a: ", "a:\n  "]));
        flow(&mut text, &mut dice, 0);
        if dice.below(6) == 0 {
            tamper(&mut text, &mut dice);
        }
        text.push('\n');
        text
    })
}

const BLANKS: &[&str] = &["", "", "", " ", " ", "\n  ", " # c\n  ", "\n"];
const SCALARS: &[&str] = &[
    "a",
    "b",
    "-1",
    "a b",
    "a:b",
    "b#c",
    "'q'",
    "\"d\"",
    "''",
    "1.0",
    "x?",
    "?",
    ":",
    "-",
    "- a",
    "~",
    "",
    "",
    "*a",
    "&a b",
    "!!str 1",
    "a|b",
    "|",
    "%",
    "@a",
    "é",
    "c\n    d",
    "<<",
    "=",
    "http://x/",
    "a-",
    "a=",
    "$(A)",
    "0:1",
    "&a",
    "!x",
];

fn flow(text: &mut String, dice: &mut Dice, depth: usize) {
    let (open, close) = *dice.pick(&[("{", "}"), ("[", "]")]);
    text.push_str(open);
    for entry in 0..dice.below(4) {
        if entry > 0 {
            text.push_str(dice.pick::<&str>(BLANKS));
            text.push(',');
        }
        text.push_str(dice.pick::<&str>(BLANKS));
        if open == "{" || dice.below(5) == 0 {
            text.push_str(dice.pick::<&str>(&["", "", "", "", "? "]));
            text.push_str(dice.pick::<&str>(SCALARS));
            text.push_str(dice.pick::<&str>(BLANKS));
            text.push_str(dice.pick::<&str>(&[":", ": ", ": ", ": ", "", ":\n  "]));
        }
        if depth < 3 && dice.below(4) == 0 {
            flow(text, dice, depth + 1);
        } else {
            text.push_str(dice.pick::<&str>(SCALARS));
        }
        text.push_str(dice.pick::<&str>(BLANKS));
    }
    text.push_str(dice.pick::<&str>(&["", "", "", ",", " "]));
    text.push_str(close);
}

fn unindented(lines: &[&str]) -> String {
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(least..).unwrap_or("\n")).collect()
}

fn tamper(text: &mut String, dice: &mut Dice) {
    let boundary = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(text, dice.below(text.len() + 1));
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let next = text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1);
    match dice.below(8) {
        0..=2 => text.insert_str(at, dice.pick::<&str>(TOKENS)),
        3 | 4 => {
            let end = boundary(text, (at + 1 + dice.below(4)).min(text.len())).max(at);
            text.replace_range(at..end, "");
        }
        5 => text.insert_str(line, dice.pick::<&str>(&[" ", "  ", "   ", "\t"])),
        6 if text[line..].starts_with(' ') => text.replace_range(line..=line, ""),
        6 => text.truncate(at),
        _ => text.replace_range(line..next, ""),
    }
}
