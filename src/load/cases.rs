//! Cases beside a policy: manifests, and what the policy makes of them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::file::API_VERSION;
use super::layers::text_of;
use super::read::decode;
use super::resolve::known_ids;
use super::source::{self, Source};
use crate::error::Error;
use crate::finding::RuleId;
use crate::nearest::hint;
use crate::policy::Policy;
use crate::yaml::{Data, Route};

/// The `kind` of a file of cases.
pub const KIND: &str = "PolicyTest";

/// A file of cases, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cases {
    /// [`API_VERSION`].
    pub api_version: String,
    /// [`KIND`].
    pub kind: String,
    /// The policy file, from this file's folder; else `hardtack.yaml` found upwards from there.
    pub policy: Option<PathBuf>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The environment; else the one the policy extends.
    pub environment: Option<String>,
    /// The manifest itself.
    pub manifest: Option<String>,
    /// Or a file of manifests, from the folder of the file of cases.
    pub file: Option<PathBuf>,
    /// The rules that are looked at; else those that the expected findings name, else all.
    #[serde(default)]
    pub only: Vec<String>,
    /// All findings of these rules.
    pub findings: Option<Vec<Expected>>,
    /// All edits that findings of these rules make: `Deployment/web spec.replicas: 3`.
    pub edits: Option<Vec<String>>,
    /// The hardened manifest, byte for byte.
    pub output: Option<String>,
}

/// A finding as a case states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expected {
    /// Rule id.
    pub rule: RuleId,
    /// What became of it.
    pub status: Outcome,
    /// `Deployment/web`.
    pub object: String,
    /// The container, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Its fix is written.
    Fixed,
    /// It stands, and the gate lets it pass.
    Open,
    /// It stands, and the gate refuses it.
    Refused,
    /// It is allowed.
    Exempt,
}

/// Reads a file of cases.
///
/// # Errors
/// [`Error::Io`] and [`Error::Policy`] with line and column.
pub fn read(path: &Path) -> Result<(Cases, Source), Error> {
    let name = path.display().to_string();
    let written = source::written(&text_of(path)?, &name)?;
    let data = source::root(&written).map_or(Data::Null, |(root, _)| root.to_data());
    let source = Source::of_file(path).with_text(Some(written)).at(Route::root());
    let cases: Cases = decode(data, &source)?;
    if cases.kind != KIND || cases.api_version != API_VERSION {
        let message = format!("{name} is {} {}, not cases of a policy", cases.api_version, cases.kind);
        return Err(Error::Policy { message, help: format!("apiVersion: {API_VERSION} and kind: {KIND}") });
    }
    for (number, case) in cases.cases.iter().enumerate() {
        let route = Route::root().key("cases").index(number);
        if case.manifest.is_some() == case.file.is_some() {
            let what = format!("case {:?} needs one of manifest and file", case.name);
            return Err(source.wrong(&route, what, "manifest: |, with the objects below"));
        }
    }
    Ok((cases, source))
}

/// Refuses ids that are no rules of the policy.
///
/// # Errors
/// [`Error::Policy`] with line, column and the nearest one.
pub fn check_ids(case: &Case, number: usize, policy: &Policy, source: &Source) -> Result<(), Error> {
    let route = Route::root().key("cases").index(number);
    let only = case.only.iter().map(String::as_str).enumerate();
    let only = only.map(|(number, id)| (route.key("only").index(number), id));
    let expected = case.findings.iter().flatten().enumerate();
    let expected =
        expected.map(|(number, it)| (route.key("findings").index(number).key("rule"), it.rule.as_ref()));
    for (route, id) in only.chain(expected) {
        if !known_ids(policy).any(|known| known == id) {
            let help = hint(id, known_ids(policy), "hardtack rules lists all");
            return Err(source.unknown(&route, format!("rule {id:?}"), help));
        }
    }
    Ok(())
}
