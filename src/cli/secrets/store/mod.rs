//! The store: a SOPS file, its log and its previous version.

pub(super) mod edit;
pub(super) mod get;
pub(super) mod list;
mod log;
pub(super) mod set;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::sops_args::{Recipients, StoreFile};
use super::terms;
use crate::cli::config::Config;
use crate::error::Error;
use crate::load::sops::Identities;
use crate::secrets::sops::{Keyring, Terms};
use crate::secrets::store::{self, Store, StoreError};
use crate::wire::files;

/// A store as it stands on disk.
pub(in crate::cli::secrets) struct OnDisk<'w> {
    wanted: &'w StoreFile,
    /// `None` when there is none yet.
    text: Option<String>,
    identities: Identities,
    /// This moment.
    pub(in crate::cli::secrets) time: DateTime<Utc>,
}

impl<'w> OnDisk<'w> {
    pub(in crate::cli::secrets) fn read(config: &Config, wanted: &'w StoreFile) -> Result<Self, Error> {
        Ok(Self {
            text: text_of(&wanted.file)?,
            identities: terms::identities(&wanted.keys),
            time: config.now()?,
            wanted,
        })
    }

    pub(in crate::cli::secrets) fn name(&self) -> String {
        self.wanted.file.display().to_string()
    }

    fn wrong(&self, error: &StoreError) -> Error {
        Error::usage(format!("{}: {error}", self.name()), error.help())
    }

    /// The text of a store that must be there.
    pub(in crate::cli::secrets) fn there(&self) -> Result<&str, Error> {
        self.text.as_deref().ok_or_else(|| {
            let help = "hardtack secrets set makes one; --file names another";
            Error::usage(format!("{} is not there", self.name()), help)
        })
    }

    /// What it holds; nothing when there is none yet.
    pub(in crate::cli::secrets) fn open(&self) -> Result<Store, Error> {
        let Some(text) = &self.text else { return Ok(Store::default()) };
        Store::open(text, &self.identities).map_err(|error| self.wrong(&error))
    }

    /// For whom it is written: who was named, else who can open it now, else what `.sops.yaml` says.
    pub(in crate::cli::secrets) fn terms(&self, recipients: &Recipients) -> Result<Terms, Error> {
        let Some(text) = &self.text else {
            let mut terms = terms::for_file(&self.wanted.file, recipients, None)?.terms;
            // The form of the file fixes what is encrypted in it.
            terms.rule = crate::secrets::sops::Rule::default();
            return Ok(terms);
        };
        let mut terms = store::terms_of(text).map_err(|error| self.wrong(&error))?;
        if let Some(keys) = terms::given(recipients)? {
            terms.keys = keys;
        }
        Ok(terms)
    }

    /// Writes the store in one step and keeps what stood there before as FILE.previous.
    pub(in crate::cli::secrets) fn write(&self, store: &Store, terms: &Terms) -> Result<(), Error> {
        let keyring: &dyn Keyring = &self.identities;
        let previous = self.text.as_deref().map(|text| (text, keyring));
        let text = store.close(terms, previous, self.time).map_err(|error| self.wrong(&error))?;
        // Nobody loses what another has written meanwhile.
        let _alone = log::alone(&log::path(self.wanted))?;
        if text_of(&self.wanted.file)? != self.text {
            let message = format!("{} was changed by somebody else meanwhile", self.name());
            return Err(Error::usage(message, "nothing was written; do it again"));
        }
        let mut planned: Vec<(PathBuf, String)> = Vec::new();
        if let Some(before) = &self.text {
            planned.push((previous_of(&self.wanted.file), before.clone()));
        }
        planned.push((self.wanted.file.clone(), text));
        files::replace_all(&planned)
    }

    pub(in crate::cli::secrets) fn log(&self, what: &str, place: &str) -> Result<(), Error> {
        log::write(&log::path(self.wanted), self.time, what, place)
    }
}

fn previous_of(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(".previous");
    file.with_file_name(name)
}

pub(in crate::cli::secrets) fn text_of(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Io { action: "read", path: path.display().to_string(), error }),
    }
}

/// `NAME/KEY`.
pub(in crate::cli::secrets) fn name_and_key(place: &str) -> Result<(&str, &str), Error> {
    let parts = place.split_once('/').filter(|(name, key)| !name.is_empty() && !key.is_empty());
    parts.ok_or_else(|| {
        Error::usage(
            "what is meant is NAME/KEY",
            "the name of a secret and one of its keys: shop-db/password",
        )
    })
}
