//! The environment in force, and what decided on it.

use super::Column;

/// The label of a Namespace in the stream that may raise the environment.
pub const LABEL: &str = "hardtack.dev/environment";

/// An environment in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name: a built-in one or one of the team's own.
    pub name: String,
    /// The built-in one that it goes back to: how strict it is.
    pub root: Column,
    /// What chose it, for the report: `-e`, `HARDTACK_ENVIRONMENT`, `hardtack.yaml:4`, a label.
    pub chosen_by: String,
}
