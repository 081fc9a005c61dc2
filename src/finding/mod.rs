//! What rules find: plain data.

pub mod draft;
pub mod place;
pub mod severity;

pub use draft::Draft;
pub use place::Place;
pub use severity::Severity;

use std::borrow::Cow;

use crate::yaml::{Data, Edit, Route};

/// What names a rule: its own words for a rule of the table, the policy's for a rule of the team's own.
pub type RuleId = Cow<'static, str>;

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Status {
    /// Its edits are part of the plan.
    Fixed,
    /// It stands.
    Open,
    /// It stands, and the policy or an annotation allows it.
    Exempt,
}

/// How certain a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// The evidence in the release shows that the workload still starts.
    Safe,
    /// It may break the workload: only when the policy says `fix: true` for the rule.
    Consent,
}

/// One thing wrong with one object.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Id of the rule.
    pub rule: RuleId,
    /// How bad, under the policy in force.
    pub severity: Severity,
    /// What became of it.
    pub status: Status,
    /// Number of the object in the release.
    pub object: usize,
    /// Name of the container, when it is about one.
    pub container: Option<String>,
    /// Where, from the document's root. The last keys may be missing in the document.
    pub route: Route,
    /// Line of the stream, from 1: of the value, or of the nearest thing above it that exists.
    pub line: usize,
    /// What is wrong, or was; lower case, no full stop. Never holds the value of a secret.
    pub message: String,
    /// What to do next, when hardtack does not do it.
    pub help: String,
    /// What the fix writes; empty unless fixed.
    pub edits: Vec<Edit>,
    /// Documents the fix adds; empty unless fixed.
    pub additions: Vec<Addition>,
    /// What was done about it, in words, where no edit of its own says it: secrets changed their form.
    pub done: Option<String>,
    /// Why it is allowed, when it is exempt.
    pub reason: Option<String>,
}

/// A document that a fix adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// The object.
    pub data: Data,
    /// Number of the object it belongs to.
    pub beside: usize,
}
