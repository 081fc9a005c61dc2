//! Walks an object along its type, as the API server's strict decoder does.

use std::borrow::Cow;

use foldhash::HashSet;

use super::fault::{Fault, Flaw, Path};
use super::format::Format;
use super::misfit::{found, misfit};
use super::table::{Field, Fields, Shape, Type, Words};
use crate::nearest::nearest;
use crate::yaml::{Data, Node, Value};

/// Everything in which a value does not fit a type, in the order it is written.
#[must_use]
pub fn faults(value: Value<'_>, of: Type) -> Vec<Fault<'_>> {
    let mut walk = Walk { faults: Vec::new() };
    walk.value(value, of, &Path::Root);
    walk.faults
}

/// The same for a part of an object that stands at a key of it.
#[must_use]
pub fn faults_below<'a>(value: Value<'a>, of: Type, key: &str) -> Vec<Fault<'a>> {
    let mut walk = Walk { faults: Vec::new() };
    walk.value(value, of, &Path::Name(&Path::Root, key));
    walk.faults
}

struct Walk<'a> {
    faults: Vec<Fault<'a>>,
}

impl<'a> Walk<'a> {
    fn say(&mut self, path: &Path<'_, 'a>, near: Value<'a>, flaw: Flaw, message: String, help: String) {
        self.faults.push(Fault { route: path.route(), near, flaw, message, help });
    }

    /// The API server drops nulls, so they fit everywhere.
    fn value(&mut self, value: Value<'a>, of: Type, path: &Path<'_, 'a>) {
        let value = value.resolved();
        match of.shape() {
            Shape::Any => {}
            Shape::Object(fields) if value.is_map() => self.object(value, fields, path),
            Shape::Map(of, keys) if value.is_map() => each_entry(value, |key, below| {
                let step = key.step(path);
                if let Some(format) = keys.filter(|format| !key.with_text(|name| format.fits(name))) {
                    let near = if let Key::Node(node) = key { node } else { below };
                    self.malformed(&step, near, "this key", format);
                }
                self.value(below, of, &step);
            }),
            Shape::List(item, keys, repeats) if value.is_seq() => self.list(value, item, keys, repeats, path),
            Shape::String if value.is_str() => {}
            _ if value.is_null() => {}
            Shape::Enum(words, filled) if value.is_str() => self.word(value, words, filled, path),
            Shape::Text(format, filled) if value.is_str() => {
                let text = value.as_str().unwrap_or_default();
                if if text.is_empty() { filled } else { !format.fits(&text) } {
                    self.malformed(path, value, &path.tail(), format);
                }
            }
            shape => {
                if let Some((wanted, help)) = misfit(value, shape) {
                    let found = found(value, shape);
                    let message = format!("{} is {found}, the API wants {wanted}", path.tail());
                    self.say(path, value, Flaw::Type, message, help);
                }
            }
        }
    }

    fn object(&mut self, map: Value<'a>, fields: Fields, path: &Path<'_, 'a>) {
        let mut seen = 0_u128;
        each_entry(map, |key, value| {
            // No field is called like a number or a boolean: what is written is what is read, nearly always.
            let written = if let Key::Node(node) = key { fields.find(node.raw()) } else { None };
            let found = written.or_else(|| key.with_text(|name| fields.find(name)));
            let step = key.step(path);
            match found {
                Some(field) => {
                    let written = !field.required || !is_nothing(value, field);
                    seen |= u128::from(written) << (field.place & 127);
                    self.value(value, field.of, &step);
                }
                None => self.unknown(key, fields, value, &step),
            }
        });
        for field in fields.iter().filter(|field| field.required && seen & (1 << (field.place & 127)) == 0) {
            let step = Path::Name(path, field.name());
            let message = format!("{} is missing", field.name());
            self.say(&step, map, Flaw::Missing, message, format!("add {}:", field.name()));
        }
    }

    fn unknown(&mut self, key: Key<'_, 'a>, fields: Fields, value: Value<'a>, path: &Path<'_, 'a>) {
        let near = if let Key::Node(node) = key { node } else { value };
        let (message, help) = key.with_text(|name| {
            let help = match nearest(name, fields.iter().map(Field::name)) {
                Some(meant) => format!("did you mean {meant}?"),
                None => String::new(),
            };
            (format!("the API knows no field {name} here"), help)
        });
        self.say(path, near, Flaw::Unknown, message, help);
    }

