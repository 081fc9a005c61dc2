//! From policy files to the policy in force: what they extend, which rules exist, what each word means.

use std::path::Path;

use super::file::{ExemptionSpec, GateSpec, ImmutableSpec, PolicyFile, Spec, StreamSpec};
use super::layers::{self, Layers};
use super::own;
use super::secrets;
use super::shapes::{OneOrMany, RuleSpec, Scalar, SeverityWord};
use super::source::Source;
use crate::error::Error;
use crate::finding::Severity;
use crate::nearest::hint;
use crate::policy::{Date, Exemption, Gate, Policy, RuleTerms};
use crate::pss::{Level, Version, Versions};
use crate::rules;
use crate::yaml::Route;

/// The policy of a built-in environment.
///
/// # Errors
/// [`Error::Policy`] for a name that is none.
pub fn load_environment(name: &str, today: Date) -> Result<Policy, Error> {
    mean(layers::built_in(name)?, today)
}

/// The policy of a file. A named environment takes the place of those that the file extends.
///
/// # Errors
/// [`Error::Io`] and [`Error::Policy`].
pub fn load_file(path: &Path, environment: Option<&str>, today: Date) -> Result<Policy, Error> {
    load(layers::read_file(path)?, &Source::of_file(path), environment, today)
}

/// The policy that a parsed file means. A named environment takes the place of those that the file extends.
///
/// # Errors
/// [`Error::Io`] and [`Error::Policy`].
pub fn load(
    file: PolicyFile,
    source: &Source,
    environment: Option<&str>,
    today: Date,
) -> Result<Policy, Error> {
    mean(layers::gather(file, source, environment)?, today)
}

/// The policy that layers mean. Where they neither extend anything nor set a gate, what is critical is refused: naming
/// a policy turns the gate on.
///
/// # Errors
/// [`Error::Policy`].
pub fn mean(layers: Layers, today: Date) -> Result<Policy, Error> {
    let mut policy = Policy::unconfigured(today);
    policy.gate.severity = Some(Severity::Critical);
    let mut of_secrets = None;
    for layer in layers.list {
        policy.name = layer.name.unwrap_or(policy.name);
        if layer.spec.secrets.is_some() {
            of_secrets = Some(layer.source.clone());
        }
        apply(layer.spec, &layer.source, &mut policy)?;
    }
    secrets::complete(&mut policy, of_secrets.as_ref())?;
    policy.environment = layers.environment;
    policy.notes.splice(0..0, layers.notes);
    Ok(policy)
}

fn apply(mut spec: Spec, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    own::take(&mut spec, source, policy)?;
    secrets::apply(&mut spec, source, policy)?;
    policy.severities = spec.severities_of.unwrap_or(policy.severities);
    policy.fix = spec.fix.unwrap_or(policy.fix);
    policy.rules_version = spec.rules_version.unwrap_or(policy.rules_version);
    if let Some(version) = spec.kube_version {
        let text = text_of(version, &key("kubeVersion"), source)?;
        let what = format!("{text:?} is no version of Kubernetes");
        let wrong = |_| source.wrong(&key("kubeVersion"), what, "write it as in kubeVersion: \"1.33\"");
        policy.target = Some(Version::from_kubernetes(&text).map_err(wrong)?);
        policy.pss_versions = policy.target.map_or(policy.pss_versions, Versions::from);
    }
    if let Some(gate) = spec.gate {
        gate_of(&gate, source, &mut policy.gate)?;
        if let Some(version) = gate.pod_security_version {
            let route = key("gate").key("podSecurityVersion");
            let version = text_of(version, &route, source)?.parse::<Version>();
            let wrong = |error| source.wrong(&route, error, "podSecurityVersion: v1.33, or latest");
            policy.pss_versions = version.map_err(wrong)?.into();
        }
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
        let exemption = exemption_of(exemption, &key("exemptions").index(number), policy, source)?;
        policy.exemptions.push(exemption);
    }
    if let Some(annotations) = spec.annotations {
        let route = key("annotations").key("allow");
        policy.annotations = checked_ids(annotations.allow, &route, &["*"], policy, source)?;
    }
    policy.complete = spec.stream.map_or(policy.complete, |stream| matches!(stream, StreamSpec::Complete));
    policy.edit_immutable =
        spec.immutable.map_or(policy.edit_immutable, |it| matches!(it, ImmutableSpec::Edit));
    Ok(())
}

fn key(key: &'static str) -> Route {
    Route::root().key(key)
}

/// A file's entries come before those it extends: the first that matches wins.
fn put_first<T>(list: &mut Vec<T>, entries: Option<OneOrMany<T>>) {
    if let Some(entries) = entries {
        list.splice(0..0, entries.into_list());
    }
}

fn text_of(scalar: Scalar, route: &Route, source: &Source) -> Result<String, Error> {
    match scalar {
        Scalar::Text(text) => Ok(text),
        Scalar::Number(number) => {
            let what = format!("{route}: {number} is a number to YAML, so 1.30 would be 1.3");
            Err(source.wrong(route, what, "write it in quotes: \"1.33\""))
        }
    }
}

