//! One source file with every mutant in it, each behind a switch: built once, the program then runs as any of them.

use std::ops::Range;

use anyhow::Result;

use super::forms::{Form, Lines, find};
use super::list::{Genre, Mutant};

/// A file with switches.
pub struct Switched {
    /// The text to compile.
    pub text: String,
    /// Where in it the text of which mutant stands; ranges that hold others come later.
    marks: Vec<(Range<usize>, Vec<usize>)>,
    /// The mutants that have no switch in it.
    pub apart: Vec<usize>,
}

impl Switched {
    /// The mutants behind the narrowest piece of the text that an error lies in.
    pub fn mutants_at(&self, error: Range<usize>) -> Option<&[usize]> {
        let around = |mark: &Range<usize>| mark.start <= error.start && error.end <= mark.end;
        let marks = self.marks.iter().filter(|(mark, _)| around(mark));
        marks.min_by_key(|(mark, _)| mark.len()).map(|(_, mutants)| mutants.as_slice())
    }
}

struct Switch<'m> {
    form: Form,
    mutants: Vec<(usize, &'m str)>,
}

/// Puts these mutants (numbers and descriptions) of one file into its text.
pub fn switched(text: &str, mutants: &[(usize, &Mutant)]) -> Result<Switched> {
    let (forms, lines) = (find(text)?, Lines::new(text));
    let mut switches: Vec<Switch<'_>> = Vec::new();
    let mut apart = Vec::new();
    for (number, mutant) in mutants {
        let key = (mutant.genre, lines.byte(mutant.span.start));
        let Some(form) = forms.get(&key).filter(|_| mutant.genre != Genre::StructField) else {
            apart.push(*number);
            continue;
        };
        let same = |it: &&mut Switch<'_>| {
            it.form.whole() == form.whole()
                && std::mem::discriminant(&it.form) == std::mem::discriminant(form)
        };
        match switches.iter_mut().find(same) {
            Some(switch) => switch.mutants.push((*number, &mutant.replacement)),
            None => {
                let mutants = vec![(*number, mutant.replacement.as_str())];
                switches.push(Switch { form: form.clone(), mutants });
            }
        }
    }
    switches.sort_by_key(|it| {
        (it.form.whole().start, !it.form.whole().is_empty(), usize::MAX - it.form.whole().end)
    });
    let (written, out) = (vec![false; switches.len()], String::new());
    let mut writer = Writer { text, switches: &switches, written, out, marks: Vec::new() };
    writer.write(0..text.len());
    Ok(Switched { text: writer.out, marks: writer.marks, apart })
}

struct Writer<'t> {
    text: &'t str,
    switches: &'t [Switch<'t>],
    written: Vec<bool>,
    out: String,
    marks: Vec<(Range<usize>, Vec<usize>)>,
}

impl<'t> Writer<'t> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes a piece of the file with the switches in it that are not written yet.
    fn write(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let (text, switches) = (self.text, self.switches);
        for (place, switch) in switches.iter().enumerate() {
            let whole = switch.form.whole();
            if self.written[place] || whole.start < at || whole.end > range.end {
                continue;
            }
            self.written[place] = true;
            self.push(&text[at..whole.start]);
            let start = self.out.len();
            self.switch(switch);
            let all = switch.mutants.iter().map(|(number, _)| *number).collect();
            self.marks.push((start..self.out.len(), all));
            at = whole.end;
        }
        self.push(&text[at..range.end]);
    }

    /// `if` this mutant is on, then that.
    fn branch(&mut self, number: usize, open: &str, body: &str, close: &str) {
        self.push(&format!("if crate::mutant::on({number}) {open}"));
        let start = self.out.len();
        self.push(body);
        self.marks.push((start..self.out.len(), vec![number]));
        self.push(close);
    }

    fn switch(&mut self, switch: &'t Switch<'t>) {
        let text = self.text;
        match &switch.form {
            Form::Body { .. } => {
                for (number, value) in &switch.mutants {
                    self.branch(*number, "{ ", &format!("return {value};"), " } ");
                }
            }
            Form::Binary { left, op, right } => {
                self.push("(");
                for (number, other) in &switch.mutants {
                    let body = format!("{} {other} {}", &text[left.clone()], &text[right.clone()]);
                    self.branch(*number, "{ ", &body, " } else ");
                }
                self.push("{ ");
                self.write(left.clone());
                self.push(&format!(" {} ", &text[op.clone()]));
                self.write(right.clone());
                self.push(" })");
            }
            Form::Unary { op, operand } => {
                self.push("(");
                for (number, _) in &switch.mutants {
                    self.branch(*number, "{ ", &text[operand.clone()], " } else ");
                }
                self.push(&format!("{{ {}", &text[op.clone()]));
                self.write(operand.clone());
                self.push(" })");
            }
            Form::Arm { .. } => {
                for (number, _) in &switch.mutants {
                    self.push(&format!(" if !crate::mutant::on({number})"));
                }
            }
            Form::Guard { guard } => {
                let on = |value: &str| -> String {
                    let numbers = switch.mutants.iter().filter(|(_, other)| *other == value);
                    numbers.map(|(number, _)| format!("crate::mutant::on({number}) || ")).collect()
                };
                let (yes, no) = (on("true"), on("false"));
                self.push(&format!("({yes}!({no}false) && ("));
                self.write(guard.clone());
                self.push("))");
            }
        }
    }
}

