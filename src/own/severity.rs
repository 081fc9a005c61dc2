//! How bad the findings of a rule of the team's own are: one word, or one for each kind of environment.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::finding::Severity;
use crate::nearest::nearest;
use crate::yaml::Data;

/// `critical`, `off`, or `{development: low, staging: high, production: critical}`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum SeverityTerms {
    /// `off` read as a boolean.
    Switch(bool),
    /// One word for all.
    Word(String),
    /// One for each; what is not named is off.
    Each(Each),
}

/// A word for each kind of environment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub struct Each {
    development: Option<String>,
    staging: Option<String>,
    production: Option<String>,
}

impl<'de> Deserialize<'de> for SeverityTerms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Data::deserialize(deserializer)? {
            Data::Bool(on) => Ok(Self::Switch(on)),
            Data::String(word) => Ok(Self::Word(word)),
            each @ Data::Object(_) => serde_json::from_value(each).map(Self::Each).map_err(D::Error::custom),
            _ => Err(D::Error::custom("a severity is one of off, low, medium, high, critical")),
        }
    }
}

impl SeverityTerms {
    /// The severities in development, staging and production; `high` where nothing is said at all.
    ///
    /// # Errors
    /// The words for an unknown severity.
    pub fn columns(terms: Option<&Self>) -> Result<[Option<Severity>; 3], String> {
        match terms {
            None => Ok([Some(Severity::High); 3]),
            Some(Self::Switch(false)) => Ok([None; 3]),
            Some(Self::Switch(true)) => Err(unknown("on")),
            Some(Self::Word(word)) => Ok([severity(word)?; 3]),
            Some(Self::Each(each)) => {
                let column = |word: &Option<String>| word.as_deref().map_or(Ok(None), severity);
                Ok([column(&each.development)?, column(&each.staging)?, column(&each.production)?])
            }
        }
    }
}

fn severity(word: &str) -> Result<Option<Severity>, String> {
    if word == "off" {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| unknown(word))
}

fn unknown(word: &str) -> String {
    let known = ["off", "low", "medium", "high", "critical"];
    let nearest = nearest(word, known).map(|it| format!("; did you mean {it:?}?")).unwrap_or_default();
    format!("unknown severity {word:?}: one of {}{nearest}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(yaml: &str) -> Result<[Option<Severity>; 3], String> {
        SeverityTerms::columns(Some(&serde_saphyr::from_str(yaml).unwrap()))
    }

    #[test]
    fn one_word_is_for_all_and_a_map_for_each() {
        assert_eq!(columns("critical"), Ok([Some(Severity::Critical); 3]));
        assert_eq!(columns("off"), Ok([None; 3]));
        let each = columns("{development: low, production: critical}");
        assert_eq!(each, Ok([Some(Severity::Low), None, Some(Severity::Critical)]));
        assert_eq!(SeverityTerms::columns(None), Ok([Some(Severity::High); 3]));
    }

    #[test]
    fn an_unknown_word_is_said() {
        assert!(columns("hihg").unwrap_err().contains("one of off, low"));
    }
}
