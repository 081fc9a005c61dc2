//! A rule on fields, as written.

use serde::Deserialize;

use crate::own::{Names, SeverityTerms, TextTerms};
use crate::policy::Match;
use crate::yaml::Data;

/// One entry of `fields:`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FieldSpec {
    /// Names the defect.
    pub id: String,
    /// Which objects, and which of their containers. `key` may stand here as well as beside it.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Paths below the object; below the container when `match` names one; below the file when `file` does.
    #[cfg_attr(test, schemars(with = "Option<Data>"))]
    pub path: Option<Names>,
    /// Keys of ConfigMaps and Secrets.
    #[cfg_attr(test, schemars(with = "Option<Data>"))]
    pub key: Option<Names>,
    /// Variables of containers.
    #[cfg_attr(test, schemars(with = "Option<Data>"))]
    pub env: Option<Names>,
    /// The key that holds a file.
    pub file: Option<String>,
    /// What the file is written in, when its name does not say so.
    pub format: Option<String>,
    /// Whether there must be a value: `true`, `any`, `each`, or `never`.
    pub required: Option<Data>,
    /// Values it must not have.
    pub forbidden: Option<Data>,
    /// The only values it may have.
    pub one_of: Option<Data>,
    /// The only value it may have.
    pub equals: Option<Data>,
    /// Least and most.
    pub range: Option<Data>,
    /// A regular expression that must be found in it.
    pub pattern: Option<String>,
    /// A regular expression that must not be found in it.
    pub not_pattern: Option<String>,
    /// Characters of text, items of a list.
    pub min_length: Option<i64>,
    /// Characters of text, items of a list.
    pub max_length: Option<i64>,
    /// How bad.
    pub severity: Option<SeverityTerms>,
    /// What the finding says.
    pub message: Option<TextTerms>,
    /// What to do about it.
    pub help: Option<TextTerms>,
}
