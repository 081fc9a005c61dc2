//! Every setting of a release: variables, keys of ConfigMaps and Secrets, and what stands in the files they hold.

use std::borrow::Cow;

use crate::embedded;
use crate::k8s::{Object, Release};
use crate::yaml::{Data, Route, Step, Value};

/// A name and its value.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The last word of where it stands: a variable, a key, a key in a file.
    pub name: String,
    /// What it is set to. Never to be shown.
    pub value: Cow<'a, str>,
    /// Number of the object.
    pub object: usize,
    /// Line of the stream: of the value, or of what holds the file it stands in.
    pub line: usize,
    /// Where it stands, for people: `LOG_LEVEL (web)`, `data.LOG_LEVEL`, `data["app.yaml"] log.level`.
    pub place: String,
    /// What holds it.
    pub holder: Holder,
}

/// What holds a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A variable of a container.
    Variable,
    /// A word of a container's command or arguments: the name is the option.
    Option,
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

/// All settings, in the order of the stream.
#[must_use]
pub fn all<'a>(release: &'a Release<'a>) -> Vec<Setting<'a>> {
    let mut found = Vec::new();
    for object in &release.objects {
        for workload in release.workloads_of(object) {
            for part in &workload.parts {
                variables(object, part.value, &part.name, &mut found);
                options(object, part.value, &part.name, &mut found);
            }
        }
        for entry in embedded::entries(object) {
            keys(object, &entry, &mut found);
        }
    }
    found
}

fn variables<'a>(object: &Object<'a>, container: Value<'a>, name: &str, found: &mut Vec<Setting<'a>>) {
    for entry in container.get("env").into_iter().flat_map(Value::items) {
        let (Some(variable), Some(value)) = (entry.get("name").and_then(Value::as_str), entry.get("value"))
        else {
            continue;
        };
        let Some(text) = value.scalar().map(crate::yaml::Scalar::into_key) else { continue };
        found.push(Setting {
            place: format!("{variable} ({name})"),
            name: variable.into_owned(),
            value: text,
            object: object.number,
            line: object.line_of(value),
            holder: Holder::Variable,
        });
    }
}

/// `--name=value`, `--name value`, `--name`, `-v=6`.
fn options<'a>(object: &Object<'a>, container: Value<'a>, name: &str, found: &mut Vec<Setting<'a>>) {
    for list in ["command", "args"] {
        let words: Vec<(Value<'a>, Cow<'a, str>)> = container
            .get(list)
            .into_iter()
            .flat_map(Value::items)
            .filter_map(|word| Some((word, word.as_str()?)))
            .collect();
        for (number, (value, word)) in words.iter().enumerate() {
            let option = word.trim_start_matches('-');
            if option.len() == word.len() || option.is_empty() || word.contains(char::is_whitespace) {
                continue;
            }
            let next = words.get(number + 1).map(|(_, next)| next).filter(|next| !next.starts_with('-'));
            let (option, text) = match option.split_once('=') {
                Some((option, text)) => (option, text.to_owned()),
                None => (option, next.map_or_else(|| "true".to_owned(), ToString::to_string)),
            };
            found.push(Setting {
                place: format!("{list} --{option} ({name})"),
                name: option.to_owned(),
                value: Cow::Owned(text),
                object: object.number,
                line: object.line_of(*value),
                holder: Holder::Option,
            });
        }
    }
}

fn keys<'a>(object: &Object<'a>, entry: &embedded::Entry<'a>, found: &mut Vec<Setting<'a>>) {
    let holder = if entry.secret { Holder::Secret } else { Holder::ConfigMap };
    let route: Route = entry.route.steps()[object.route.steps().len()..].iter().cloned().collect();
    let line = object.line_of(entry.value);
    let Some(text) = entry.text() else { return };
    match entry.file(None) {
        Ok(file) => leaves(&file.data, &Route::root(), &mut |inside, value| {
            let last = inside.steps().iter().rev().find_map(|step| match step {
                Step::Key(key) => Some(key.to_string()),
                Step::Index(_) => None,
            });
            found.push(Setting {
                name: last.unwrap_or_default(),
                value: Cow::Owned(value),
                object: object.number,
                line: entry.line_in(object, file.line_of(inside)).unwrap_or(line),
                place: format!("{route} {inside}"),
                holder,
            });
        }),
        Err(_) => found.push(Setting {
            name: entry.key.clone(),
            value: Cow::Owned(text.to_owned()),
            object: object.number,
            line,
            place: route.to_string(),
            holder,
        }),
    }
}

fn leaves(data: &Data, at: &Route, say: &mut dyn FnMut(&Route, String)) {
    match data {
        Data::Object(map) => {
            map.iter().for_each(|(key, value)| leaves(value, &at.key(key.clone()), say));
        }
        Data::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &at.index(index), say));
        }
        Data::String(text) => say(at, text.clone()),
        Data::Null => {}
        other => say(at, other.to_string()),
    }
}

impl Setting<'_> {
    /// The name in lower case, its words joined by `_`: `logLevel`, `log.level` and `LOG-LEVEL` are `log_level`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut out = String::new();
        let mut lower = false;
        for c in self.name.chars() {
            if c.is_ascii_uppercase() && lower {
                out.push('_');
            }
            lower = c.is_ascii_lowercase() || c.is_ascii_digit();
            out.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
        }
        out
    }

    /// Where it stands.
    #[must_use]
    pub fn shown(&self, what: &str) -> super::Place {
        super::Place { object: self.object, line: self.line, what: format!("{}: {what}", self.place) }
    }
}
