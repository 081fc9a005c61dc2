//! What a policy says about fixes and single rules.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::finding::Severity;

/// Which fixes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FixMode {
    /// None: report only.
    None,
    /// Those that the evidence shows to be safe.
    Safe,
    /// Also those of the rules for which the policy says `fix: true`.
    Consented,
}

impl FromStr for FixMode {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "none" => Ok(Self::None),
            "safe" => Ok(Self::Safe),
            "consented" => Ok(Self::Consented),
            _ => Err(format!("unknown fix mode {word:?}: one of none, safe, consented")),
        }
    }
}

/// Which of the three severities that each rule names is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Column {
    /// First.
    Development = 0,
    /// Second.
    Staging = 1,
    /// Third.
    Production = 2,
}

/// What a policy file says about one rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleTerms {
    /// `Some(None)` is `off`.
    pub severity: Option<Option<Severity>>,
    /// `true` consents to the fix, `false` switches also a safe one off.
    pub fix: Option<bool>,
    /// The rule's own settings, which only the rule reads.
    pub settings: Map<String, Value>,
}
