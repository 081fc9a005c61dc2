//! Strings that look like something else.

use crate::dice::Dice;

/// What looks like something else to some reader.
pub const ODD: [&str; 72] = [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "Y",
    "N",
    "True",
    "null",
    "~",
    "",
    "0777",
    "08",
    "1e3",
    ".5",
    "1_000",
    "0b11",
    "12:30",
    "190:20:30.15",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "<<",
    "=",
    ".inf",
    "-.INF",
    ".NaN",
    "0x1F",
    "+1",
    "1.",
    "1.20",
    "5Mi",
    "1.2.3",
    "a:b",
    "a: b",
    "a#b",
    "a #b",
    "-a",
    "- a",
    "---",
    "--- a",
    "...",
    "@a",
    "%a",
    "*a",
    "&a",
    "!a",
    "]a",
    "a,b",
    "[a]",
    "{a}",
    "C:\\x",
    "'",
    "\"",
    "\\",
    "a\\tb",
    "\t",
    "\n",
    "\r",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "é",
    "😀",
    "\u{ffff}",
    "?",
    "|",
    ">-",
    "`",
];
pub const GLUE: [&str; 16] =
    [" ", "  ", ":", ": ", "#", " #", "\n", "\n\n", "\n ", "-", "_", ".", "e", "0", "a", "'"];

/// One to five of them in a row.
pub fn random(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..=dice.roll(4) {
        text.push_str(ODD[dice.roll(ODD.len())]);
        if dice.roll(2) == 0 {
            text.push_str(GLUE[dice.roll(GLUE.len())]);
        }
    }
    text
}
