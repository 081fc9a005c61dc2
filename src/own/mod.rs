//! The team's own rules: from what a policy file says to checks that run.

pub mod expressions;
pub mod fields;
pub mod names;
pub mod rego;
pub mod schemas;
pub mod severity;
pub mod terms;
pub mod wrong;

pub use names::Names;
pub use severity::SeverityTerms;
pub use terms::{TextTerms, Texts};
pub use wrong::Wrong;
