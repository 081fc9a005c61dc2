//! Why a secret cannot be locked away: never holds any part of it.

use std::fmt;

/// What is wrong, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong; lower case, no full stop.
    pub what: String,
    /// What to do next.
    pub help: String,
}

impl Fault {
    /// A fault.
    #[must_use]
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

impl From<super::secret::Unreadable> for Fault {
    fn from(error: super::secret::Unreadable) -> Self {
        let help = match error {
            super::secret::Unreadable::HalfEncrypted { .. } => {
                "encrypt the object again as a whole, or take the encrypted values out"
            }
            _ => "the API server refuses it too: correct the template",
        };
        Self::new(error.to_string(), help)
    }
}
