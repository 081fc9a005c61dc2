//! What is refused.

use std::str::FromStr;

use crate::finding::Severity;
use crate::pss::Level;

/// Refused is what is still open after the fixes, not exempt, and at least this bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// The least severity that is refused.
    pub severity: Option<Severity>,
    /// The Pod Security level every workload must reach.
    pub pod_security: Option<Level>,
}

impl Gate {
    /// Refuses nothing.
    pub const NEVER: Self = Self { severity: None, pod_security: None };

    /// Whether anything can be refused.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.severity.is_some() || self.pod_security.is_some()
    }
}

impl FromStr for Gate {
    type Err = String;

    /// Reads `critical`, `critical,restricted`, `restricted` or `never`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::NEVER);
        }
        let mut gate = Self::NEVER;
        for word in text.split(',').map(str::trim) {
            if let Ok(severity) = word.parse::<Severity>() {
                gate.severity = Some(severity);
            } else if let Ok(level) = word.parse::<Level>() {
                gate.pod_security = Some(level);
            } else {
                return Err(format!(
                    "unknown gate {word:?}: a severity (low, medium, high, critical), a Pod Security level \
                     (baseline, restricted), both with a comma, or never"
                ));
            }
        }
        Ok(gate)
    }
}
