//! What a policy's exemptions allow, for commands that judge by themselves.

use crate::error::Error;
use crate::finding::{Finding, Status};
use crate::k8s::Release;
use crate::plan::Plan;
use crate::policy::{FixMode, Policy};

/// The findings of some rules that an exemption lets stand.
///
/// # Errors
/// That of the plan.
pub(super) fn findings(
    release: &Release<'_>,
    policy: &Policy,
    rules: &[&str],
) -> Result<Vec<Finding>, Error> {
    if policy.exemptions.is_empty() && policy.annotations.is_empty() {
        return Ok(Vec::new());
    }
    let only = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let policy = Policy { only, own: Vec::new(), fix: FixMode::None, ..policy.clone() };
    let findings = Plan::new(release, &policy)?.findings.into_iter();
    Ok(findings.filter(|finding| finding.status == Status::Exempt).collect())
}
