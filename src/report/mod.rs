//! What people and programs read about a run.

pub mod diff;
pub mod explain;
pub mod fingerprint;
pub mod json;
pub mod notes;
pub mod paint;
pub mod refusal;
pub mod rules;
pub mod text;
