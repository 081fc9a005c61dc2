//! Documents spoilt at random: tokens put in, characters taken out, lines indented anew.

use crate::dice::Dice;

const TOKENS: [&str; 44] = [
    ": ",
    ":",
    " ",
    "  ",
    "\n",
    "\n\n",
    "- ",
    "-",
    "# c",
    " # c",
    "#",
    "{",
    "}",
    "[",
    "]",
    ",",
    "{}",
    "[]",
    "\"",
    "'",
    "|",
    "|-",
    "|+",
    ">",
    "|2",
    "&a ",
    "*a",
    "!!str ",
    "? ",
    "<<: ",
    "<<: *a",
    "~",
    "null",
    "\t",
    "\r\n",
    "---",
    "é",
    "\\",
    "%",
    "@",
    "x: {a: 1}",
    "[a: b]",
    "- - ",
    "securityContext:",
];

/// One to four changes.
pub fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.roll(4) {
        let at = floor(&text, dice.roll(text.len() + 1));
        match dice.roll(5) {
            0 | 1 => text.insert_str(at, TOKENS[dice.roll(TOKENS.len())]),
            2 => {
                let end = floor(&text, (at + 1 + dice.roll(4)).min(text.len()));
                text.replace_range(at.min(end)..end, "");
            }
            3 => {
                let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                text.insert_str(line, &" ".repeat(1 + dice.roll(3)));
            }
            _ => {
                let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let blanks = text[line..].bytes().take_while(|byte| *byte == b' ').count();
                text.replace_range(line..line + blanks.min(1 + dice.roll(4)), "");
            }
        }
    }
    text
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
