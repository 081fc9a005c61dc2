//! Walks a custom resource along the schema of its definition, as the API server does: what the schema does not name is
//! unknown, and its values obey `required`, `enum`, `pattern` and the like. Rules in CEL are not run.

use std::borrow::Cow;
use std::cell::RefCell;

use foldhash::{HashMap, HashSet};
use regex::Regex;

use super::fault::{Fault, Flaw, Path};
use super::fit;
use super::format::Format;
use super::scalar::{is_base64, is_time, type_of};
use super::table;
use crate::nearest::nearest;
use crate::yaml::data::same;
use crate::yaml::{Data, Scalar, Value};

/// The patterns met so far: making one ready takes far longer than using it.
#[derive(Debug, Default)]
pub struct Patterns(RefCell<HashMap<String, Option<Regex>>>);

impl Patterns {
    /// Whether text has a form. The syntax is Go's, nearly that of this library: what it cannot read is let through.
    fn fits(&self, pattern: &str, text: &str) -> bool {
        if let Some(known) = self.0.borrow().get(pattern) {
            return known.as_ref().is_none_or(|pattern| pattern.is_match(text));
        }
        let made = Regex::new(pattern).ok();
        let fits = made.as_ref().is_none_or(|pattern| pattern.is_match(text));
        self.0.borrow_mut().insert(pattern.to_owned(), made);
        fits
    }
}

/// Everything in which an object does not fit the schema of its definition. `keeps` lets unknown fields be.
#[must_use]
pub fn faults<'a>(object: Value<'a>, schema: Value<'_>, keeps: bool, patterns: &Patterns) -> Vec<Fault<'a>> {
    let mut walk = Walk { faults: Vec::new(), keeps, patterns };
    walk.value(object, schema, &Path::Root);
    if let (Some(metadata), Some(of)) = (object.get("metadata"), metadata_type()) {
        walk.faults.extend(fit::faults_below(metadata, of, "metadata"));
    }
    walk.faults
}

/// The type of `metadata`, which the API server knows by itself.
fn metadata_type() -> Option<table::Type> {
    let config_map = table::versions().last()?.kind("v1", "ConfigMap")?;
    match config_map.shape() {
        table::Shape::Object(fields) => fields.find("metadata").map(|field| field.of),
        _ => None,
    }
}

struct Walk<'w, 'a> {
    faults: Vec<Fault<'a>>,
    keeps: bool,
    patterns: &'w Patterns,
}

