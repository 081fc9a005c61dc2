//! The variables of a container, as its program sees them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::look::Seen;
use crate::embedded::{self, Content};
use crate::finding::Place;
use crate::k8s::{Object, Part, Release};
use crate::yaml::{Data, Value};

/// ConfigMaps and Secrets by kind, namespace and name.
#[derive(Debug, Default)]
pub struct Holders<'r, 'a>(HashMap<(bool, String, String), &'r Object<'a>>);

impl<'r, 'a> Holders<'r, 'a> {
    /// Those of a release.
    #[must_use]
    pub fn of(release: &'r Release<'a>) -> Self {
        let holders = release.objects.iter().filter(|object| embedded::holder::is_holder(object));
        let key = |object: &Object<'_>| {
            let namespace = object.id.namespace.clone().unwrap_or_default();
            (object.is("", "Secret"), namespace, object.id.name.clone())
        };
        Self(holders.map(|object| (key(object), object)).collect())
    }

    fn get(&self, secret: bool, namespace: &str, name: &str) -> Option<&'r Object<'a>> {
        self.0.get(&(secret, namespace.to_owned(), name.to_owned())).copied()
    }
}

/// One variable.
#[derive(Debug)]
pub struct Variable<'a> {
    /// Its name.
    pub name: String,
    /// The entry of `env` or `envFrom` that sets it.
    pub place: Place<'a>,
    /// What the program sees.
    pub seen: Seen,
    /// Whether a Secret has part in it.
    pub secret: bool,
}

/// All variables of a container.
#[derive(Debug, Default)]
pub struct Variables<'a> {
    /// Later ones of a name win, so each name is here once.
    pub all: Vec<Variable<'a>>,
    /// Some come from objects that are not in the stream: what is not here may still be set.
    pub open: bool,
}

impl<'a> Variables<'a> {
    /// The variables of a container of an object in a namespace.
    #[must_use]
    pub fn of(object: &Object<'a>, part: &Part<'a>, holders: &Holders<'_, 'a>) -> Self {
        let mut found = Self::default();
        let namespace = object.id.namespace.as_deref().unwrap_or_default();
        let place = |list: &'static str, index: usize, near: Value<'a>| Place {
            object: object.number,
            container: Some(part.name.to_string()),
            route: part.route.key(list).index(index),
            near,
        };
        for (index, source) in part.get("envFrom").into_iter().flat_map(Value::items).enumerate() {
            found.take_all(source, &place("envFrom", index, source), namespace, holders);
        }
        for (index, entry) in part.get("env").into_iter().flat_map(Value::items).enumerate() {
            let Some(name) = entry.get("name").and_then(Value::as_str) else { continue };
            let (seen, secret) = match entry.get("valueFrom") {
                Some(from) => from_source(from, namespace, holders),
                None => found.literal(entry.get("value").and_then(Value::scalar).map(|it| it.into_key())),
            };
            let place = place("env", index, entry);
            match seen {
                Seen::Missing => found.all.retain(|variable| variable.name != name),
                seen => found.set(Variable { name: name.into_owned(), place, seen, secret }),
            }
        }
        found
    }

    fn set(&mut self, variable: Variable<'a>) {
        self.all.retain(|known| known.name != variable.name);
        self.all.push(variable);
    }

    fn take_all(&mut self, source: Value<'a>, place: &Place<'a>, namespace: &str, holders: &Holders<'_, 'a>) {
        let prefix = source.get("prefix").and_then(Value::as_str).unwrap_or_default();
        for (reference, secret) in [("configMapRef", false), ("secretRef", true)] {
            let Some(name) = source.get(reference).and_then(|it| it.get("name")?.as_str()) else { continue };
            let Some(holder) = holders.get(secret, namespace, &name) else {
                self.open = true;
                continue;
            };
            for entry in embedded::entries(holder) {
                let name = format!("{prefix}{}", entry.key);
                self.set(Variable { name, place: place.clone(), seen: seen(&entry.content), secret });
            }
        }
    }

    /// A value written out, with `$(NAME)` replaced as the kubelet replaces it.
    fn literal(&self, written: Option<Cow<'_, str>>) -> (Seen, bool) {
        let written = written.unwrap_or_default();
        let (mut out, mut rest, mut secret) = (String::new(), written.as_ref(), false);
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                rest = after;
            } else if let Some((name, after_name)) = after.strip_prefix('(').and_then(|it| it.split_once(')'))
            {
                match self.all.iter().find(|variable| variable.name == name) {
                    Some(Variable { seen: Seen::Value(Data::String(text)), secret: hidden, .. }) => {
                        out.push_str(text);
                        secret |= hidden;
                    }
                    Some(_) => return (Seen::Untold, true),
                    None if self.open => return (Seen::Untold, true),
                    None => out.push_str(&rest[at..at + name.len() + 3]),
                }
                rest = after_name;
            } else {
                out.push('$');
                rest = after;
            }
        }
        out.push_str(rest);
        (Seen::Value(Data::String(out)), secret)
    }
}

fn from_source(from: Value<'_>, namespace: &str, holders: &Holders<'_, '_>) -> (Seen, bool) {
    for (reference, secret) in [("configMapKeyRef", false), ("secretKeyRef", true)] {
        let Some(reference) = from.get(reference) else { continue };
        let text = |key: &str| reference.get(key).and_then(Value::as_str).unwrap_or_default();
        let Some(holder) = holders.get(secret, namespace, &text("name")) else {
            return (Seen::Untold, secret);
        };
        let key = text("key");
        let entry = embedded::entries(holder).into_iter().find(|entry| entry.key == key);
        return (entry.map_or(Seen::Missing, |entry| seen(&entry.content)), secret);
    }
    (Seen::Untold, false)
}

/// What a key's content is to a rule.
#[must_use]
pub fn seen(content: &Content<'_>) -> Seen {
    match content {
        Content::Text(text) => Seen::Value(Data::String(text.to_string())),
        Content::Bytes(length) => Seen::Bytes(*length),
        Content::NotBase64 => Seen::Unreadable("is not base64".to_owned()),
        Content::NotText => Seen::Unreadable("is a map or list where Kubernetes wants text".to_owned()),
    }
}
