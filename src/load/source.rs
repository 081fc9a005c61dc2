//! Where a policy is written: its file, and the line and column of everything in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::migrate;
use crate::error::Error;
use crate::yaml::stream::{ParseOptions, parse};
use crate::yaml::{Data, Route, Step, Stream, Value};

/// Where a policy comes from, for messages and for the paths in it.
#[derive(Debug, Clone)]
pub struct Source {
    /// `hardtack.yaml`, `functionConfig`, `production`.
    pub name: String,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
    /// The text, unless the policy came as an object.
    written: Option<Arc<Stream>>,
    /// Where in the text what is said stands: `spec`, or one of its environments.
    base: Route,
}

impl Source {
    /// A policy by this name whose paths start from `folder`.
    #[must_use]
    pub fn new(name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), folder: folder.into(), written: None, base: Route::root().key("spec") }
    }

    /// The source of a file.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        Self::new(path.display().to_string(), path.parent().unwrap_or(Path::new("")))
    }

    /// The same, with the text it was read from.
    pub(super) fn with_text(self, written: Option<Arc<Stream>>) -> Self {
        Self { written, ..self }
    }

    /// The same, for what stands at a route below the text's root.
    pub(super) fn at(&self, base: Route) -> Self {
        Self { base, ..self.clone() }
    }

    /// `hardtack.yaml:12:5`: where the key or item at a route below `spec` stands, or else what is nearest above it.
    /// Without a text the route itself: `functionConfig spec.rules`.
    #[must_use]
    pub fn place(&self, route: &Route) -> String {
        self.place_in_text(&self.base.steps().iter().chain(route.steps()).cloned().collect())
    }

    /// Whether both are the same part of the same text.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.base == other.base
    }

    /// Line and column, from 1, as [`Source::place`] says them.
    #[must_use]
    pub fn line_and_column(&self, route: &Route) -> Option<(usize, usize)> {
        let route = self.base.steps().iter().chain(route.steps()).cloned().collect();
        self.written.as_deref().and_then(|stream| found(stream, &route))
    }

    /// As [`Source::place`], from the text's root.
    pub(super) fn place_in_text(&self, route: &Route) -> String {
        match self.written.as_deref().and_then(|stream| found(stream, route)) {
            Some((line, column)) => format!("{}:{line}:{column}", self.name),
            None => format!("{} {route}", self.name).trim_end().to_owned(),
        }
    }

    /// What stands there, as data.
    pub(super) fn said(&self) -> Data {
        let root = self.written.as_deref().and_then(root);
        let mut data = root.and_then(|(root, _)| root.at(&self.base)).map_or(Data::Null, Value::to_data);
        migrate::spec(&mut data);
        data
    }

    /// `hardtack.yaml:12`, as [`Source::place`] without the column.
    #[must_use]
    pub fn line(&self, route: &Route) -> String {
        let place = self.place(route);
        if self.written.is_none() {
            return place;
        }
        place.rsplit_once(':').map_or(place.clone(), |(line, _)| line.to_owned())
    }

    /// The error for what stands at a route below `spec`: `hardtack.yaml:12:5: what`.
    #[must_use]
    pub fn wrong(&self, route: &Route, what: impl std::fmt::Display, help: impl Into<String>) -> Error {
        Error::Policy { message: format!("{}: {what}", self.place(route)), help: help.into() }
    }

    /// The error for a word at a route that is none of those known: `unknown rule "x" in hardtack.yaml:12:5`.
    #[must_use]
    pub fn unknown(&self, route: &Route, what: impl std::fmt::Display, help: impl Into<String>) -> Error {
        Error::Policy { message: format!("unknown {what} in {}", self.place(route)), help: help.into() }
    }
}

/// The only document with content, and the lines before it.
pub(super) fn root(stream: &Stream) -> Option<(Value<'_>, usize)> {
    stream.documents.iter().find_map(|document| Some((stream.root(document)?, document.line - 1)))
}

/// Reads the text of a policy file as one document.
///
/// # Errors
/// [`Error::Policy`] with line and column.
pub(super) fn written(text: &str, name: &str) -> Result<Arc<Stream>, Error> {
    let stream = parse(text.to_owned(), ParseOptions::default()).map_err(|error| Error::Policy {
        message: format!("{name}:{}:{}: {}", error.line, error.column, error.message),
        help: error.help.replace("the template", "the policy file"),
    })?;
    if let Some(warning) = stream.documents.iter().flat_map(|document| &document.warnings).next() {
        let what = warning.message.split(';').next().unwrap_or_default();
        let message = format!("{name}:{}: {what}", warning.line);
        return Err(Error::Policy { message, help: "a policy says each thing once".to_owned() });
    }
    let mut with_content = stream.documents.iter().filter(|document| stream.root(document).is_some());
    let help = || "hardtack policy show -e production prints a policy file".to_owned();
    match (with_content.next(), with_content.next()) {
        (None, _) => Err(Error::Policy { message: format!("{name} says nothing"), help: help() }),
        (_, Some(second)) => {
            let message = format!("{name}:{}: a second document", second.line);
            Err(Error::Policy { message, help: "one policy to a file: join several by extends".to_owned() })
        }
        _ => Ok(Arc::new(stream)),
    }
}

/// Line and column, from 1, of a route of v1 in a text of v1 or of v1alpha1.
fn found(stream: &Stream, route: &Route) -> Option<(usize, usize)> {
    let whole = position(stream, route).filter(|(_, whole)| *whole);
    whole.or_else(|| position(stream, &migrate::old_route(route))).map(|(place, _)| place)
}

/// Line and column, from 1, of the last step of a route that exists, and whether that is the whole route.
fn position(stream: &Stream, route: &Route) -> Option<((usize, usize), bool)> {
    let (mut here, lines) = root(stream)?;
    let (mut shown, mut whole) = (here, true);
    for step in route.steps() {
        let found = match step {
            Step::Key(key) => here.resolved().own_entry(key),
            Step::Index(index) => here.items().nth(*index).map(|item| (item, item)),
        };
        match found {
            Some((key, value)) => (shown, here) = (key, value),
            None => {
                whole = false;
                break;
            }
        }
    }
    let start = shown.node().start as usize;
    let before = &shown.document_text()[..start];
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    Some(((lines + shown.line(), before[before.len() - column..].chars().count() + 1), whole))
}