impl<'a> Walk<'_, 'a> {
    fn say(&mut self, path: &Path<'_, 'a>, near: Value<'a>, flaw: Flaw, message: String, help: &str) {
        self.faults.push(Fault { route: path.route(), near, flaw, message, help: help.to_owned() });
    }

    fn value(&mut self, value: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        let value = value.resolved();
        if let Some(wanted) = misfit(value, schema) {
            let message = format!("{} is {}, the definition wants {wanted}", path.tail(), type_of(value));
            return self.say(path, value, Flaw::Type, message, "");
        }
        if value.is_map() {
            self.map(value, schema, path);
        } else if value.is_seq() {
            self.list(value, schema, path);
        } else {
            self.scalar(value, schema, path);
        }
        self.combined(value, schema, path);
    }

    fn map(&mut self, map: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        let properties = schema.get("properties");
        let more = schema.get("additionalProperties").filter(|more| more.as_bool() != Some(false));
        let embedded = matches!(path, Path::Root) || is_true(schema, "x-kubernetes-embedded-resource");
        let open = self.keeps || is_true(schema, "x-kubernetes-preserve-unknown-fields");
        for (name, value) in map.entries() {
            let step = Path::Name(path, &name);
            let known = properties.and_then(|properties| properties.get(&name));
            if matches!(path, Path::Root) && matches!(name.as_ref(), "apiVersion" | "kind" | "metadata") {
                continue;
            }
            match known.or(more) {
                // A null is dropped; what it leaves out is told by `required`.
                Some(_) if value.is_null() => {}
                Some(below) => self.value(value, below, &step),
                None if open || (embedded && matches!(name.as_ref(), "apiVersion" | "kind" | "metadata")) => {
                }
                None => self.unknown(&name, value, properties, &step),
            }
        }
        self.required(map, schema, path);
        let count = map.entries().len();
        self.size(map, count, schema, ["minProperties", "maxProperties"], "entries", path);
    }

    fn unknown(&mut self, name: &str, near: Value<'a>, properties: Option<Value<'_>>, path: &Path<'_, 'a>) {
        let names: Vec<String> = properties
            .map(|properties| properties.entries().into_iter().map(|(name, _)| name.into_owned()).collect())
            .unwrap_or_default();
        let meant = nearest(name, names.iter().map(String::as_str));
        let help = meant.map_or(String::new(), |meant| format!("did you mean {meant}?"));
        self.say(path, near, Flaw::Unknown, format!("the definition knows no field {name} here"), &help);
    }

    fn required(&mut self, map: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        for name in schema.get("required").into_iter().flat_map(Value::items).filter_map(Value::as_str) {
            let own = schema.get("properties").and_then(|properties| properties.get(&name));
            let defaulted = own.is_some_and(|own| own.entry("default").is_some());
            let counts = |own: Value<'_>| is_true(own, "nullable");
            let there = map.entry(&name).is_some_and(|it| !it.is_null() || own.is_some_and(counts));
            if !there && !defaulted {
                let step = Path::Name(path, &name);
                self.say(&step, map, Flaw::Missing, format!("{name} is missing"), &format!("add {name}:"));
            }
        }
    }

    fn list(&mut self, list: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        let items: Vec<Value<'a>> = list.items().collect();
        for (index, item) in items.iter().enumerate() {
            if let Some(below) = schema.get("items") {
                self.value(*item, below, &Path::Index(path, index));
            }
        }
        self.size(list, items.len(), schema, ["minItems", "maxItems"], "items", path);
        let kind = schema.get("x-kubernetes-list-type").and_then(Value::as_str);
        let keys: Vec<_> = schema
            .get("x-kubernetes-list-map-keys")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(Value::as_str)
            .collect();
        let identity = |item: Value<'_>| match kind.as_deref() {
            Some("set") => Some(item.to_data().to_string()),
            Some("map") => {
                let own = |key: &Cow<'_, str>| item.get(key).map_or(Data::Null, Value::to_data);
                Some(Data::Array(keys.iter().map(own).collect()).to_string())
            }
            _ => None,
        };
        let mut seen: HashSet<String> = HashSet::default();
        for (index, item) in items.iter().enumerate() {
            let Some(own) = identity(*item) else { return };
            if !seen.insert(own) {
                let step = Path::Index(path, index);
                let message = format!("{} stands in the list before", step.tail());
                self.say(&step, *item, Flaw::Twice, message, "drop one of the two");
            }
        }
    }

    fn size(
        &mut self,
        value: Value<'a>,
        count: usize,
        schema: Value<'_>,
        [least, most]: [&str; 2],
        what: &str,
        path: &Path<'_, 'a>,
    ) {
        let limit =
            |key: &str| schema.get(key).and_then(Value::as_i64).and_then(|it| usize::try_from(it).ok());
        if let Some(least) = limit(least).filter(|least| count < *least) {
            let message = format!("{} has {count} {what}, the definition wants {least} or more", path.tail());
            self.say(path, value, Flaw::Rule, message, "");
        }
        if let Some(most) = limit(most).filter(|most| count > *most) {
            let message = format!("{} has {count} {what}, the definition takes {most} at most", path.tail());
            self.say(path, value, Flaw::Rule, message, "");
        }
    }

    fn scalar(&mut self, value: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        let data = value.to_data();
        if let Some(words) = schema.get("enum") {
            let words: Vec<_> = words.items().map(Value::to_data).collect();
            if !words.iter().any(|word| same(word, &data)) {
                let known = words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let message = format!("{} is none of the words the definition takes", path.tail());
                self.say(path, value, Flaw::Word, message, &format!("it takes {known}"));
            }
        }
        match value.scalar() {
            Some(Scalar::Str(text)) => self.text(value, &text, schema, path),
            Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)) => {
                self.number(value, &data, schema, path)
            }
            _ => {}
        }
    }

    fn text(&mut self, value: Value<'a>, text: &str, schema: Value<'_>, path: &Path<'_, 'a>) {
        self.size(value, text.chars().count(), schema, ["minLength", "maxLength"], "characters", path);
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !self.patterns.fits(&pattern, text)
        {
            let message = format!("{} has a form that the definition does not take", path.tail());
            self.say(path, value, Flaw::Rule, message, &format!("it has to match {pattern}"));
        }
        let right = match schema.get("format").and_then(Value::as_str).as_deref() {
            Some("date-time") => is_time(text),
            Some("byte") => is_base64(text),
            Some("ipv4") => text.parse::<std::net::Ipv4Addr>().is_ok(),
            Some("ipv6") => text.parse::<std::net::Ipv6Addr>().is_ok(),
            Some("cidr") => Format::Cidr.fits(text),
            _ => true,
        };
        if !right {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
            self.say(path, value, Flaw::Type, format!("{} is no {format}", path.tail()), "");
        }
    }

    fn number(&mut self, value: Value<'a>, data: &Data, schema: Value<'_>, path: &Path<'_, 'a>) {
        let limit = |key: &str| schema.get(key).map(Value::to_data).and_then(|it| it.as_f64());
        let Some(number) = data.as_f64() else { return };
        let least = limit("minimum")
            .filter(|least| number < *least || (is_true(schema, "exclusiveMinimum") && number <= *least));
        let most = limit("maximum")
            .filter(|most| number > *most || (is_true(schema, "exclusiveMaximum") && number >= *most));
        let step = limit("multipleOf").filter(|step| *step > 0.0 && (number / step).fract() != 0.0);
        let wrong = least.map(|least| format!("at least {least}"));
        let wrong = wrong.or_else(|| most.map(|most| format!("at most {most}")));
        if let Some(wanted) = wrong.or_else(|| step.map(|step| format!("a multiple of {step}"))) {
            let message = format!("{} has to be {wanted}, says the definition", path.tail());
            self.say(path, value, Flaw::Rule, message, "");
        }
    }

    /// `allOf`, `anyOf`, `oneOf` and `not` only limit values: they make no field known or unknown.
    fn combined(&mut self, value: Value<'a>, schema: Value<'_>, path: &Path<'_, 'a>) {
        for part in schema.get("allOf").into_iter().flat_map(Value::items) {
            let mut inner = Walk { faults: Vec::new(), keeps: true, patterns: self.patterns };
            inner.value(value, part, path);
            let base = path.route();
            self.faults.extend(inner.faults.into_iter().filter(|fault| fault.route.starts_with(&base)));
        }
        let fits = |part: &Value<'_>| {
            let mut inner = Walk { faults: Vec::new(), keeps: true, patterns: self.patterns };
            inner.value(value, *part, &Path::Root);
            inner.faults.is_empty()
        };
        let fitting = |key: &str| schema.get(key).map(|parts| parts.items().filter(fits).count());
        let wrong = match (fitting("anyOf"), fitting("oneOf"), schema.get("not")) {
            (Some(0), _, _) | (_, Some(0), _) => Some("fits none of the forms"),
            (_, Some(2..), _) => Some("fits more than one of the forms"),
            (_, _, Some(not)) if fits(&not) => Some("has a form that is ruled out"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = format!("{} {wrong} of its definition", path.tail());
            self.say(path, value, Flaw::Rule, message, "");
        }
    }
}

