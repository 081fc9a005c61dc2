//! A `rego:` entry of a policy file and the rules it becomes.

use std::sync::Arc;

use serde::Deserialize;

use super::check::RegoCheck;
use super::conventions::Class;
use super::{Library, Sources};
use crate::finding::Severity;
use crate::own::SeverityTerms;
use crate::own::schemas::Fault;
use crate::policy::matcher::glob;
use crate::policy::{Date, Match, OwnRule};

/// One entry, as written.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RegoTerms {
    /// What the ids of its rules start with: `rego-deny`, `rego-deny-run-as-root`.
    #[serde(default = "rego")]
    pub id: String,
    /// Modules: files, or folders searched for `.rego`; `_test.rego` is left out.
    pub paths: Vec<String>,
    /// Data: files, or folders searched for `.yaml`, `.yml` and `.json`.
    #[serde(default)]
    pub data: Vec<String>,
    /// The packages whose rules count; globs.
    #[serde(default = "main_package")]
    pub namespaces: Vec<String>,
    /// Which objects the rules are asked about.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// All objects as one input.
    #[serde(default)]
    pub combine: bool,
    /// `v1`, or `v0` for policies without `if` and `contains`.
    #[serde(default)]
    pub rego_version: RegoVersion,
    /// How bad each kind of rule is.
    #[serde(default)]
    pub severity: Severities,
    /// What to do about its findings, where the rule itself does not say.
    #[serde(default)]
    pub help: String,
}

/// The syntax of the modules.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegoVersion {
    /// `if` and `contains` are keywords.
    #[default]
    V1,
    /// They are not, unless imported.
    V0,
}

/// A severity for each kind of rule: critical for `deny` and `violation`, medium for `warn` unless it says otherwise.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Severities {
    deny: Option<SeverityTerms>,
    violation: Option<SeverityTerms>,
    warn: Option<SeverityTerms>,
}

fn rego() -> String {
    "rego".to_owned()
}

fn main_package() -> Vec<String> {
    vec!["main".to_owned()]
}

impl Severities {
    fn of(&self, class: Class) -> Result<[Option<Severity>; 3], Fault> {
        let (name, terms, otherwise) = match class {
            Class::Deny => ("deny", &self.deny, Severity::Critical),
            Class::Violation => ("violation", &self.violation, Severity::Critical),
            Class::Warn => ("warn", &self.warn, Severity::Medium),
        };
        let Some(terms) = terms else { return Ok([Some(otherwise); 3]) };
        SeverityTerms::columns(Some(terms)).map_err(|error| {
            Fault::new(format!("severity.{name}: {error}"), "severity: {deny: critical, warn: medium}")
        })
    }
}

impl RegoTerms {
    /// One rule for each `deny`, `warn` and `violation` of the packages named. `origin` says where the entry stands.
    ///
    /// # Errors
    /// Whatever is wrong with the entry or its files.
    pub fn into_rules(self, origin: &str, sources: &Sources, today: Date) -> Result<Vec<OwnRule>, Fault> {
        if self.matches.is_about_containers() {
            return Err(Fault::new(
                "match of rego names containers, and its input is whole objects",
                "match by kind, name, namespace and labels; the policy itself looks at containers",
            ));
        }
        if sources.modules.is_empty() {
            let what = format!("no .rego file in {}", self.paths.join(", "));
            return Err(Fault::new(
                what,
                "paths names files or folders inside the policy's folder; _test.rego does not count",
            ));
        }
        let library = Library::compile(sources, self.rego_version == RegoVersion::V0, today)?;
        let meant = |package: &str| self.namespaces.iter().any(|pattern| glob(pattern, package));
        let mut rules = Vec::new();
        for rule in library.rules.iter().filter(|rule| meant(&rule.package)) {
            let space = if rule.package == "main" { String::new() } else { format!("{}-", rule.package) };
            let id = format!("{}-{space}{}", self.id, rule.name).to_lowercase().replace(['.', '_'], "-");
            let (library, matches, help) = (library.clone(), self.matches.clone(), self.help.clone());
            let check =
                RegoCheck { library, rule: rule.clone(), matches, combine: self.combine, help: help.clone() };
            rules.push(OwnRule {
                id,
                severity: self.severity.of(rule.class)?,
                summary: format!("{} of the Rego package {} ({})", rule.name, rule.package, rule.file),
                help,
                origin: origin.to_owned(),
                check: Arc::new(check),
            });
        }
        if rules.is_empty() {
            let mut found: Vec<&str> = library.rules.iter().map(|rule| rule.package.as_str()).collect();
            found.dedup();
            let what = format!("no deny, warn or violation in the packages {}", self.namespaces.join(", "));
            return Err(Fault::new(
                what,
                format!("the files have some in {}: name it under namespaces", found.join(", ")),
            ));
        }
        Ok(rules)
    }
}
