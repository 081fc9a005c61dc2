//! For whom and how to encrypt: what was typed, then `.sops.yaml`.

use std::path::{Path, PathBuf};

use super::sops_args::{Encrypt, Keys, Recipients};
use crate::cli::output::to_stderr;
use crate::error::Error;
use crate::load::sops::{Creation, Identities, creation_rule, find};
use crate::secrets::sops::{self, Rule, RuleKind, SopsError, Terms};

/// An error with the file it is about.
pub(super) fn wrong(name: &str, error: &SopsError) -> Error {
    Error::usage(format!("{name}: {error}"), error.help())
}

/// All identities that can be had.
pub(super) fn identities(keys: &Keys) -> Identities {
    Identities::gather(&keys.identity, &|name| std::env::var_os(name))
}

/// What decides for a file.
pub(super) struct Chosen {
    /// For whom and how.
    pub(super) terms: Terms,
    /// Whether somebody named the rule.
    pub(super) rule_is_stated: bool,
}

/// The terms for a file.
///
/// # Errors
/// [`Error::Usage`], [`Error::Policy`], [`Error::Io`].
pub(super) fn for_file(file: &Path, recipients: &Recipients, stated: Option<Rule>) -> Result<Chosen, Error> {
    let given = given(recipients)?;
    // Whoever is named outright needs no creation rule, but one that is there still says what is encrypted.
    let creation = match creation(file, recipients) {
        Err(_) if given.is_some() && recipients.sops_config.is_none() => None,
        creation => creation?,
    };
    let of_rule = creation.as_ref().and_then(|it| it.keys.clone());
    let keys = given.or(of_rule).ok_or_else(|| {
        let nobody = SopsError::NobodyToEncryptTo { place: String::new() };
        match &creation {
            Some(creation) => wrong(&creation.place, &nobody),
            None => Error::usage(nobody.to_string(), nobody.help()),
        }
    })?;
    let said = creation.as_ref().and_then(|it| it.mac_only_encrypted);
    let rule = stated.or(creation.and_then(|it| it.rule));
    Ok(Chosen {
        rule_is_stated: rule.is_some(),
        terms: Terms {
            keys,
            rule: rule.unwrap_or_default(),
            mac_only_encrypted: !recipients.sops_full_mac && said.unwrap_or(true),
            digest_key: None,
        },
    })
}

/// The recipients that were typed.
pub(super) fn given(recipients: &Recipients) -> Result<Option<sops::Keys>, Error> {
    let words = recipients.age.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
    let parsed = words.map(|word| word.parse().map_err(|error| wrong("--age", &error)));
    let parsed: Vec<sops::Recipient> = parsed.collect::<Result<_, Error>>()?;
    if parsed.is_empty() {
        return Ok(None);
    }
    sops::Keys::of(parsed).map(Some).map_err(|error| wrong("--age", &error))
}

fn creation(file: &Path, recipients: &Recipients) -> Result<Option<Creation>, Error> {
    let here = std::env::current_dir().map_err(|error| Error::Io {
        action: "read",
        path: "the working folder".to_owned(),
        error,
    })?;
    let path = match &recipients.sops_config {
        Some(path) => here.join(path),
        None => {
            let found = find(&here);
            if let Some(warning) = found.warning {
                to_stderr(&format!("warning: {warning}\n"));
            }
            let Some(path) = found.path else { return Ok(None) };
            path
        }
    };
    let text = std::fs::read_to_string(&path).map_err(|error| Error::Io {
        action: "read",
        path: path.display().to_string(),
        error,
    })?;
    creation_rule(&text, &path, &plain(&here.join(file))).map(Some)
}

/// A path without `.` and `..`, as far as words alone tell.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

/// The rule that was typed.
pub(super) fn stated_rule(wanted: &Encrypt) -> Result<Option<Rule>, Error> {
    let typed = [
        (RuleKind::EncryptedRegex, &wanted.encrypted_regex),
        (RuleKind::UnencryptedRegex, &wanted.unencrypted_regex),
        (RuleKind::EncryptedSuffix, &wanted.encrypted_suffix),
        (RuleKind::UnencryptedSuffix, &wanted.unencrypted_suffix),
    ];
    let written: Vec<(RuleKind, String)> =
        typed.into_iter().filter_map(|(kind, text)| Some((kind, text.clone()?))).collect();
    Rule::one_of(&written).map_err(|error| Error::usage(error.to_string(), error.help()))
}