fn is_true(schema: Value<'_>, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

/// The type a value should have; `None` when it has it.
fn misfit(value: Value<'_>, schema: Value<'_>) -> Option<&'static str> {
    let scalar = value.scalar();
    if matches!(scalar, Some(Scalar::Null)) && is_true(schema, "nullable") {
        return None;
    }
    let integer = scalar.as_ref().and_then(Scalar::as_i64).is_some();
    let text = matches!(scalar, Some(Scalar::Str(_)));
    if is_true(schema, "x-kubernetes-int-or-string") {
        return (!integer && !text).then_some("an integer or a string");
    }
    let number = matches!(scalar, Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)));
    let (right, wanted) = match schema.get("type").and_then(Value::as_str).as_deref() {
        Some("object") => (value.is_map(), "a map"),
        Some("array") => (value.is_seq(), "a list"),
        Some("string") => (text, "a string"),
        Some("boolean") => (matches!(scalar, Some(Scalar::Bool(_))), "a boolean"),
        Some("integer") => (integer || matches!(scalar, Some(Scalar::UInt(_))), "an integer"),
        Some("number") => (number, "a number"),
        _ => (true, ""),
    };
    (!right).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::stream::parse_document;

    #[test]
    fn numbers_have_bounds_and_steps() {
        for (limits, number, wanted) in [
            ("minimum: 2", "2", None),
            ("minimum: 2", "1", Some("at least 2")),
            ("minimum: 2, exclusiveMinimum: true", "2", Some("at least 2")),
            ("maximum: 2", "2", None),
            ("maximum: 2", "3", Some("at most 2")),
            ("maximum: 2, exclusiveMaximum: true", "2", Some("at most 2")),
            ("multipleOf: 5", "10", None),
            ("multipleOf: 5", "7", Some("a multiple of 5")),
            ("multipleOf: 0", "7", None),
        ] {
            let object = format!("replicas: {number}\n");
            let schema = format!("{{type: object, properties: {{replicas: {{type: integer, {limits}}}}}}}\n");
            let (read, schema_read) = (parse_document(&object).unwrap(), parse_document(&schema).unwrap());
            let (root, schema_root) = (read.root(&object).unwrap(), schema_read.root(&schema).unwrap());
            let found = faults(root, schema_root, false, &Patterns::default());
            let found: Vec<&str> = found.iter().map(|fault| fault.message.as_str()).collect();
            let wanted = wanted.map(|it| format!("replicas has to be {it}, says the definition"));
            assert_eq!(found, Vec::from_iter(wanted), "{limits}: {number}");
        }
    }
}
