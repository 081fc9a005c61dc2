//! What a rule says about one place before the policy has its word.

use super::{Addition, Place, Safety, Severity};
use crate::yaml::{Data, Edit};

/// A finding in the making.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) fix: Option<(Safety, Vec<Edit>)>,
    pub(crate) additions: Vec<Addition>,
    pub(crate) cap: Option<Severity>,
    pub(crate) line: Option<usize>,
}

impl<'a> Place<'a> {
    /// What is wrong here, lower case, no full stop.
    #[must_use]
    pub fn wrong(self, message: impl Into<String>) -> Draft<'a> {
        let (help, fix, additions) = (String::new(), None, Vec::new());
        Draft { place: self, message: message.into(), help, fix, additions, cap: None, line: None }
    }
}

impl Draft<'_> {
    /// What the user can do when hardtack does not.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// At most this bad here, unless the policy itself names the rule's severity.
    #[must_use]
    pub fn at_most(mut self, cap: Severity) -> Self {
        self.cap = Some(cap);
        self
    }

    /// On this line of the stream, which is inside the value at the place.
    #[must_use]
    pub fn on_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// A fix that the evidence shows to be safe. No edits at all means that other fixes already see to it.
    #[must_use]
    pub fn safe(mut self, edits: impl Into<Vec<Edit>>) -> Self {
        self.fix = Some((Safety::Safe, edits.into()));
        self
    }

    /// A fix that needs the policy's consent.
    #[must_use]
    pub fn consent(mut self, edits: impl Into<Vec<Edit>>) -> Self {
        self.fix = Some((Safety::Consent, edits.into()));
        self
    }

    /// `safe` where the evidence holds, else `consent`.
    #[must_use]
    pub fn safe_if(self, evidence: bool, edits: impl Into<Vec<Edit>>) -> Self {
        if evidence { self.safe(edits) } else { self.consent(edits) }
    }

    /// A document that the fix adds beside the object; always with consent.
    #[must_use]
    pub fn adds(mut self, data: Data) -> Self {
        self.additions.push(Addition { data, beside: self.place.object });
        self.fix.get_or_insert((Safety::Consent, Vec::new()));
        self
    }
}
