//! The team's own rules: what every kind of them has, beside the check it compiles to.

use std::fmt;
use std::sync::Arc;

use super::{Expressed, Policy};
use crate::error::Error;
use crate::finding::{Draft, Severity};
use crate::k8s::Release;

/// One rule of the team's own, ready to run.
#[derive(Debug, Clone)]
pub struct OwnRule {
    /// Names the defect, like the ids of the table; no id of the table.
    pub id: String,
    /// Severity in development, staging and production; `None` is off.
    pub severity: [Option<Severity>; 3],
    /// One line that says what is demanded, for `explain` and reports.
    pub summary: String,
    /// What to do about its findings; empty when the policy says nothing.
    pub help: String,
    /// Where it is written, for messages: `hardtack.yaml fields[2]`.
    pub origin: String,
    /// What runs.
    pub check: Arc<dyn OwnCheck>,
}

/// What a rule of the team's own does with a release. Everything that can be wrong with the rule itself was said when
/// the policy was read.
pub trait OwnCheck: fmt::Debug + Send + Sync {
    /// Says what is wrong, place by place.
    ///
    /// # Errors
    /// [`Error::Policy`] when the rule cannot give a verdict, such as code that ran into its limits.
    fn check<'a>(
        &self,
        policy: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error>;

    /// The rule as a cluster can hold it.
    ///
    /// # Errors
    /// Why it cannot.
    fn expressed(&self) -> Result<Expressed, String> {
        Err("it is written in what no cluster reads".to_owned())
    }
}

impl Policy {
    /// The team's own rule of that id.
    #[must_use]
    pub fn own(&self, id: &str) -> Option<&OwnRule> {
        self.own.iter().find(|rule| rule.id == id)
    }
}
