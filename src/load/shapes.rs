//! Shapes in a policy file that are written in more than one way. Each is read by hand, so that an error inside still
//! says which key it is about.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// One value, or a list of them.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum OneOrMany<T> {
    /// A list.
    Many(Vec<T>),
    /// One.
    One(T),
}

impl<T> OneOrMany<T> {
    /// As a list.
    #[must_use]
    pub fn into_list(self) -> Vec<T> {
        match self {
            Self::Many(list) => list,
            Self::One(one) => vec![one],
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one, or a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(items)).map(OneOrMany::Many)
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(entries)).map(OneOrMany::One)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(text.into_deserializer()).map(OneOrMany::One)
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// Text that people write as a number: `1.33`.
#[derive(Debug, Clone)]
pub enum Scalar {
    /// In quotes.
    Text(String),
    /// Without: `1.30` is read as 1.3, so it is refused with a word on quotes.
    Number(f64),
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Number(number) => Ok(Self::Number(number.as_f64().unwrap_or_default())),
            _ => Err(D::Error::custom("a version is a text, such as \"1.33\"")),
        }
    }
}

/// What a file says about one rule; what is neither severity nor fix is a setting of the rule.
#[derive(Debug, Clone, Default)]
pub struct RuleSpec {
    /// A severity, or `off`.
    pub severity: Option<SeverityWord>,
    /// Consent.
    pub fix: Option<bool>,
    /// The rule's settings.
    pub settings: Map<String, Value>,
}

impl<'de> Deserialize<'de> for RuleSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Terms;

        impl<'de> Visitor<'de> for Terms {
            type Value = RuleSpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map such as {severity: high, fix: true}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RuleSpec, A::Error> {
                let mut terms = RuleSpec::default();
                while let Some(key) = entries.next_key::<String>()? {
                    match key.as_str() {
                        "severity" => terms.severity = Some(entries.next_value()?),
                        "fix" => terms.fix = Some(entries.next_value()?),
                        _ => match entries.next_value()? {
                            Value::Null => {}
                            value => drop(terms.settings.insert(key, value)),
                        },
                    }
                }
                Ok(terms)
            }
        }

        deserializer.deserialize_map(Terms)
    }
}

/// A severity as written; `off` is a boolean to YAML.
#[derive(Debug, Clone)]
pub enum SeverityWord {
    /// `off` read as a boolean.
    Switch(bool),
    /// A word.
    Word(String),
}

impl<'de> Deserialize<'de> for SeverityWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(on) => Ok(Self::Switch(on)),
            Value::String(word) => Ok(Self::Word(word)),
            _ => Err(D::Error::custom("a severity is one of off, low, medium, high, critical")),
        }
    }
}
