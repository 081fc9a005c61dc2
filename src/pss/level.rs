//! The three levels of the Pod Security Standards.

use std::fmt;
use std::str::FromStr;

/// How much a pod may ask for; each level refuses everything that the one before refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everything is allowed.
    Privileged,
    /// Known ways to gain privileges are refused.
    Baseline,
    /// What hardening asks for must be written out.
    Restricted,
}

/// A text that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a Pod Security level; write privileged, baseline or restricted")]
pub struct LevelError(String);

impl Level {
    /// The name in namespace labels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        let all = [Level::Privileged, Level::Baseline, Level::Restricted];
        all.into_iter().find(|level| level.name() == text).ok_or_else(|| LevelError(text.to_owned()))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact_and_ordered() {
        for level in [Level::Privileged, Level::Baseline, Level::Restricted] {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        for wrong in ["", "Baseline", "baseline ", "none"] {
            assert!(wrong.parse::<Level>().is_err(), "{wrong:?}");
        }
        assert!(Level::Privileged < Level::Baseline && Level::Baseline < Level::Restricted);
    }
}
