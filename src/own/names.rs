//! One name or a list of them.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::yaml::Data;

/// `DEBUG`, or `[DEBUG, TRACE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("a name in quotes, or a list of names");
        let name = |data: Data| match data {
            Data::String(name) => Ok(name),
            _ => Err(wrong()),
        };
        match Data::deserialize(deserializer)? {
            Data::Array(items) => items.into_iter().map(name).collect::<Result<_, _>>().map(Self),
            one => Ok(Self(vec![name(one)?])),
        }
    }
}
