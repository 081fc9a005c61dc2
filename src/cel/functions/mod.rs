//! The functions of Kubernetes' CEL, by name. What is not in the table is refused when the policy is read.

pub mod cidr;
pub mod convert;
pub mod lists;
pub mod named;
pub mod optionals;
pub mod patterns;
pub mod quantity;
pub mod regexes;
pub mod sets;
pub mod strings;
mod table;
pub mod text_format;
pub mod times;
pub mod url;
pub mod versions;

use super::budget::Budget;
use super::failure::Failure;
use super::value::{Outcome, Text, Val};

pub use table::TABLE;

/// What a function does with its arguments, the receiver first.
pub type Run = for<'a> fn(&[Val<'a>], &mut Budget) -> Outcome<'a>;

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name, with the space it lives in: `sets.contains`.
    pub name: &'static str,
    /// Whether it is called on a value: `x.name()`.
    pub member: bool,
    /// The least and the most arguments, the receiver not counted.
    pub args: (usize, usize),
    /// Where among its arguments, receiver included, a pattern stands.
    pub pattern: Option<usize>,
    /// The type it always gives, if it is always the same.
    pub gives: Option<&'static str>,
    /// What runs.
    pub run: Run,
}

impl Function {
    /// Whether it takes so many arguments, the receiver not counted.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        (self.args.0..=self.args.1).contains(&count)
    }
}

/// The function of that name and form.
#[must_use]
pub fn find(name: &str, member: bool) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.member == member && function.name == name)
}

/// The names of all functions of that form.
pub fn names(member: bool) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |function| function.member == member).map(|function| function.name)
}

/// Text, when it is that; a pattern was text once.
fn text<'v>(value: &'v Val<'_>) -> Option<&'v str> {
    value.as_text()
}

/// A piece of text that another text is made of: lent again where it was lent.
fn part<'a>(whole: &Val<'a>, piece: &str, from: usize) -> Val<'a> {
    match whole {
        Val::Text(Text::Lent(text)) => Val::Text(Text::Lent(&text[from..from + piece.len()])),
        _ => Val::text(piece),
    }
}

fn wrong<'a>(name: &str, args: &[Val<'_>]) -> Outcome<'a> {
    Err(Failure::overload(name, args))
}
