//! Paths to fields: `spec.template.spec.containers[*].image`, `metadata.labels['app.kubernetes.io/name']`.

use std::borrow::Cow;

use crate::yaml::{Data, Route, Step, Value};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stride {
    Key(String),
    Index(usize),
    /// `[*]` or `*`: every item of a list, every value of a map.
    Each,
}

/// A path, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    written: String,
    strides: Vec<Stride>,
}

/// Data that a path leads through: an object of the stream, or a file in it.
pub trait Tree: Copy {
    /// The value at a key.
    fn key(self, key: &str) -> Option<Self>;
    /// Whether it is a list.
    fn is_list(self) -> bool;
    /// All below: items, or values with their keys.
    fn all(self) -> Vec<(Step, Self)>;
}

impl Tree for Value<'_> {
    fn key(self, key: &str) -> Option<Self> {
        self.get(key)
    }

    fn is_list(self) -> bool {
        self.is_seq()
    }

    fn all(self) -> Vec<(Step, Self)> {
        if self.is_seq() {
            return self.items().enumerate().map(|(index, item)| (Step::Index(index), item)).collect();
        }
        let entries = self.entries().into_iter();
        entries.map(|(key, value)| (Step::Key(Cow::Owned(key.into_owned())), value)).collect()
    }
}

impl Tree for &Data {
    fn key(self, key: &str) -> Option<Self> {
        Data::get(self, key).filter(|value| !value.is_null())
    }

    fn is_list(self) -> bool {
        self.is_array()
    }

