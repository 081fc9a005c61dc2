//! What became of a finding, for readers who decide whether a change may go in, and where it points.

use super::json::Entry;
use crate::finding::{Severity, Status};

/// From what stops a change to what is only said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Open, and the gate refuses it.
    Refused,
    /// `check`: an enabled fix is not made yet.
    Pending,
    /// Open.
    Open,
    /// Open or to fix, and known from the baseline.
    Known,
    /// `harden`: its fix is made.
    Fixed,
    /// Allowed by policy or annotation.
    Allowed,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Pending => "to fix",
            Self::Open => "open",
            Self::Known => "known",
            Self::Fixed => "fixed",
            Self::Allowed => "allowed",
        }
    }

    /// Whether someone still has to do something, or at least know.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Self::Refused | Self::Pending | Self::Open)
    }
}

impl Entry {
    pub(super) fn outcome(&self) -> Outcome {
        match self.status {
            Status::Open | Status::Fixed
                if self.baseline == Some(true) && (self.pending || self.status == Status::Open) =>
            {
                Outcome::Known
            }
            Status::Open if self.refused => Outcome::Refused,
            Status::Open => Outcome::Open,
            Status::Fixed if self.pending => Outcome::Pending,
            Status::Fixed => Outcome::Fixed,
            Status::Exempt => Outcome::Allowed,
        }
    }

    /// Worst first, for readers that show only the first few.
    pub(super) fn urgency(&self) -> (Outcome, std::cmp::Reverse<Severity>) {
        (self.outcome(), std::cmp::Reverse(self.severity))
    }

    /// `Deployment/web`, with the namespace where it is known.
    pub(super) fn object_name(&self) -> String {
        let namespace = self.object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
        format!("{namespace}{}/{}", self.object.kind, self.object.name)
    }

    /// On one line: what is wrong, in which container, and what to do.
    pub(super) fn words(&self) -> String {
        let container = self.container.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let advice = match self.outcome() {
            Outcome::Pending | Outcome::Fixed => &self.written,
            Outcome::Allowed => self.reason.as_deref().unwrap_or_default(),
            Outcome::Refused | Outcome::Open | Outcome::Known => &self.help,
        };
        let advice = if advice.is_empty() { String::new() } else { format!(" -> {advice}") };
        format!("{}{container}{advice}", self.message)
    }

    /// The file and line to look at: the chart's template when it is known, else the file that was read, else the
    /// template that the stream names.
    pub(super) fn place(&self) -> (&str, Option<usize>) {
        let source = &self.source;
        if let Some(path) = &source.template_path {
            return (path, source.template_line);
        }
        match &source.template {
            Some(template) if self.is_piped() => (template, None),
            _ => (&source.input, Some(source.line)),
        }
    }

    pub(super) fn is_piped(&self) -> bool {
        self.source.input == crate::error::STDIN
    }
}
