//! What people and programs read about a run.

pub mod about;
pub mod baseline;
pub mod change;
pub mod checklist;
pub mod diff;
pub mod difference;
pub mod excerpt;
pub mod explain;
pub mod fingerprint;
pub mod formats;
pub mod github;
pub mod gitlab;
pub mod health;
pub mod json;
pub mod junit;
pub mod limits;
pub mod markdown;
pub mod notes;
pub mod outcome;
pub mod paint;
pub mod refusal;
pub mod rules;
pub mod sarif;
pub mod scan;
pub mod text;