    fn all(self) -> Vec<(Step, Self)> {
        match self {
            Data::Array(items) => {
                items.iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect()
            }
            Data::Object(map) => {
                map.iter().map(|(key, value)| (Step::Key(Cow::Owned(key.clone())), value)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A place a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<T> {
    /// From where the path starts.
    pub route: Route,
    /// What stands there, if anything does.
    pub value: Option<T>,
    /// What stands there, or the nearest above it that exists.
    pub near: T,
}

impl FieldPath {
    /// Its steps.
    pub(super) fn strides(&self) -> &[Stride] {
        &self.strides
    }

    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut strides = Vec::new();
        let mut rest = written.strip_prefix("$.").or(written.strip_prefix('.')).unwrap_or(written);
        let mut after_dot = true;
        while !rest.is_empty() {
            if let Some(bracket) = rest.strip_prefix('[') {
                let (stride, left) = bracketed(bracket)?;
                strides.push(stride);
                rest = left;
                after_dot = false;
            } else if let (Some(left), false) = (rest.strip_prefix('.'), after_dot) {
                rest = left;
                after_dot = true;
            } else if after_dot {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, left) = rest.split_at(end);
                if key.is_empty() {
                    return Err("two dots in a row, or one at the end".to_owned());
                }
                if key.contains([']', '\'', '"', '/', ' ']) {
                    let example = "labels['app.kubernetes.io/name']";
                    return Err(format!("a key such as {key:?} wants brackets and quotes, whole: {example}"));
                }
                strides.push(if key == "*" { Stride::Each } else { Stride::Key(key.to_owned()) });
                rest = left;
                after_dot = false;
            } else {
                return Err(format!("a dot is missing before {rest:?}"));
            }
        }
        if after_dot {
            return Err(if written.is_empty() { "it is empty" } else { "it ends in a dot" }.to_owned());
        }
        Ok(Self { written: written.to_owned(), strides })
    }

    /// As the policy says it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The whole path as one key, as properties files name their values.
    #[must_use]
    pub fn as_key(&self) -> Self {
        Self { written: self.written.clone(), strides: vec![Stride::Key(self.written.clone())] }
    }

    /// All places it leads to. Where a key is missing, the place it would have.
    #[must_use]
    pub fn hits<T: Tree>(&self, root: T) -> Vec<Hit<T>> {
        let mut found = Vec::new();
        follow(&self.strides, root, Vec::new(), &mut found);
        found
    }
}

fn bracketed(text: &str) -> Result<(Stride, &str), String> {
    let unclosed = || format!("[{text} does not end in ]");
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let end = text[1..].find(quote).ok_or_else(unclosed)?;
        let rest = text[end + 2..].strip_prefix(']').ok_or_else(unclosed)?;
        return Ok((Stride::Key(text[1..=end].to_owned()), rest));
    }
    let (inner, rest) = text.split_once(']').ok_or_else(unclosed)?;
    if inner == "*" {
        return Ok((Stride::Each, rest));
    }
    let index =
        inner.parse().map_err(|_| format!("[{inner}] is neither [*], [0] nor ['a key in quotes']"))?;
    Ok((Stride::Index(index), rest))
}

fn follow<T: Tree>(strides: &[Stride], here: T, route: Vec<Step>, found: &mut Vec<Hit<T>>) {
    let Some((stride, rest)) = strides.split_first() else {
        found.push(Hit { route: route.into_iter().collect(), value: Some(here), near: here });
        return;
    };
    let further = |step: Step| route.iter().cloned().chain([step]).collect::<Vec<Step>>();
    let below = match stride {
        Stride::Each => {
            for (step, value) in here.all() {
                follow(rest, value, further(step), found);
            }
            return;
        }
        Stride::Key(key) => (Step::Key(Cow::Owned(key.clone())), here.key(key)),
        Stride::Index(index) => {
            let items = if here.is_list() { here.all() } else { Vec::new() };
            (Step::Index(*index), items.into_iter().nth(*index).map(|(_, item)| item))
        }
    };
    match below {
        (step, Some(value)) => follow(rest, value, further(step), found),
        (step, None) => {
            let mut route = further(step);
            // What is missing names the whole way, as far as it goes without choosing an item.
            let plain = rest.iter().map_while(|stride| match stride {
                Stride::Key(key) => Some(Step::Key(Cow::Owned(key.clone()))),
                Stride::Index(index) => Some(Step::Index(*index)),
                Stride::Each => None,
            });
            route.extend(plain);
            found.push(Hit { route: route.into_iter().collect(), value: None, near: here });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hits(path: &str, data: &Data) -> Vec<(String, Option<Data>)> {
        let hits = FieldPath::parse(path).unwrap().hits(data);
        hits.into_iter().map(|hit| (hit.route.to_string(), hit.value.cloned())).collect()
    }

    #[test]
    fn leads_to_every_place_and_to_those_that_miss() {
        let data = json!({"a": {"b/c": 1, "d": [{"e": 1}, {}]}, "n": null});
        assert_eq!(hits("a['b/c']", &data), [("a[\"b/c\"]".to_owned(), Some(json!(1)))]);
        let wanted = [("a.d[0].e".to_owned(), Some(json!(1))), ("a.d[1].e".to_owned(), None)];
        assert_eq!(hits("a.d[*].e", &data), wanted);
        assert_eq!(hits("a.d[0].e", &data), wanted[..1]);
        assert_eq!(hits(".n.x.y[*].z", &data), [("n.x.y".to_owned(), None)]);
        assert_eq!(hits("a.*", &data).len(), 2);
        assert_eq!(hits("a.d[7]", &data), [("a.d[7]".to_owned(), None)]);
    }

    #[test]
    fn says_what_is_wrong_with_a_path() {
        for (path, wanted) in [
            ("", "empty"),
            ("a.", "ends in a dot"),
            ("a..b", "two dots"),
            ("a[b]", "neither [*]"),
            ("a['b", "does not end"),
            ("a[0", "does not end"),
            ("metadata.labels.app.kubernetes.io/name", "wants brackets"),
            ("a[0]b", "a dot is missing"),
            ("a[-1]", "neither [*]"),
        ] {
            let said = FieldPath::parse(path).unwrap_err();
            assert!(said.contains(wanted), "{path}: {said}");
        }
    }
}
