//! Texts of a rule: one for all, or one for each kind of environment.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Wrong;
use crate::policy::Column;
use crate::template::Text;
use crate::yaml::{Data, Route};

/// `text`, or `{development: text, staging: text, production: text}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum TextTerms {
    /// One for all.
    One(String),
    /// One for each; a rule says what it says by itself where none is named.
    Each(Each),
}

/// A text for each kind of environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub struct Each {
    development: Option<String>,
    staging: Option<String>,
    production: Option<String>,
}

impl<'de> Deserialize<'de> for TextTerms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Data::deserialize(deserializer)? {
            Data::String(text) => Ok(Self::One(text)),
            each @ Data::Object(_) => serde_json::from_value(each).map(Self::Each).map_err(D::Error::custom),
            _ => Err(D::Error::custom("a text, or {development: text, staging: text, production: text}")),
        }
    }
}

/// The texts in development, staging and production, compiled.
#[derive(Debug, Clone, Default)]
pub struct Texts([Option<Text>; 3]);

impl Texts {
    /// Compiles what a rule says under `key`. `own` names the variables of this kind of rule.
    ///
    /// # Errors
    /// A wrong template.
    pub fn new(terms: Option<TextTerms>, key: &'static str, own: &[&str]) -> Result<Self, Wrong> {
        let route = Route::root().key(key);
        let text =
            |text: String, route: Route| Text::new(text, own).map_err(|wrong| Wrong::template(route, wrong));
        match terms {
            None => Ok(Self::default()),
            Some(TextTerms::One(one)) => {
                let one = text(one, route)?;
                Ok(Self([Some(one.clone()), Some(one.clone()), Some(one)]))
            }
            Some(TextTerms::Each(each)) => {
                let column = |words: Option<String>, name: &'static str| {
                    words.map(|words| text(words, route.key(name))).transpose()
                };
                Ok(Self([
                    column(each.development, "development")?,
                    column(each.staging, "staging")?,
                    column(each.production, "production")?,
                ]))
            }
        }
    }

    /// The text in one kind of environment.
    #[must_use]
    pub fn of(&self, column: Column) -> Option<&Text> {
        self.0[column as usize].as_ref()
    }

    /// The strictest environment's text as written, for listings.
    #[must_use]
    pub fn written(&self) -> &str {
        self.0.iter().rev().flatten().next().map_or("", Text::written)
    }
}
