//! Where an object does not fit, and how.

use crate::yaml::route::keys;
use crate::yaml::{Route, Step, Value};

/// In which way a value does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// No such field.
    Unknown,
    /// Of another type, or text that does not read as what it has to be.
    Type,
    /// Required and not there.
    Missing,
    /// None of the words allowed.
    Word,
    /// Two items of a list are alike where they must differ.
    Twice,
    /// The same, where only server-side apply minds.
    Apply,
    /// Against a rule of the API beyond types.
    Rule,
}

/// One thing that does not fit.
#[derive(Debug, Clone)]
pub struct Fault<'a> {
    /// From the object to the value, or to where it should be.
    pub route: Route,
    /// The value, its key, or the nearest above it that exists.
    pub near: Value<'a>,
    /// In which way.
    pub flaw: Flaw,
    /// What is wrong; never the value of a secret.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Fault<'_> {
    /// Whether another version finds the same.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.flaw == other.flaw && self.route == other.route
    }
}

/// The way down to a value, on the stack: most values fit, and need no route.
#[derive(Debug, Clone, Copy)]
pub enum Path<'p, 'a> {
    /// The object.
    Root,
    /// A part of the object that somebody else found the way to.
    Part(&'p Route),
    /// One key further: the key as written.
    Key(&'p Path<'p, 'a>, Value<'a>),
    /// One key further: as text.
    Name(&'p Path<'p, 'a>, &'p str),
    /// The keys of a dotted path further.
    Dotted(&'p Path<'p, 'a>, &'static str),
    /// One item further.
    Index(&'p Path<'p, 'a>, usize),
}

impl Path<'_, '_> {
    /// The last key, and the list positions after it: what a message calls the value.
    #[must_use]
    pub fn tail(&self) -> String {
        match self {
            Path::Root | Path::Part(_) => "the object".to_owned(),
            Path::Key(_, key) => key.key_text().into_owned(),
            Path::Name(_, key) => (*key).to_owned(),
            Path::Dotted(_, path) => keys(path).last().unwrap_or_default().to_owned(),
            Path::Index(up, index) => format!("{}[{index}]", up.tail()),
        }
    }

    /// As a route.
    #[must_use]
    pub fn route(&self) -> Route {
        let mut steps = Vec::new();
        let mut path = self;
        loop {
            path = match path {
                Path::Root => break,
                Path::Part(route) => {
                    steps.extend(route.steps().iter().rev().cloned());
                    break;
                }
                Path::Key(up, key) => {
                    steps.push(Step::Key(key.key_text().into_owned().into()));
                    up
                }
                Path::Name(up, key) => {
                    steps.push(Step::Key((*key).to_owned().into()));
                    up
                }
                Path::Dotted(up, path) => {
                    let keys: Vec<&'static str> = keys(path).collect();
                    steps.extend(keys.into_iter().rev().map(|key| Step::Key(key.into())));
                    up
                }
                Path::Index(up, index) => {
                    steps.push(Step::Index(*index));
                    up
                }
            };
        }
        steps.into_iter().rev().collect()
    }
}
