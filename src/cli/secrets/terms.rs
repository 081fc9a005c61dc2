//! For whom and how to encrypt: what was typed, then `.sops.yaml`.

use std::path::Path;

use super::sops_args::{Encrypt, Keys, Recipients};
use crate::cli::output::to_stderr;
use crate::error::Error;
use crate::load::sops::{Identities, Stated, choose};
use crate::secrets::sops::{self, Recipient, Rule, RuleKind, SopsError, Terms};

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
pub(super) fn for_file(file: &Path, recipients: &Recipients, rule: Option<Rule>) -> Result<Chosen, Error> {
    let keys = given(recipients)?;
    let (config, full_mac) = (recipients.sops_config.clone(), recipients.sops_full_mac);
    let chosen = choose(Path::new("."), file, Stated { keys, rule, config, full_mac })?;
    if let Some(warning) = &chosen.warning {
        to_stderr(&format!("warning: {warning}\n"));
    }
    let (rule_is_stated, place) = (chosen.rule.is_some(), chosen.place.clone());
    let terms = chosen.terms().ok_or_else(|| {
        let nobody = SopsError::NobodyToEncryptTo { place: String::new() };
        match &place {
            Some(place) => wrong(place, &nobody),
            None => Error::usage(nobody.to_string(), nobody.help()),
        }
    })?;
    Ok(Chosen { terms, rule_is_stated })
}

/// The recipients that were typed.
pub(super) fn given(recipients: &Recipients) -> Result<Option<sops::Keys>, Error> {
    let parsed = Recipient::all(recipients.age.iter().map(String::as_str));
    let parsed = parsed.map_err(|error| wrong("--age", &error))?;
    if parsed.is_empty() {
        return Ok(None);
    }
    sops::Keys::of(parsed).map(Some).map_err(|error| wrong("--age", &error))
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
