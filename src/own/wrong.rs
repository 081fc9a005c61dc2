//! What is wrong with a rule of the team's own.

use crate::template;
use crate::yaml::Route;

/// Said when the policy is read; the reader adds file, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where, from the rule's entry in the file.
    pub route: Route,
    /// What, lower case, no full stop.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl Wrong {
    /// What is wrong at a key of the rule; the empty key is the rule itself.
    #[must_use]
    pub fn at(key: &'static str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { route: Route::root().path(key), what: what.into(), help: help.into() }
    }

    /// A template that is wrong at a route of the rule.
    #[must_use]
    pub fn template(route: Route, wrong: template::Wrong) -> Self {
        Self { route, what: wrong.what, help: wrong.help }
    }
}