fn gate_of(spec: &GateSpec, source: &Source, gate: &mut Gate) -> Result<(), Error> {
    let unknown = |name: &'static str, word: &str, known: &[&str]| {
        let help = hint(word, known.iter().copied(), &format!("one of {}", known.join(", ")));
        source.unknown(&key("gate").key(name), format!("{name} {word:?}"), help)
    };
    match spec.severity.as_deref() {
        Some("never") => gate.severity = None,
        Some(word) => {
            let known = ["never", "low", "medium", "high", "critical"];
            gate.severity = Some(word.parse().map_err(|_| unknown("severity", word, &known))?);
        }
        None => {}
    }
    if let Some(word) = &spec.pod_security {
        let known = ["privileged", "baseline", "restricted"];
        let level: Level = word.parse().map_err(|_| unknown("podSecurity", word, &known))?;
        gate.pod_security = (level != Level::Privileged).then_some(level);
    }
    Ok(())
}

fn rule_terms(id: &str, spec: RuleSpec, policy: &Policy, source: &Source) -> Result<RuleTerms, Error> {
    let route = key("rules").key(id.to_owned());
    let own_settings = check_id(id, &route, policy, source)?;
    let mut settings = spec.settings.keys();
    if let Some(setting) = settings.find(|setting| !own_settings.contains(&setting.as_str())) {
        let known: Vec<&str> = ["severity", "fix"].iter().chain(own_settings).copied().collect();
        let help = hint(setting, known.iter().copied(), &format!("known: {}", known.join(", ")));
        return Err(source.unknown(
            &route.key(setting.clone()),
            format!("setting {setting:?} of rule {id}"),
            help,
        ));
    }
    check_days(&spec, &route, source)?;
    let unknown = |word: &str| {
        let help = hint(word, SEVERITIES, &format!("one of {}", SEVERITIES.join(", ")));
        source.unknown(&route.key("severity"), format!("severity {word:?} of rule {id}"), help)
    };
    let severity = match spec.severity {
        None => None,
        Some(SeverityWord::Switch(false)) => Some(None),
        Some(SeverityWord::Switch(true)) => return Err(unknown("on")),
        Some(SeverityWord::Word(word)) if word == "off" => Some(None),
        Some(SeverityWord::Word(word)) => Some(Some(word.parse::<Severity>().map_err(|_| unknown(&word))?)),
    };
    Ok(RuleTerms { severity, fix: spec.fix, settings: spec.settings })
}

/// Settings that are numbers of days, wherever they occur.
const DAYS: [&str; 3] = ["maxAge", "overlap", "warn"];

fn check_days(spec: &RuleSpec, route: &Route, source: &Source) -> Result<(), Error> {
    for (name, value) in spec.settings.iter().filter(|(name, _)| DAYS.contains(&name.as_str())) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let days = Date::days(&text);
        days.map_err(|why| source.wrong(&route.key(name.clone()), format!("{name}: {why}"), "such as 90d"))?;
    }
    Ok(())
}

const SEVERITIES: [&str; 5] = ["off", "low", "medium", "high", "critical"];

/// The settings of the rule of that id, or an error with the nearest one. Rules of the team's own have none.
fn check_id(
    id: &str,
    route: &Route,
    policy: &Policy,
    source: &Source,
) -> Result<&'static [&'static str], Error> {
    if policy.own(id).is_some() {
        return Ok(&[]);
    }
    let help = || hint(id, known_ids(policy), "hardtack rules lists all");
    rules::find(id)
        .map(|rule| rule.settings)
        .ok_or_else(|| source.unknown(route, format!("rule {id:?}"), help()))
}

/// Rule ids at a route, each of them known or one of `also`.
fn checked_ids(
    ids: Option<OneOrMany<String>>,
    route: &Route,
    also: &[&str],
    policy: &Policy,
    source: &Source,
) -> Result<Vec<String>, Error> {
    let ids = ids.map(OneOrMany::into_list).unwrap_or_default();
    for (number, id) in ids.iter().enumerate().filter(|(_, id)| !also.contains(&id.as_str())) {
        check_id(id, &route.index(number), policy, source)?;
    }
    Ok(ids)
}

/// The ids of all rules, those of the team's own first.
pub fn known_ids(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.own.iter().map(|rule| rule.id.as_str()).chain(rules::RULES.iter().map(|rule| rule.id))
}

fn exemption_of(
    spec: ExemptionSpec,
    route: &Route,
    policy: &Policy,
    source: &Source,
) -> Result<Exemption, Error> {
    let allow = checked_ids(Some(spec.allow), &route.key("allow"), &[], policy, source)?;
    if spec.reason.trim().is_empty() {
        let help = "add reason: with the words your auditor should read";
        return Err(source.wrong(route, "an exemption needs a reason", help));
    }
    let until = spec.until.map(|day| day.parse::<Date>()).transpose();
    let help = "until: is the last day the exemption holds";
    let until = until.map_err(|error| source.wrong(&route.key("until"), error, help))?;
    let origin = source.line(route);
    Ok(Exemption { allow, matches: spec.matches, reason: spec.reason, owner: spec.owner, until, origin })
}
