//! Walks an object along its type, as the API server's strict decoder does.

use super::fault::{Fault, Flaw, Path};
use super::scalar::{is_base64, is_quantity, is_string, is_time, type_of};
use super::table::{Field, Fields, Shape, Type, Words};
use crate::nearest::nearest;
use crate::yaml::{Node, Scalar, Value};

/// Everything in which a value does not fit a type, in the order it is written.
#[must_use]
pub fn faults(value: Value<'_>, of: Type) -> Vec<Fault<'_>> {
    let mut walk = Walk { faults: Vec::new() };
    walk.value(value, of, &Path::Root);
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
            Shape::Map(of) if value.is_map() => each_entry(value, |key, below| {
                let step = key.step(path);
                self.value(below, of, &step);
            }),
            Shape::List(item, keys) if value.is_seq() => self.list(value, item, keys, path),
            Shape::String if is_string(value) => {}
            _ if value.is_null() => {}
            Shape::Enum(words) if is_string(value) => self.word(value, words, path),
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
            let found = key.with_text(|name| fields.find(name));
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

    fn list(&mut self, list: Value<'a>, item: Type, keys: Words, path: &Path<'_, 'a>) {
        for (index, value) in list.items().enumerate() {
            self.value(value, item, &Path::Index(path, index));
        }
        let _ = keys;
    }

    fn word(&mut self, value: Value<'a>, words: Words, path: &Path<'_, 'a>) {
        let text = value.as_str().unwrap_or_default();
        if text.is_empty() || words.iter().any(|word| word == text) {
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

/// What a value is, in words that tell it from what is wanted.
fn found(value: Value<'_>, shape: Shape) -> &'static str {
    match (type_of(value), shape) {
        ("a string", Shape::Bytes | Shape::Time | Shape::Quantity) => "other text",
        ("a number", Shape::Int32 | Shape::Int64 | Shape::IntOrString) => "a larger number",
        (words, _) => words,
    }
}

/// Why a value is not of this shape: what is wanted, and what to do; `None` when it is.
fn misfit(value: Value<'_>, shape: Shape) -> Option<(String, String)> {
    let scalar = value.scalar();
    let text = if let Some(Scalar::Str(text)) = &scalar { Some(text.as_ref()) } else { None };
    let integer = scalar.as_ref().and_then(Scalar::as_i64);
    let unquote = || {
        let number = text.is_some_and(|text| text.parse::<f64>().is_ok());
        if number { "drop the quotes".to_owned() } else { String::new() }
    };
    let wanted = |wanted: &str, help: String| Some((wanted.to_owned(), help));
    match shape {
        Shape::String | Shape::Enum(_) => {
            let help = if scalar.is_some() { "put it in quotes" } else { "" };
            wanted("a string", help.to_owned())
        }
        Shape::Bool if matches!(scalar, Some(Scalar::Bool(_))) => None,
        Shape::Bool => {
            let quoted = matches!(text, Some("true" | "false"));
            wanted("a boolean", if quoted { "drop the quotes".to_owned() } else { String::new() })
        }
        Shape::Int32 if integer.is_some_and(|number| i32::try_from(number).is_ok()) => None,
        Shape::Int32 if integer.is_some() => wanted("an integer of 32 bits", String::new()),
        Shape::Int64 if integer.is_some() => None,
        Shape::Int32 | Shape::Int64 => wanted("an integer", unquote()),
        Shape::Number if matches!(scalar, Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_))) => None,
        Shape::Number => wanted("a number", unquote()),
        Shape::Bytes if text.is_some_and(is_base64) => None,
        Shape::Bytes => {
            wanted("base64", "encode it, or use stringData in a Secret, data in a ConfigMap".to_owned())
        }
        Shape::Time if text.is_some_and(is_time) => None,
        Shape::Time => wanted("a time by RFC 3339", "write it like 2026-01-31T12:00:00Z".to_owned()),
        Shape::Quantity => {
            let fits = match text {
                Some(text) => is_quantity(text.trim()),
                None => matches!(scalar, Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_))),
            };
            if fits { None } else { wanted("a quantity", "write it like 100m, 0.5, 512Mi or 2Gi".to_owned()) }
        }
        Shape::IntOrString if text.is_some() => None,
        Shape::IntOrString if integer.is_some_and(|number| i32::try_from(number).is_ok()) => None,
        Shape::IntOrString => wanted("an integer of 32 bits or a string", String::new()),
        Shape::Map(_) | Shape::Object(_) => wanted("a map", String::new()),
        Shape::List(..) => wanted("a list", "put a dash before it".to_owned()),
        Shape::Any => None,
    }
}

/// Whether a required field is as good as absent: null, an empty list, or empty text where text is wanted.
fn is_nothing(value: Value<'_>, field: Field) -> bool {
    let value = value.resolved();
    match field.of.shape() {
        Shape::String | Shape::Enum(_) if value.raw().len() <= 2 => {
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
