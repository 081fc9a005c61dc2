//! From policy files to the policy in force: what they extend, which rules exist, what each word means.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::environments;
use super::file::{
    ExemptionSpec, ImmutableSpec, OneOrMany, PolicyFile, RuleSpec, Scalar, SeverityWord, Spec, StreamSpec,
};
use super::nearest::hint;
use super::read::from_text;
use crate::error::Error;
use crate::finding::Severity;
use crate::policy::{Date, Exemption, Gate, Policy, RuleTerms};
use crate::pss::{Level, Version, Versions};
use crate::rules;

/// A policy file is written by people; what is larger is something else.
const LARGEST: u64 = 4 << 20;

/// Where a policy comes from, for messages and for what it extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// `hardtack.yaml`, `functionConfig`, `production`.
    pub name: String,
    /// The folder that relative paths of `extends` start from.
    pub folder: PathBuf,
}

/// The policy of a built-in environment.
///
/// # Errors
/// [`Error::Policy`] for a name that is none.
pub fn load_environment(name: &str, today: Date) -> Result<Policy, Error> {
    let Some(text) = environments::text(name) else { return Err(unknown_environment(name)) };
    let source = Source { name: name.to_owned(), folder: PathBuf::new() };
    let mut policy = load(from_text(text, name)?, &source, None, today)?;
    policy.environment = Some(name.to_owned());
    Ok(policy)
}

/// The policy of a file. A named environment takes the place of the built-in one that the file extends.
///
/// # Errors
/// [`Error::Io`] and [`Error::Policy`].
pub fn load_file(path: &Path, environment: Option<&str>, today: Date) -> Result<Policy, Error> {
    load(read_file(path)?, &source_of(path), environment, today)
}

/// The policy that a parsed file means. A named environment takes the place of the built-in one that the file extends.
/// A file that neither extends anything nor sets a gate refuses what is critical: naming a policy turns the gate on.
///
/// # Errors
/// [`Error::Policy`].
pub fn load(
    file: PolicyFile,
    source: &Source,
    environment: Option<&str>,
    today: Date,
) -> Result<Policy, Error> {
    let mut policy = Policy::unconfigured(today);
    policy.gate.severity = Some(Severity::Critical);
    let mut layers = Layers { environment, chain: Vec::new() };
    if let Some(name) = environment {
        layers.built_in(name, &mut policy)?;
    }
    layers.add(file, source, &mut policy)?;
    Ok(policy)
}

fn read_file(path: &Path) -> Result<PolicyFile, Error> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    match read {
        Ok(length) if length as u64 > LARGEST => Err(Error::TooLarge { source_name: name, limit: LARGEST }),
        Ok(_) => from_text(&text, &name),
        Err(error) => Err(Error::Io { action: "read the policy", path: name, error }),
    }
}

fn source_of(path: &Path) -> Source {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Source { name: path.display().to_string(), folder }
}

/// Policies laid one over the other.
struct Layers<'e> {
    environment: Option<&'e str>,
    chain: Vec<PathBuf>,
}

impl Layers<'_> {
    /// Lays what a file extends and then the file itself over `policy`.
    fn add(&mut self, file: PolicyFile, source: &Source, policy: &mut Policy) -> Result<(), Error> {
        for parent in file.spec.extends.clone().map(OneOrMany::into_list).unwrap_or_default() {
            if environments::text(&parent).is_none() {
                self.add_file(&parent, source, policy)?;
            } else if self.environment.is_none() {
                self.built_in(&parent, policy)?;
            }
        }
        if let Some(name) = file.metadata.get("name").and_then(|name| name.as_str()) {
            name.clone_into(&mut policy.name);
        }
        apply(file.spec, source, policy)
    }

    fn built_in(&mut self, name: &str, policy: &mut Policy) -> Result<(), Error> {
        let Some(text) = environments::text(name) else { return Err(unknown_environment(name)) };
        let source = Source { name: name.to_owned(), folder: PathBuf::new() };
        self.add(from_text(text, name)?, &source, policy)?;
        policy.environment = Some(name.to_owned());
        Ok(())
    }

    fn add_file(&mut self, parent: &str, source: &Source, policy: &mut Policy) -> Result<(), Error> {
        let path = source.folder.join(parent);
        if !path.is_file() {
            let names = environments::BUILT_IN.map(|(name, _)| name);
            let otherwise = format!("extends takes {} or the path of a policy file", names.join(", "));
            let message = format!("{}: extends {parent:?}, which is no file", source.name);
            return Err(Error::Policy { message, help: hint(parent, names, &otherwise) });
        }
        let path = std::fs::canonicalize(&path).unwrap_or(path);
        if self.chain.contains(&path) {
            let message = format!("{}: {parent} extends itself", source.name);
            return Err(Error::Policy { message, help: "break the circle of extends".to_owned() });
        }
        self.chain.push(path.clone());
        self.add(read_file(&path)?, &source_of(&path), policy)?;
        self.chain.pop();
        Ok(())
    }
}

