//! Rego policies of the team's own, by conftest's conventions: `deny`, `warn` and `violation` of a package.
//!
//! [`Sources`] are the files, [`Library`] is what they compile to, [`RegoTerms::into_rules`] makes a rule of each `deny`,
//! `warn` and `violation`. No policy reaches files, network, environment, clock or chance.

pub mod builtins;
mod check;
mod conventions;
mod functions;
mod library;
mod limits;
pub mod sources;
mod sprintf;
pub mod terms;
mod walk;

pub use library::Library;
pub use sources::{Sources, Text};
pub use terms::RegoTerms;
