//! The team's own rules: from what a policy file says to checks that run.

pub mod schemas;
pub mod severity;

pub use severity::SeverityTerms;
