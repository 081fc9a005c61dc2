//! The data's way, arrow by arrow.

use crate::convert::convert;
use crate::edit::{Changes, edit};
use crate::error::Error;
use crate::finding::Status;
use crate::k8s::{Release, Scope};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::validate::{Verdict, validate};
use crate::yaml::Stream;

/// A stream with all that was found, what changes and what the gate says. Writing it is `emit`'s work.
#[derive(Debug)]
pub struct Hardened<'s> {
    /// The input.
    pub stream: &'s Stream,
    /// What stands in it.
    pub release: Release<'s>,
    /// What was found.
    pub plan: Plan,
    /// What differs from the input.
    pub changes: Changes,
    /// What the gate says.
    pub verdict: Verdict,
}

/// Hardens a parsed stream under a policy.
///
/// # Errors
/// [`Error::Edit`] when an edit did not land exactly as planned, [`Error::Policy`] when a rule of the team's own cannot
/// give a verdict, [`Error::Usage`] when a secret cannot become what the policy says.
pub fn harden<'s>(stream: &'s Stream, policy: &Policy, scope: Scope) -> Result<Hardened<'s>, Error> {
    let release = Release::gather(stream, scope);
    let mut plan = Plan::new(&release, policy)?;
    let mut changes = edit(stream, &release, &mut plan)?;
    convert(stream, &release, &mut plan, &mut changes, policy)?;
    let verdict = validate(stream, &release, &mut plan, &changes, policy);
    Ok(Hardened { stream, release, plan, changes, verdict })
}

impl Hardened<'_> {
    /// Whether a fix is made of something that no baseline knows.
    #[must_use]
    pub fn has_new_fixes(&self) -> bool {
        let numbered = self.plan.findings.iter().enumerate();
        let mut new = numbered.filter(|(number, _)| !self.verdict.known.contains(number));
        new.any(|(_, finding)| finding.status == Status::Fixed)
    }
}
