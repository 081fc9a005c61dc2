//! From a reference to the value it stands for: references in it first, modifiers last.

use std::collections::BTreeMap;

use super::sites::annotation;
use super::{Answer, Failure, Question, Stores};
use crate::k8s::Object;
use crate::secrets::Plain;
use crate::secrets::reference::{Ask, Held, Part, Placeholder, Reference, Template, Vals};

/// Asks for what one object refers to.
pub(super) struct Asker<'a> {
    pub(super) object: &'a Object<'a>,
    pub(super) stores: &'a mut dyn Stores,
    /// How many answers came from where.
    pub(super) sources: &'a mut BTreeMap<String, usize>,
}

impl Asker<'_> {
    /// The value of a reference, which is not empty.
    pub(super) fn value(&mut self, reference: &Reference) -> Result<Held, Failure> {
        let (question, modifiers) = match &reference.ask {
            Ask::Own { name, key } => (Question::Own { name: name.clone(), key: key.clone() }, &[][..]),
            Ask::Vals(vals) => (self.of_vals(vals)?, &[][..]),
            Ask::Placeholder(placeholder) => {
                (self.of_placeholder(placeholder)?, placeholder.modifiers.as_slice())
            }
        };
        let Answer { mut held, source } = self.stores.answer(&question)?;
        if is_empty(&held) {
            return Err(empty(format!("{source} has an empty value")));
        }
        *self.sources.entry(source).or_default() += 1;
        for modifier in modifiers {
            held = modifier.apply(held).map_err(|why| {
                Failure::new(
                    format!("{}: {why}", modifier.name()),
                    "look at what the store holds, or change the modifiers",
                )
            })?;
        }
        if is_empty(&held) {
            Err(empty("nothing is left of the value after its modifiers"))
        } else {
            Ok(held)
        }
    }

    fn of_vals(&mut self, vals: &Vals) -> Result<Question, Failure> {
        let path = self.text_of(&vals.path)?;
        let fragment = self.text_of(&vals.fragment)?;
        let keys = fragment.strip_prefix('/').unwrap_or(&fragment);
        let keys = if keys.is_empty() { Vec::new() } else { keys.split('/').map(str::to_owned).collect() };
        Ok(Question::Vals { backend: vals.backend.clone(), path, params: vals.params.clone(), keys })
    }

    /// A text with the references in it resolved. What they stand for is not read again.
    fn text_of(&mut self, template: &Template) -> Result<String, Failure> {
        let mut out = String::new();
        for part in template {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Reference(inner) => {
                    let said = |failure: Failure| Failure {
                        what: format!("{}: {}", inner.shown, failure.what),
                        ..failure
                    };
                    let plain = text(self.value(inner).map_err(said)?).map_err(said)?;
                    let inside = plain.expose_text().filter(|text| !text.contains(char::is_control));
                    out.push_str(inside.ok_or_else(|| {
                        said(Failure::new(
                            "its value cannot be part of a reference",
                            "a name or a path on one line can",
                        ))
                    })?);
                }
            }
        }
        Ok(out)
    }

    fn of_placeholder(&self, placeholder: &Placeholder) -> Result<Question, Failure> {
        let kv = match annotation(self.object, "kv-version").as_deref() {
            None => None,
            Some("1") => Some(1),
            Some("2") => Some(2),
            Some(_) => {
                return Err(Failure::new("avp.kubernetes.io/kv-version is neither 1 nor 2", "write \"2\""));
            }
        };
        let key = placeholder.key.clone();
        if let Some(path) = placeholder.path.clone() {
            return Ok(Question::Placeholder { path, key, version: placeholder.version.clone(), kv });
        }
        let path = annotation(self.object, "path").unwrap_or_default();
        let version = annotation(self.object, "secret-version");
        Ok(Question::Placeholder { path, key, version, kv })
    }
}

fn is_empty(held: &Held) -> bool {
    match held {
        Held::Null => true,
        Held::Text(plain) | Held::Word(plain) => plain.expose().is_empty(),
        Held::Map(_) | Held::List(_) => false,
    }
}

fn empty(what: impl Into<String>) -> Failure {
    Failure::new(what, "an empty secret is hardly ever meant: fill it, or leave the key out of the chart")
}

/// The one value that stands there.
pub(super) fn text(held: Held) -> Result<Plain, Failure> {
    match held {
        Held::Text(plain) | Held::Word(plain) => Ok(plain),
        Held::Null | Held::Map(_) | Held::List(_) => Err(Failure::new(
            "it stands for several values",
            "name one of its keys, as in #/password or | jsonPath {.password}",
        )),
    }
}
