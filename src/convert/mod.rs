//! Secrets change their form once all other edits are made: credentials move out of pods and ConfigMaps into Secrets,
//! Secrets become what the policy says, and nothing of what they held may stand anywhere in the output.

mod adopt;
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
use crate::policy::secrets::Form;
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
    if policy.secrets.run.adopt {
        for number in adopt::run(&mut work)? {
            work.note(
                number,
                "stays a Secret in this deploy, marked so that Helm keeps the live one".to_owned(),
            );
        }
    } else if policy.secrets.converts() {
        forms::run(&mut work)?;
    }
    checksums::run(&mut work)?;
    never_twice_the_same(&mut work);
    remains::check(&work)
}

/// Says so once, where the caller could do better.
fn never_twice_the_same(work: &mut Work<'_, '_>) {
    let random = work.locked.iter().find(|it| matches!(it.form, Form::Sealed | Form::Sops));
    if let (None, Some(first)) = (&work.policy.secrets.run.previous, random) {
        let words = "without --previous every run encrypts anew, and the output is never twice the same";
        work.note(first.object, words.to_owned());
    }
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
    never_twice_the_same(&mut work);
    remains::check(&work)
}

/// Nothing but the marks by which Helm keeps live Secrets; numbers of the objects that got them.
///
/// # Errors
/// [`Error::Edit`].
pub fn adopt(
    stream: &Stream,
    release: &Release<'_>,
    changes: &mut Changes,
    policy: &Policy,
) -> Result<Vec<usize>, Error> {
    let mut plan = Plan::default();
    let mut work = Work { stream, release, plan: &mut plan, changes, policy, locked: Vec::new() };
    adopt::run(&mut work)
}
