//! For whom SOPS encrypts what a policy converts: who is named there, else what `.sops.yaml` says.

use std::path::Path;

use super::config::{Creation, creation_rule, find};
use crate::error::Error;
use crate::load::secrets::SopsSpec;
use crate::load::source::Source;
use crate::secrets::sops::{Keys, Recipient, SopsError, Terms};
use crate::yaml::Route;

/// The name that creation rules judge where a policy says none.
const OUTPUT: &str = "rendered.yaml";

/// The terms of a policy.
///
/// # Errors
/// [`Error::Policy`], [`Error::Io`]; also when nobody is named.
pub(in crate::load) fn terms(spec: &SopsSpec, here: &Route, source: &Source) -> Result<Terms, Error> {
    let given = given(spec, here, source)?;
    // Whoever is named outright needs no creation rule, but one that is there still says what is encrypted.
    let creation = match creation(spec, source) {
        Err(_) if given.is_some() && spec.config.is_none() => None,
        creation => creation?,
    };
    let of_rule = creation.as_ref().and_then(|it| it.keys.clone());
    let Some(keys) = given.or(of_rule) else {
        let nobody = SopsError::NobodyToEncryptTo { place: String::new() };
        let help = "secrets: {sops: {age: [age1…]}}, or a .sops.yaml beside the policy or above it";
        return Err(source.wrong(here, nobody, help));
    };
    let said = creation.as_ref().and_then(|it| it.mac_only_encrypted);
    let rule = creation.and_then(|it| it.rule).unwrap_or_default();
    Ok(Terms { keys, rule, mac_only_encrypted: said.unwrap_or(true), digest_key: None })
}

fn given(spec: &SopsSpec, here: &Route, source: &Source) -> Result<Option<Keys>, Error> {
    let written = spec.age.clone().map(|it| it.into_list()).unwrap_or_default();
    let words = written.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|it| !it.is_empty());
    let failed = |error: SopsError| source.wrong(&here.key("age"), &error, error.help());
    let parsed: Vec<Recipient> = words.map(|it| it.parse().map_err(failed)).collect::<Result<_, _>>()?;
    if parsed.is_empty() {
        return Ok(None);
    }
    Keys::of(parsed).map(Some).map_err(failed)
}

fn creation(spec: &SopsSpec, source: &Source) -> Result<Option<Creation>, Error> {
    let io = |path: &Path, error| Error::Io { action: "read", path: path.display().to_string(), error };
    let folder = std::path::absolute(if source.folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &source.folder
    })
    .map_err(|error| io(&source.folder, error))?;
    let named = spec.config.as_ref().map(|config| folder.join(config));
    let Some(path) = named.or_else(|| find(&folder).path) else { return Ok(None) };
    let text = std::fs::read_to_string(&path).map_err(|error| io(&path, error))?;
    let file = folder.join(spec.file.as_deref().unwrap_or(OUTPUT));
    creation_rule(&text, &path, &file).map(Some)
}