fn apply(spec: Spec, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    let wrong =
        |what: String| Error::Policy { message: format!("{}: {what}", source.name), help: String::new() };
    policy.severities = spec.severities.unwrap_or(policy.severities);
    policy.fix = spec.fix.unwrap_or(policy.fix);
    policy.rules_version = spec.rules_version.unwrap_or(policy.rules_version);
    if let Some(version) = spec.kube_version {
        let version = Version::from_kubernetes(&text_of(version, "kubeVersion", source)?);
        policy.target = Some(version.map_err(|error| wrong(format!("kubeVersion: {error}")))?);
        policy.pss_versions = policy.target.map_or(policy.pss_versions, Versions::from);
    }
    if let Some(version) = spec.pss_version {
        let version = text_of(version, "pssVersion", source)?.parse::<Version>();
        policy.pss_versions = version.map_err(|error| wrong(format!("pssVersion: {error}")))?.into();
    }
    if let Some(gate) = spec.gate {
        gate_of(gate.severity.as_deref(), gate.pod_security.as_deref(), &mut policy.gate).map_err(wrong)?;
    }
    for (id, terms) in spec.rules {
        let known = rule_terms(&id, terms, policy, source)?;
        let merged = policy.rules.entry(id).or_default();
        merged.severity = known.severity.or(merged.severity);
        merged.fix = known.fix.or(merged.fix);
        merged.settings.extend(known.settings);
    }
    put_first(&mut policy.run_as, spec.security_context);
    put_first(&mut policy.probes, spec.probes);
    put_first(&mut policy.resources, spec.resources);
    for (number, exemption) in spec.exemptions.into_iter().enumerate() {
        let exemption = exemption_of(exemption, number, policy, source)?;
        policy.exemptions.push(exemption);
    }
    if let Some(annotations) = spec.annotations {
        policy.annotations = annotations.allow.map(OneOrMany::into_list).unwrap_or_default();
        for id in policy.annotations.iter().filter(|id| *id != "*") {
            check_id(id, policy, source)?;
        }
    }
    if let Some(to) = spec.secrets.and_then(|secrets| secrets.to).filter(|to| to != "keep") {
        return Err(wrong(format!("secrets.to: {to:?} is not known to this version: only keep")));
    }
    policy.complete = spec.stream.map_or(policy.complete, |stream| matches!(stream, StreamSpec::Complete));
    policy.edit_immutable =
        spec.immutable.map_or(policy.edit_immutable, |it| matches!(it, ImmutableSpec::Edit));
    Ok(())
}

/// A file's entries come before those it extends: the first that matches wins.
fn put_first<T>(list: &mut Vec<T>, entries: Option<OneOrMany<T>>) {
    if let Some(entries) = entries {
        list.splice(0..0, entries.into_list());
    }
}

fn text_of(scalar: Scalar, key: &str, source: &Source) -> Result<String, Error> {
    match scalar {
        Scalar::Text(text) => Ok(text),
        Scalar::Number(number) => Err(Error::Policy {
            message: format!("{}: {key}: {number} is a number to YAML, so 1.30 would be 1.3", source.name),
            help: format!("write it in quotes: {key}: \"1.33\""),
        }),
    }
}

