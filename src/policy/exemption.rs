//! What is allowed, why, by whom and until when.

use super::{Date, Match};

/// The owner of an exemption that nobody has taken over yet.
pub const UNASSIGNED: &str = "unassigned";

/// One permission.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemption {
    /// Rule ids.
    pub allow: Vec<String>,
    /// Where.
    pub matches: Match,
    /// Why; never empty.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds.
    pub until: Option<Date>,
    /// Where it is written, for messages: `hardtack.yaml:12`.
    pub origin: String,
}

impl Exemption {
    /// Whether its last day is over.
    #[must_use]
    pub fn has_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it speaks of this rule.
    #[must_use]
    pub fn allows(&self, rule: &str) -> bool {
        self.allow.iter().any(|id| id == rule)
    }
}
