//! What a store holds: a text, or a tree of them. Every leaf is wiped when dropped.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::secrets::Plain;
use crate::yaml::stream::parse_document;
use crate::yaml::{Kind, Scalar, Value};

/// A value, with what lies below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Text or bytes.
    Text(Plain),
    /// A number or a boolean, as it is written.
    Word(Plain),
    /// Nothing.
    Null,
    /// By key, in the order written.
    Map(Vec<(String, Held)>),
    /// In order.
    List(Vec<Held>),
}

impl Held {
    /// Reads JSON.
    #[must_use]
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Reads one document of YAML, as Kubernetes reads it.
    #[must_use]
    pub fn from_yaml(text: &str) -> Option<Self> {
        let tree = parse_document(text).ok()?;
        tree.root(text).map(Self::of_value)
    }

    /// Reads JSON or else YAML.
    #[must_use]
    pub fn from_text(plain: &Plain) -> Option<Self> {
        Self::from_json(plain.expose()).or_else(|| plain.expose_text().and_then(Self::from_yaml))
    }

    fn of_value(value: Value<'_>) -> Self {
        if value.is_map() {
            return Self::Map(Self::entries_of(value.resolved()));
        }
        if value.is_seq() {
            return Self::List(value.items().map(Self::of_value).collect());
        }
        match value.scalar() {
            Some(Scalar::Str(text)) => Self::Text(Plain::from(text.into_owned())),
            None | Some(Scalar::Null) => Self::Null,
            Some(_) => Self::Word(Plain::from(value.resolved().raw().to_owned())),
        }
    }

    /// Keys as they are written (to Kubernetes `n` is `false`), those merged in first: the last of a name counts.
    fn entries_of(map: Value<'_>) -> Vec<(String, Self)> {
        let (mut merged, mut own) = (Vec::new(), Vec::new());
        for (key, value) in map.own_entries() {
            if key.is_merge_key() {
                let one = value.is_map().then_some(value);
                let maps: Vec<Value<'_>> = one.into_iter().chain(value.items()).collect();
                // The first of several maps counts.
                for source in maps.into_iter().rev().filter(|it| it.is_map()) {
                    merged.extend(Self::entries_of(source.resolved()));
                }
            } else {
                let is_plain = key.node().kind == Kind::Plain;
                let name = if is_plain { key.raw().to_owned() } else { key.key_text().into_owned() };
                own.push((name, Self::of_value(value)));
            }
        }
        merged.extend(own);
        merged
    }

    /// What stands at a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().rev().find(|(known, _)| known == key).map(|(_, held)| held)
    }

    /// What stands some keys further down.
    #[must_use]
    pub fn at(&self, keys: &[String]) -> Option<&Self> {
        keys.iter().try_fold(self, |held, key| held.get(key))
    }

    /// As text: a string itself, anything else as JSON.
    #[must_use]
    pub fn to_text(&self) -> Plain {
        match self {
            Self::Text(plain) | Self::Word(plain) => plain.clone(),
            other => {
                let mut out = String::new();
                other.push_json(&mut out);
                Plain::from(out)
            }
        }
    }

    fn push_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Word(word) => out.push_str(word.expose_text().unwrap_or_default()),
            Self::Text(text) => push_string(&String::from_utf8_lossy(text.expose()), out),
            Self::Map(entries) => {
                out.push('{');
                for (number, (key, held)) in entries.iter().enumerate() {
                    out.push_str(if number > 0 { "," } else { "" });
                    push_string(key, out);
                    out.push(':');
                    held.push_json(out);
                }
                out.push('}');
            }
            Self::List(items) => {
                out.push('[');
                for (number, held) in items.iter().enumerate() {
                    out.push_str(if number > 0 { "," } else { "" });
                    held.push_json(out);
                }
                out.push(']');
            }
        }
    }
}

fn push_string(text: &str, out: &mut String) {
    // A string is always JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Held;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Held, E> {
        Ok(Held::Word(Plain::from(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Held, E> {
        Ok(Held::Word(Plain::from(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Held, E> {
        Ok(Held::Word(Plain::from(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Held, E> {
        Ok(Held::Word(Plain::from(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Held, E> {
        Ok(Held::Text(Plain::from(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Held, E> {
        Ok(Held::Text(Plain::from(value)))
    }

    fn visit_unit<E>(self) -> Result<Held, E> {
        Ok(Held::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Held, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Held::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Held, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Held::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_said_as_json() {
        let text = r#"{"a":1,"b":[true,null,"x\"y"],"c":{"d":1.5,"e":[]}}"#;
        assert_eq!(Held::from_json(text.as_bytes()).unwrap().to_text().expose_text(), Some(text));
        let word = Held::from_json(b"\"a b\"").unwrap();
        assert_eq!(word.to_text().expose_text(), Some("a b"));
    }
}
