//! The only exit codes.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Written, or nothing to say.
    Written,
    /// Refused by policy, or a check that failed.
    Refused,
    /// Could not work: bad input, bad policy, bad usage.
    Failed,
    /// Refused or failed, and said so on stdout in the one way Helm 4 passes on: the code is 0, else Helm would drop it.
    Told,
    /// Another post-renderer of the chain ended with this code.
    Program(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Written | Exit::Told => Self::SUCCESS,
            Exit::Refused => Self::from(1),
            Exit::Failed => Self::from(2),
            Exit::Program(code) => Self::from(code),
        }
    }
}
