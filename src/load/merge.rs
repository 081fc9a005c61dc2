//! The policy that layers add up to, as an ordinary policy file, with the place each value comes from.

use super::file::{API_VERSION, KIND};
use super::layers::{Layer, Layers};
use crate::yaml::{Data, Route, write};
use serde_json::Map;

/// A value with the place of each leaf.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A map, in the order said first.
    Map(Vec<(String, Said)>),
    /// A list.
    List(Vec<Said>),
    /// Anything else, and an empty map or list.
    Leaf {
        /// The value.
        data: Data,
        /// `hardtack.yaml:12`.
        place: String,
    },
}

/// What the layers say together, below `spec`.
#[must_use]
pub fn merged(layers: &Layers) -> Said {
    let mut all = Said::Map(Vec::new());
    for layer in &layers.list {
        let Said::Map(entries) = said(layer) else { continue };
        for (key, value) in entries {
            // Both are resolved by now.
            if key != "extends" && key != "environments" && !value.is_nothing() {
                lay(&mut all, key, value);
            }
        }
    }
    all
}

/// The text of the policy file that says all of it.
#[must_use]
pub fn file(name: &str, spec: &Said) -> String {
    let data = serde_json::json!({
        "apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": name}, "spec": spec.data(),
    });
    write::document(&data, "\n")
}

/// Lays one key of a spec over what was said before: by the rules that `resolve` follows.
fn lay(all: &mut Said, key: String, value: Said) {
    let Some(before) = all.take(&key) else { return all.put(key, value) };
    let together = match key.as_str() {
        "rules" => before.over(value, 2),
        "gate" => before.over(value, 1),
        "secrets" => secrets(before, value),
        // The first that matches wins.
        "securityContext" | "probes" | "resources" => value.then(before),
        "fields" | "schemas" | "expressions" => before.without(&value.ids()).then(value),
        _ if matches!(before, Said::List(_)) => before.then(value),
        _ => value,
    };
    all.put(key, together);
}

/// A later file's entries for objects come first; what it says of one form, or of one key of `resolve`, takes the place of what
/// was said of it.
fn secrets(mut before: Said, mut value: Said) -> Said {
    let objects = match (before.take("objects"), value.take("objects")) {
        (Some(earlier), Some(later)) => Some(later.then(earlier)),
        (earlier, later) => later.or(earlier),
    };
    let resolve = match (before.take("resolve"), value.take("resolve")) {
        (Some(earlier), Some(later)) => Some(earlier.over(later, 1)),
        (earlier, later) => later.or(earlier),
    };
    let plain = |said: Said| said.without_key("objects").without_key("resolve");
    let mut all = plain(before).over(plain(value), 1);
    for (key, said) in [("objects", objects), ("resolve", resolve)] {
        if let Some(said) = said {
            all.put(key.to_owned(), said);
        }
    }
    all
}

impl Said {
    /// As plain data.
    #[must_use]
    pub fn data(&self) -> Data {
        match self {
            Self::Map(entries) => {
                Data::Object(entries.iter().map(|(key, value)| (key.clone(), value.data())).collect())
            }
            Self::List(items) => Data::Array(items.iter().map(Self::data).collect()),
            Self::Leaf { data, .. } => data.clone(),
        }
    }

    /// Every leaf by its route, in order.
    #[must_use]
    pub fn places(&self, route: &Route) -> Vec<(Route, String)> {
        match self {
            Self::Map(entries) => {
                entries.iter().flat_map(|(key, it)| it.places(&route.key(key.clone()))).collect()
            }
            Self::List(items) => {
                items.iter().enumerate().flat_map(|(number, it)| it.places(&route.index(number))).collect()
            }
            Self::Leaf { place, .. } => vec![(route.clone(), place.clone())],
        }
    }

    /// The value at a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// A key without a value says nothing.
    fn is_nothing(&self) -> bool {
        matches!(self, Self::Leaf { data: Data::Null, .. })
    }

    fn take(&mut self, key: &str) -> Option<Self> {
        let Self::Map(entries) = self else { return None };
        let place = entries.iter_mut().find(|(known, _)| known == key)?;
        Some(std::mem::replace(&mut place.1, Self::List(Vec::new())))
    }

    fn without_key(mut self, key: &str) -> Self {
        if let Self::Map(entries) = &mut self {
            entries.retain(|(known, _)| known != key);
        }
        self
    }

    fn put(&mut self, key: String, value: Self) {
        let Self::Map(entries) = self else { return };
        match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, place)) => *place = value,
            None => entries.push((key, value)),
        }
    }

    /// Lays the entries of a map over this one's, `depth` maps down.
    fn over(mut self, other: Self, depth: usize) -> Self {
        let (Self::Map(_), Self::Map(entries), true) = (&self, &other, depth > 0) else { return other };
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_nothing()).cloned() {
            let together = match self.take(&key) {
                Some(before) => before.over(value, depth - 1),
                None => value,
            };
            self.put(key, together);
        }
        self
    }

    /// What the entries of a list say under `id`.
    fn ids(&self) -> Vec<Data> {
        let Self::List(items) = self else { return Vec::new() };
        items.iter().filter_map(|item| item.get("id")).map(Self::data).collect()
    }

    /// The list without the entries of these ids: a later rule takes the place of an earlier one.
    fn without(self, ids: &[Data]) -> Self {
        let Self::List(mut items) = self else { return self };
        items.retain(|item| item.get("id").is_none_or(|id| !ids.contains(&id.data())));
        Self::List(items)
    }

    /// This list, or list of one, and then the other.
    fn then(self, other: Self) -> Self {
        let items = |said: Self| match said {
            Self::List(items) => items,
            Self::Leaf { data: Data::Array(items), .. } if items.is_empty() => Vec::new(),
            one => vec![one],
        };
        Self::List(items(self).into_iter().chain(items(other)).collect())
    }
}

fn said(layer: &Layer) -> Said {
    from_data(layer.source.said(), &Route::root(), layer)
}

fn from_data(data: Data, route: &Route, layer: &Layer) -> Said {
    match data {
        Data::Object(map) if !map.is_empty() || route.steps().is_empty() => {
            Said::Map(entries(map, route, layer))
        }
        Data::Array(items) if !items.is_empty() => {
            let items = items.into_iter().enumerate();
            Said::List(items.map(|(number, it)| from_data(it, &route.index(number), layer)).collect())
        }
        data => Said::Leaf { data, place: layer.source.line(route) },
    }
}

fn entries(map: Map<String, Data>, route: &Route, layer: &Layer) -> Vec<(String, Said)> {
    let said = |(key, value): (String, Data)| {
        // Unquoted `off` is a boolean to YAML, which says little in print.
        let off = key == "severity" && value == Data::Bool(false);
        let value = if off { Data::String("off".to_owned()) } else { value };
        (key.clone(), from_data(value, &route.key(key), layer))
    };
    map.into_iter().map(said).collect()
}
