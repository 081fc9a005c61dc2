//! `hardtack secrets rotate`: a new value in the place of one, which stays beside it for a while.

mod fits;
mod manifest;
mod store;
mod words;
mod written;

use std::path::Path;

use super::rotation_args::Rotate;
use super::store::{name_and_key, text_of};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::date::Date;
use crate::error::Error;
use crate::nearest::hint;
use crate::rules::secret_overdue;
use crate::secrets::replace::{Replacement, Standing, Terms, public};
use crate::secrets::store::is_one;
use crate::secrets::{Fault, Plain};
use crate::wire::krm::FunctionConfig;

/// Replaces a value.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then.
pub fn run(config: &Config, wanted: &Rotate) -> Result<Exit, Error> {
    let (name, key) = name_and_key(&wanted.place)?;
    let path = wanted.manifest.as_deref().unwrap_or(&wanted.store.file);
    if path == Path::new("-") {
        return Err(Error::usage("rotate changes a file in its place", "name the file"));
    }
    let policy = config.policy(&FunctionConfig::default())?;
    let overlap = match &wanted.overlap {
        Some(days) => {
            Date::days(days).map_err(|why| Error::usage(format!("--overlap: {why}"), "--overlap 7d"))?
        }
        None => secret_overdue::overlap(&policy).unwrap_or(0),
    };
    let is_day = |said: &&String| Date::days(said).is_ok() || said.parse::<Date>().is_ok();
    if let Some(said) = wanted.rotate_after.as_ref().filter(|said| !is_day(said)) {
        let message = format!("--rotate-after: {said:?} is neither a number of days nor a day");
        return Err(Error::usage(message, "--rotate-after 90d, or 2027-01-31"));
    }
    let order = Order { wanted, name, key, overlap, today: config.today, file: path.display().to_string() };
    match text_of(path)? {
        Some(text) if !is_one(&text) => manifest::run(config, &order, path, &policy),
        _ => store::run(config, &order, path),
    }
}

/// What is to be done.
struct Order<'w> {
    wanted: &'w Rotate,
    name: &'w str,
    key: &'w str,
    /// For how many days the value before is kept.
    overlap: u32,
    today: Date,
    file: String,
}

impl Order<'_> {
    /// What changes in a secret, its new values among it.
    fn change(&self, standing: &Standing<'_>, current: Option<&Plain>) -> Result<Replacement, Error> {
        if self.wanted.drop {
            return Replacement::drop_over(standing, self.today).map_err(|fault| self.wrong(fault));
        }
        if !standing.keys.iter().any(|key| key == self.key) {
            let otherwise = "rotate replaces values that are there";
            let help = hint(self.key, standing.keys.iter().map(String::as_str), otherwise);
            return Err(Error::usage(
                format!("{} of {} has no key {}", self.name, self.file, self.key),
                help,
            ));
        }
        fits::check(self, standing, current).map_err(|fault| self.wrong(fault))?;
        let rotate_after = self.wanted.rotate_after.as_deref();
        let (today, overlap, force) = (self.today, self.overlap, self.wanted.force);
        let terms = Terms { today, overlap, rotate_after, force };
        Replacement::of(standing, self.fresh()?, terms).map_err(|fault| self.wrong(fault))
    }

    /// The new value; of a pair both halves.
    fn fresh(&self) -> Result<Vec<(String, Plain)>, Error> {
        let failed = |why: String| Error::usage(why, "nothing was written");
        let key = self.key.to_owned();
        let Some(kind) = self.wanted.key_pair else {
            let length = usize::try_from(self.wanted.length).unwrap_or(usize::MAX);
            return Ok(vec![(key, self.wanted.alphabet.value(length).map_err(failed)?)]);
        };
        let (private, half) = kind.make().map_err(failed)?;
        Ok(vec![(key, private), (public(self.key), Plain::from(half))])
    }

    fn wrong(&self, fault: Fault) -> Error {
        Error::usage(format!("{} in {}: {}", self.wanted.place, self.file, fault.what), fault.help)
    }
}
