//! Holds what a release carries to a schema and says each error at its place.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

use super::document::route_of;
use super::rule::Reading;
use super::{Schema, words};
use crate::embedded::{Content, Entry, Fault, Format, entries};
use crate::error::Error;
use crate::finding::{Draft, Place};
use crate::k8s::{Object, Release};
use crate::nearest::nearest;
use crate::policy::matcher::glob;
use crate::policy::{Match, OwnCheck, Policy};
use crate::yaml::{Data, Route, Step, Value};

/// How many errors of one object or file are said one by one.
const SAID: usize = 20;
/// How many are counted beyond.
const COUNTED: usize = 1000;

/// The rule of one `schemas:` entry.
#[derive(Debug)]
pub(super) struct SchemaCheck {
    pub(super) matches: Match,
    pub(super) key: Option<String>,
    pub(super) reading: Reading,
    pub(super) schema: Schema,
    pub(super) message: Option<String>,
    pub(super) help: String,
}

impl OwnCheck for SchemaCheck {
    fn check<'a>(
        &self,
        _: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error> {
        for object in &release.objects {
            let workload = || release.workloads.iter().find(|workload| workload.object == object.number);
            let workload = if self.matches.labels.is_empty() { None } else { workload() };
            if !self.matches.object(object, workload) {
                continue;
            }
            let Some(pattern) = &self.key else {
                self.whole(object, say);
                continue;
            };
            for entry in entries(object).iter().filter(|entry| glob(pattern, &entry.key)) {
                self.key(object, entry, say);
            }
        }
        Ok(())
    }
}

/// One error: where in the data, and words to stand behind the name of that place.
struct Broken {
    route: Route,
    what: String,
}

impl Broken {
    fn shown(&self, whole: impl Into<String>) -> String {
        let place = if self.route.steps().is_empty() { whole.into() } else { self.route.to_string() };
        format!("{place} {}", self.what)
    }
}

impl SchemaCheck {
    fn whole<'a>(&self, object: &Object<'a>, say: &mut dyn FnMut(Draft<'a>)) {
        let data = without_nulls(object.value.to_data());
        for broken in self.errors(&data, object.is("", "Secret")) {
            let place = place_of(object, &broken.route);
            say(place.wrong(self.headed(broken.shown(object.id.to_string()))).help(self.help.clone()));
        }
    }

    fn key<'a>(&self, object: &Object<'a>, entry: &Entry<'a>, say: &mut dyn FnMut(Draft<'a>)) {
        let key = &entry.key;
        let format = match self.reading {
            Reading::ByName => Format::of_name(key),
            Reading::Text => None,
            Reading::As(format) => Some(format),
        };
        let mut wrong = |line: Option<usize>, what: String| {
            let place = Place {
                object: object.number,
                container: None,
                route: entry.route.clone(),
                near: entry.value,
            };
            let draft = place.wrong(self.headed(what)).help(self.help.clone());
            say(match line.and_then(|line| entry.line_in(object, line)) {
                Some(line) => draft.on_line(line),
                None => draft,
            });
        };
        let Some(format) = format else {
            let Content::Text(text) = &entry.content else {
                return wrong(None, format!("{key} holds no text"));
            };
            let data = Data::String(text.clone().into_owned());
            return self.errors(&data, entry.secret).iter().for_each(|it| wrong(None, it.shown(key)));
        };
        match entry.file(Some(format)) {
            Ok(file) => {
                let mut errors: Vec<(usize, Broken)> = Vec::new();
                for broken in self.errors(&file.data, entry.secret) {
                    errors.push((file.line_of(&broken.route), broken));
                }
                errors.sort_by_key(|(line, _)| *line);
                for (line, broken) in errors {
                    wrong(Some(line), format!("{key} line {line}: {}", broken.shown("the file")));
                }
            }
            Err(Fault { what, line }) => {
                let at = line.map(|line| format!(" line {line}")).unwrap_or_default();
                wrong(line, format!("{key}{at}: cannot be read as {format}: {what}"));
            }
        }
    }

    /// The errors, the first [`SAID`] one by one.
    fn errors(&self, data: &Data, secret: bool) -> Vec<Broken> {
        let mut errors = self.schema.errors(data);
        let mut all: Vec<Broken> =
            errors.by_ref().take(SAID).map(|error| self.broken(&error, data, secret)).collect();
        let more = errors.take(COUNTED).count();
        if more > 0 {
            let count = if more == COUNTED { format!("{more} or more") } else { more.to_string() };
            let what = format!("breaks {} in {count} further places", self.schema.path);
            all.push(Broken { route: Route::root(), what });
        }
        all
    }

    fn broken(&self, error: &ValidationError<'_>, data: &Data, secret: bool) -> Broken {
        let mut route = route_of(error.instance_path().as_str(), data);
        let mut what = words::what(error, secret);
        if let Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } =
            error.kind()
            && let [key] = unexpected.as_slice()
        {
            what = "is unknown".to_owned();
            if let Some(known) = nearest(key, self.schema.known_keys(error)) {
                what.push_str(&format!(", did you mean {known}?"));
            }
            route = route.key(key.clone());
        }
        what.push_str(&format!(" ({})", self.schema.keyword_of(error)));
        Broken { route, what }
    }

    fn headed(&self, what: String) -> String {
        match &self.message {
            Some(message) => format!("{message}: {what}"),
            None => what,
        }
    }
}

/// The place at a route below an object, as near as it exists.
fn place_of<'a>(object: &Object<'a>, below: &Route) -> Place<'a> {
    let mut near = object.value;
    for step in below.steps() {
        let next: Option<Value<'a>> = match step {
            Step::Key(key) => near.entry(key),
            Step::Index(index) => near.items().nth(*index),
        };
        match next {
            Some(value) => near = value,
            None => break,
        }
    }
    let route = object.route.steps().iter().chain(below.steps()).cloned().collect();
    Place { object: object.number, container: None, route, near }
}

/// The API server drops nulls of maps, so schemas do not see them. Those of lists stay.
fn without_nulls(data: Data) -> Data {
    match data {
        Data::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            Data::Object(kept.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Data::Array(items) => Data::Array(items.into_iter().map(without_nulls).collect()),
        scalar => scalar,
    }
}