    fn list(&mut self, list: Value<'a>, item: Type, keys: Words, repeats: bool, path: &Path<'_, 'a>) {
        let mut seen: HashSet<Identity<'_>> = HashSet::default();
        let several = list.items().nth(1).is_some();
        for (index, value) in list.items().enumerate() {
            let step = Path::Index(path, index);
            if value.is_null() && demands(item) {
                self.say(&step, value, Flaw::Type, format!("{} is null", step.tail()), "drop it".to_owned());
                continue;
            }
            self.value(value, item, &step);
            let Some(own) = several.then(|| Identity::of(value, keys)).flatten() else { continue };
            if !seen.insert(own) {
                let keys = keys.iter().collect::<Vec<_>>().join(" and ");
                let message = format!("{} has the {keys} of an item before it", step.tail());
                let flaw = if repeats { Flaw::Apply } else { Flaw::Twice };
                let help = if repeats {
                    "server-side apply refuses the list: drop one of the two"
                } else {
                    "drop one of the two"
                };
                self.say(&step, value, flaw, message, help.to_owned());
            }
        }
    }

    fn malformed(&mut self, path: &Path<'_, 'a>, near: Value<'a>, what: &str, format: Format) {
        let message = format!("{what} has a form that the API does not take");
        self.say(path, near, Flaw::Rule, message, format!("write {}", format.wanted()));
    }

    fn word(&mut self, value: Value<'a>, words: Words, filled: bool, path: &Path<'_, 'a>) {
        let text = value.as_str().unwrap_or_default();
        if (text.is_empty() && !filled) || words.iter().any(|word| word == text) {
            return;
        }
        let known = words.iter().collect::<Vec<_>>().join(", ");
        let help = match nearest(&text, words.iter()) {
            Some(meant) => format!("did you mean {meant}? it takes {known}"),
            None => format!("it takes {known}"),
        };
        self.say(path, value, Flaw::Word, format!("{} cannot be {text:?}", path.tail()), help);
    }
}

/// Whether nothing at all, which is what a null in a list stands for, is refused.
fn demands(of: Type) -> bool {
    match of.shape() {
        Shape::Object(fields) => fields.iter().any(|field| field.required),
        Shape::Enum(_, filled) | Shape::Text(_, filled) => filled,
        _ => false,
    }
}

/// What tells an item of a list from the others.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    /// The text under its only key.
    Text(Cow<'a, str>),
    /// All that stands under its keys, as JSON.
    Json(String),
}

impl<'a> Identity<'a> {
    /// That of an item; a protocol that is left out is TCP.
    fn of(item: Value<'a>, keys: Words) -> Option<Self> {
        let mut names = keys.iter();
        let (first, second) = (names.next()?, names.next());
        if let (Some(text), None) = (item.get(first).and_then(Value::as_str), second) {
            return Some(Self::Text(text));
        }
        let own = |key: &str| item.get(key).map(Value::to_data);
        let parts = keys.iter().map(|key| own(key).or_else(|| (key == "protocol").then(|| "TCP".into())));
        parts.collect::<Option<Vec<Data>>>().map(|own| Self::Json(Data::Array(own).to_string()))
    }
}

/// Whether a required field is as good as absent: null, an empty list, or empty text where text is wanted.
fn is_nothing(value: Value<'_>, field: Field) -> bool {
    let value = value.resolved();
    match field.of.shape() {
        Shape::String | Shape::Enum(..) | Shape::Text(..) if value.raw().len() <= 2 => {
            value.is_null() || value.as_str().is_some_and(|text| text.is_empty())
        }
        Shape::List(..) => value.is_null() || (value.is_seq() && value.items().next().is_none()),
        _ => value.is_null(),
    }
}

/// A key of a map: as written, or (where `<<` brought it in) as text.
#[derive(Clone, Copy)]
enum Key<'p, 'a> {
    Node(Value<'a>),
    Text(&'p str),
}

impl<'p, 'a> Key<'p, 'a> {
    fn with_text<T>(self, take: impl FnOnce(&str) -> T) -> T {
        match self {
            Key::Text(text) => take(text),
            Key::Node(key) => take(&key.key_text()),
        }
    }

    fn step(self, path: &'p Path<'p, 'a>) -> Path<'p, 'a> {
        match self {
            Key::Node(key) => Path::Key(path, key),
            Key::Text(text) => Path::Name(path, text),
        }
    }
}

/// Calls `take` for each key of a map and the value in force.
fn each_entry<'a>(map: Value<'a>, mut take: impl FnMut(Key<'_, 'a>, Value<'a>)) {
    if map.node().flags & Node::MERGE == 0 {
        return map.own_entries().for_each(|(key, value)| take(Key::Node(key), value));
    }
    for (name, value) in map.entries() {
        take(Key::Text(&name), value);
    }
}
