//! Checklists for a deployment: questions that people tick off, answered from what the stream says.

pub mod access;
pub mod availability;
pub mod config;
pub mod facts;
pub mod network;
pub mod operations;
pub mod production;
pub mod secrets;
pub mod setting;
pub mod workloads;

pub use facts::{Facts, Place, Reply, Verdict};

use crate::error::Error;
use crate::nearest::hint;

/// One question.
#[derive(Debug)]
pub struct Item {
    /// Names it, for scripts.
    pub id: &'static str,
    /// What it belongs to.
    pub section: &'static str,
    /// What is asked, as a statement that should hold.
    pub question: &'static str,
    /// The rules whose fixes and exemptions speak of it.
    pub rules: &'static [&'static str],
    /// What finds the answer.
    pub ask: fn(&Facts<'_>) -> Reply,
}

/// A list of questions, by name.
pub const CHECKLISTS: &[(&str, &[Item])] = &[("production", production::ITEMS)];

/// The list of that name.
///
/// # Errors
/// [`Error::Usage`] with the nearest that exists.
pub fn find(name: &str) -> Result<&'static [Item], Error> {
    let known = CHECKLISTS.iter().map(|(name, _)| *name);
    let found = CHECKLISTS.iter().find(|(known, _)| *known == name).map(|(_, items)| *items);
    found.ok_or_else(|| {
        let all: Vec<&str> = known.clone().collect();
        let help = hint(name, known, &format!("one of {}", all.join(", ")));
        Error::usage(format!("unknown checklist {name:?}"), help)
    })
}
