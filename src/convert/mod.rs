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
    if release.scope.values.is_some() {
        return Ok(());
    }
    let mut work = Work { stream, release, plan, changes, policy, locked: Vec::new() };
    if policy.fix == FixMode::None {
        return adopted(&mut work);
    }
    let mut fresh = fresh::Fresh::new();
    moving::run(&mut work, &mut fresh)?;
    config_map::run(&mut work, &mut fresh)?;
    fresh::add(&mut work, fresh)?;
    adopted(&mut work)?;
    if policy.secrets.converts() && !policy.secrets.run.adopt {
        forms::run(&mut work)?;
    }
    checksums::run(&mut work)?;
    never_twice_the_same(&mut work);
    remains::check(&work)
}

/// Marks the Secrets that keep their form in this deploy alone, whatever else is fixed.
fn adopted(work: &mut Work<'_, '_>) -> Result<(), Error> {
    let marked = if work.policy.secrets.run.adopt { adopt::run(work)? } else { Vec::new() };
    for number in marked {
        let words = "stays a Secret in this deploy, marked so that Helm keeps the live one";
        work.note(number, words.to_owned());
    }
    Ok(())
}

/// Says so once, where the caller could do better.
fn never_twice_the_same(work: &mut Work<'_, '_>) {
    let first = |form: Form| work.locked.iter().find(|it| it.form == form).map(|it| it.object);
    let (sealed, run) = (first(Form::Sealed), &work.policy.secrets.run);
    let (object, words) = match (&run.previous, sealed, sealed.or(first(Form::Sops))) {
        (None, _, Some(any)) => {
            (any, "without --previous every run encrypts anew, and the output is never twice the same")
        }
        (Some(previous), _, Some(any)) if previous.is_empty() => {
            (any, "--previous holds nothing encrypted: everything is encrypted anew")
        }
        (Some(_), Some(sealed), _) if run.digest_key.is_none() => (
            sealed,
            "without HARDTACK_DIGEST_KEY_FILE nothing tells which sealed values have changed: all are sealed anew",
        ),
        _ => return,
    };
    work.note(object, words.to_owned());
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