fn gate_of(severity: Option<&str>, level: Option<&str>, gate: &mut Gate) -> Result<(), String> {
    match severity {
        Some("never") => gate.severity = None,
        Some(word) => gate.severity = Some(word.parse().map_err(|error| format!("gate.severity: {error}"))?),
        None => {}
    }
    if let Some(word) = level {
        let level: Level = word.parse().map_err(|error| format!("gate.podSecurity: {error}"))?;
        gate.pod_security = (level != Level::Privileged).then_some(level);
    }
    Ok(())
}

fn rule_terms(id: &str, spec: RuleSpec, policy: &Policy, source: &Source) -> Result<RuleTerms, Error> {
    let own_settings = check_id(id, policy, source)?;
    let mut settings = spec.settings.keys();
    if let Some(setting) = settings.find(|setting| !own_settings.contains(&setting.as_str())) {
        let known: Vec<&str> = ["severity", "fix"].iter().chain(own_settings).copied().collect();
        return Err(Error::Policy {
            message: format!("unknown setting {setting:?} of rule {id} in {}", source.name),
            help: hint(setting, known.iter().copied(), &format!("known: {}", known.join(", "))),
        });
    }
    let severity = match spec.severity {
        None => None,
        Some(SeverityWord::Switch(false)) => Some(None),
        Some(SeverityWord::Switch(true)) => return Err(severity_error(id, "on", source)),
        Some(SeverityWord::Word(word)) if word == "off" => Some(None),
        Some(SeverityWord::Word(word)) => {
            Some(Some(word.parse::<Severity>().map_err(|_| severity_error(id, &word, source))?))
        }
    };
    Ok(RuleTerms { severity, fix: spec.fix, settings: spec.settings })
}

fn severity_error(id: &str, word: &str, source: &Source) -> Error {
    let known = ["off", "low", "medium", "high", "critical"];
    Error::Policy {
        message: format!("unknown severity {word:?} of rule {id} in {}", source.name),
        help: hint(word, known, "one of off, low, medium, high, critical"),
    }
}

/// The settings of the rule of that id, or an error with the nearest one. Rules of the team's own have none.
fn check_id(id: &str, policy: &Policy, source: &Source) -> Result<&'static [&'static str], Error> {
    if policy.own(id).is_some() {
        return Ok(&[]);
    }
    rules::find(id).map(|rule| rule.settings).ok_or_else(|| Error::Policy {
        message: format!("unknown rule {id:?} in {}", source.name),
        help: hint(id, known_ids(policy), "hardtack rules lists all"),
    })
}

/// The ids of all rules, those of the team's own first.
pub fn known_ids(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.own.iter().map(|rule| rule.id.as_str()).chain(rules::RULES.iter().map(|rule| rule.id))
}

fn exemption_of(
    spec: ExemptionSpec,
    number: usize,
    policy: &Policy,
    source: &Source,
) -> Result<Exemption, Error> {
    let origin = format!("{} exemptions[{number}]", source.name);
    let wrong = |what: &str, help: &str| Error::Policy {
        message: format!("{origin}: {what}"),
        help: help.to_owned(),
    };
    let allow = spec.allow.into_list();
    for id in &allow {
        check_id(id, policy, source)?;
    }
    if spec.reason.trim().is_empty() {
        return Err(wrong(
            "an exemption needs a reason",
            "add reason: with the words your auditor should read",
        ));
    }
    let until = spec.until.map(|day| day.parse::<Date>()).transpose();
    let until = until.map_err(|error| wrong(&error, "until: is the last day the exemption holds"))?;
    Ok(Exemption { allow, matches: spec.matches, reason: spec.reason, owner: spec.owner, until, origin })
}

/// The error for an environment that does not exist.
#[must_use]
pub fn unknown_environment(name: &str) -> Error {
    let names = environments::BUILT_IN.map(|(name, _)| name);
    Error::Policy {
        message: format!("unknown environment {name:?}"),
        help: hint(name, names, &format!("one of {}, or a policy file with -p", names.join(", "))),
    }
}