/// The file with one mutant in place of what it breaks: what cargo-mutants itself would build.
pub fn replaced(text: &str, mutant: &Mutant) -> String {
    let lines = Lines::new(text);
    let (start, end) = (lines.byte(mutant.span.start), lines.byte(mutant.span.end));
    format!("{}{}{}", &text[..start], mutant.replacement, &text[end..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::mutants::list::{Position, Span};

    const SOURCE: &str = "\
fn decide(a: i32, b: &str) -> bool {
    let c = a + 1 < 3 && !b.is_empty();
    match a {
        0 => false,
        1 if c => true,
        _ => c,
    }
}
const FIXED: bool = 1 < 2;
";

    fn mutant(genre: Genre, (line, column): (usize, usize), length: usize, replacement: &str) -> Mutant {
        let start = Position { line, column };
        let span = Span { start, end: Position { line, column: column + length } };
        Mutant { file: String::new(), span, replacement: replacement.to_owned(), genre, name: String::new() }
    }

    fn made(mutants: &[Mutant]) -> Switched {
        switched(SOURCE, &mutants.iter().enumerate().collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn operators_switch_with_their_operands_and_keep_what_switches_inside() {
        let made = made(&[
            mutant(Genre::BinaryOperator, (2, 23), 2, "||"),
            mutant(Genre::BinaryOperator, (2, 15), 1, "-"),
            mutant(Genre::BinaryOperator, (2, 15), 1, "*"),
            mutant(Genre::UnaryOperator, (2, 26), 1, ""),
        ]);
        assert!(made.apart.is_empty());
        let line = made.text.lines().nth(1).unwrap();
        let sum = "(if crate::mutant::on(1) { a - 1 } else if crate::mutant::on(2) { a * 1 } else { a + 1 })";
        let empty = "(if crate::mutant::on(3) { b.is_empty() } else { !b.is_empty() })";
        let both = "if crate::mutant::on(0) { a + 1 < 3 || !b.is_empty() }";
        assert_eq!(line, format!("    let c = ({both} else {{ {sum} < 3 && {empty} }});"));
    }

    #[test]
    fn bodies_arms_and_guards_switch_where_they_stand() {
        let made = made(&[
            mutant(Genre::FnValue, (2, 5), 1, "true"),
            mutant(Genre::MatchArm, (4, 9), 11, ""),
            mutant(Genre::MatchArmGuard, (5, 14), 1, "true"),
            mutant(Genre::MatchArmGuard, (5, 14), 1, "false"),
        ]);
        assert!(made.text.contains("    if crate::mutant::on(0) { return true; } let c = "));
        assert!(made.text.contains("0 if !crate::mutant::on(1) => false,"));
        let guard = "1 if (crate::mutant::on(2) || !(crate::mutant::on(3) || false) && (c)) => true,";
        assert!(made.text.contains(guard), "{}", made.text);
    }

    #[test]
    fn what_is_known_before_the_program_runs_has_no_switch() {
        let made = made(&[mutant(Genre::BinaryOperator, (9, 23), 1, ">")]);
        assert_eq!((made.text.as_str(), made.apart), (SOURCE, vec![0]));
    }

    #[test]
    fn an_error_is_laid_to_the_narrowest_mutant_around_it() {
        let made = made(&[
            mutant(Genre::BinaryOperator, (2, 15), 1, "-"),
            mutant(Genre::BinaryOperator, (2, 15), 1, "*"),
        ]);
        let at = made.text.find("a * 1").unwrap();
        assert_eq!(made.mutants_at(at..at + 5), Some([1].as_slice()));
        let at = made.text.find("a + 1").unwrap();
        assert_eq!(made.mutants_at(at..at + 5), Some([0, 1].as_slice()));
        assert_eq!(made.mutants_at(0..2), None);
    }

    #[test]
    fn a_mutant_of_its_own_is_what_cargo_mutants_would_build() {
        let text = replaced(SOURCE, &mutant(Genre::BinaryOperator, (9, 23), 1, ">"));
        assert_eq!(text, SOURCE.replace("= 1 < 2", "= 1 > 2"));
    }
}
