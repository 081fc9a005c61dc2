//! A `schemas:` entry of a policy file and the rule it becomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::judge::SchemaCheck;
use super::{Fault, Reader, Schema};
use crate::embedded::Format;
use crate::own::SeverityTerms;
use crate::policy::{Match, OwnRule};

/// The id of entries that name none.
pub const DEFAULT_ID: &str = "config-schema-violation";

/// One entry, as written.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SchemaTerms {
    /// Names the defect; [`DEFAULT_ID`] when absent.
    pub id: Option<String>,
    /// What is held to the schema.
    #[serde(default, rename = "match")]
    pub matches: SchemaMatch,
    /// The schema's path inside the policy's folder.
    pub schema: String,
    /// How the file under the key is written, when its name does not tell; `text` holds the text itself to the schema.
    pub format: Option<String>,
    /// Whether the keyword `format` is checked; it is unless this says false.
    pub formats: Option<bool>,
    /// How bad it is.
    pub severity: Option<SeverityTerms>,
    /// Said before what is wrong.
    pub message: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// Whole objects, or with `key` what ConfigMaps and Secrets hold under it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SchemaMatch {
    /// `ConfigMap`; `Values` for the files given with `--values`.
    pub kind: Option<String>,
    /// `metadata.name`; of values the name of the file.
    pub name: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// Labels of the object or of its pods.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The key of a ConfigMap or Secret.
    pub key: Option<String>,
}

/// How the value under a key is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// By the ending of the key, as text when it has none that is known.
    ByName,
    /// As text, whatever its name.
    Text,
    /// In this format.
    As(Format),
}

impl SchemaTerms {
    /// The rule: the schema read and made ready. `origin` says where the entry stands.
    ///
    /// # Errors
    /// Whatever is wrong with the entry or its schema.
    pub fn into_rule(self, origin: String, reader: &Reader) -> Result<OwnRule, Fault> {
        let severity = SeverityTerms::columns(self.severity.as_ref())
            .map_err(|error| Fault::new(format!("severity: {error}"), "severity: critical"))?;
        let reading = match self.format.as_deref() {
            None => Reading::ByName,
            Some("text") => Reading::Text,
            Some(word) => Reading::As(word.parse().map_err(|error: String| {
                Fault::new(
                    format!("format: {error}, text"),
                    "format says how the file under the key is written",
                )
            })?),
        };
        if self.format.is_some() && self.matches.key.is_none() {
            return Err(Fault::new(
                "format without match.key: only the file under a key has a format",
                "add key: to match, or drop format (formats: false switches the keyword format off)",
            ));
        }
        let schema = Schema::compile(&self.schema, self.formats.unwrap_or(true), reader)?;
        let summary = self.message.clone().unwrap_or_else(|| format!("Fits the JSON Schema {}", self.schema));
        let SchemaMatch { kind, name, namespace, labels, key } = self.matches;
        let matches = Match { kind, name, namespace, labels, ..Match::default() };
        let help = self.help.unwrap_or_default();
        let check = SchemaCheck { matches, key, reading, schema, message: self.message, help: help.clone() };
        Ok(OwnRule {
            id: self.id.unwrap_or_else(|| DEFAULT_ID.to_owned()),
            severity,
            summary,
            help,
            origin,
            check: Arc::new(check),
        })
    }
}
