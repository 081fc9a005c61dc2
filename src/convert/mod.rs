//! Secrets change their form once all other edits are made: credentials move out of pods and ConfigMaps into Secrets,
//! Secrets become what the policy says, and nothing of what they held may stand anywhere in the output.

mod checksums;
mod config_map;
mod external;
mod follow;
mod forms;
mod fresh;
mod moving;
mod remains;
mod uses;
mod work;

use crate::edit::Changes;
use crate::error::Error;
use crate::k8s::Release;
use crate::plan::Plan;
use crate::policy::{FixMode, Policy};
use crate::yaml::Stream;
use work::Work;

/// The rule whose findings a conversion fixes.
pub const PLAIN: &str = "secret-in-plain-text";

/// Makes the conversions that the policy asks for.
///
/// # Errors
/// [`Error::Usage`] and [`Error::Policy`] for a Secret that cannot become what the policy says, and when a value of a
/// converted Secret stands elsewhere; [`Error::Edit`] when an edit did not land. Nothing may be written then.
pub fn convert(
    stream: &Stream,
    release: &Release<'_>,
    plan: &mut Plan,
    changes: &mut Changes,
    policy: &Policy,
) -> Result<(), Error> {
    let wanted = policy.fix != FixMode::None && release.scope.values.is_none();
    if !wanted {
        return Ok(());
    }
    let mut work = Work { stream, release, plan, changes, policy, locked: Vec::new() };
    let mut fresh = fresh::Fresh::new();
    moving::run(&mut work, &mut fresh)?;
    config_map::run(&mut work, &mut fresh)?;
    fresh::add(&mut work, fresh)?;
    if policy.secrets.converts() {
        forms::run(&mut work)?;
    }
    checksums::run(&mut work)?;
    remains::check(&work)
}

/// The same without anything but the Secrets themselves.
///
/// # Errors
/// As [`convert`].
pub fn forms(
    stream: &Stream,
    release: &Release<'_>,
    plan: &mut Plan,
    changes: &mut Changes,
    policy: &Policy,
) -> Result<(), Error> {
    let mut work = Work { stream, release, plan, changes, policy, locked: Vec::new() };
    forms::run(&mut work)?;
    remains::check(&work)
}
