//! The team's own rules of a policy file: named, read and added to the policy; and the templates in what it writes.

use std::mem;

use serde_json::Map;

use super::admission;
use super::file::Spec;
use super::inside;
use super::shapes::OneOrMany;
use super::source::Source;
use crate::error::Error;
use crate::own::expressions::ExpressionSpec;
use crate::own::fields::FieldSpec;
use crate::own::rego::{RegoTerms, Sources, Text, sources};
use crate::own::schemas::{Reader, SchemaTerms, rule::DEFAULT_ID};
use crate::policy::{OwnRule, Policy};
use crate::rules;
use crate::template;
use crate::yaml::{Data, Route};

/// Takes the rules out of a file and adds them to the policy.
///
/// # Errors
/// [`Error::Policy`] for a rule that is wrong, and for a template that is.
pub(super) fn take(spec: &mut Spec, source: &Source, policy: &mut Policy) -> Result<(), Error> {
    let mut names = Names::default();
    fields(mem::take(&mut spec.fields), source, policy, &mut names)?;
    schemas(mem::take(&mut spec.schemas), source, policy, &mut names)?;
    expressions(mem::take(&mut spec.expressions), source, policy, &mut names)?;
    rego(mem::take(&mut spec.rego), source, policy, &mut names)?;
    for rule in admission::rules(&mem::take(&mut spec.admission_policies), source)? {
        names.add(rule, &Route::root().key("admissionPolicies"), source, policy)?;
    }
    check_blocks(spec, source)
}

fn fields(
    entries: Vec<FieldSpec>,
    source: &Source,
    policy: &mut Policy,
    names: &mut Names,
) -> Result<(), Error> {
    for (number, field) in entries.into_iter().enumerate() {
        let route = Route::root().key("fields").index(number);
        let id = field.id.clone();
        let rule = field.compile(source.line(&route)).map_err(|wrong| {
            let place: Route = route.steps().iter().chain(wrong.route.steps()).cloned().collect();
            source.wrong(&place, format!("{route} {id}: {}", wrong.what), wrong.help)
        })?;
        names.add(rule, &route, source, policy)?;
    }
    Ok(())
}

fn schemas(
    entries: Vec<SchemaTerms>,
    source: &Source,
    policy: &mut Policy,
    names: &mut Names,
) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let folder = inside::Folder::new(&source.folder);
    let reader = Reader::new(move |path| folder.read(path, crate::own::schemas::document::LARGEST));
    for (number, terms) in entries.into_iter().enumerate() {
        let route = Route::root().key("schemas").index(number);
        let origin = source.line(&route);
        let rule = terms.into_rule(origin, &reader);
        let rule = rule.map_err(|fault| source.wrong(&route, fault.message, fault.help))?;
        names.add(rule, &route, source, policy)?;
    }
    Ok(())
}

fn expressions(
    entries: Vec<ExpressionSpec>,
    source: &Source,
    policy: &mut Policy,
    names: &mut Names,
) -> Result<(), Error> {
    for (number, entry) in entries.into_iter().enumerate() {
        let route = Route::root().key("expressions").index(number);
        let id = entry.id.clone();
        let rule = entry.rule(source.line(&route)).map_err(|wrong| {
            let place: Route = route.steps().iter().chain(wrong.route.steps()).cloned().collect();
            source.wrong(&place, format!("{route} {id}: {}", wrong.what), wrong.help)
        })?;
        names.add(rule, &route, source, policy)?;
    }
    Ok(())
}

fn rego(
    entries: Vec<RegoTerms>,
    source: &Source,
    policy: &mut Policy,
    names: &mut Names,
) -> Result<(), Error> {
    let folder = inside::Folder::new(&source.folder);
    for (number, terms) in entries.into_iter().enumerate() {
        let route = Route::root().key("rego").index(number);
        let read = |paths: &[String], list: &'static str, wanted: fn(&str) -> bool| {
            let mut files = Vec::new();
            for (number, path) in paths.iter().enumerate() {
                let route = route.key(list).index(number);
                let found = folder.below(path, wanted, sources::LARGEST, sources::MOST_FILES);
                let found = found.map_err(|why| {
                    let help = "paths and data name files and folders inside the policy's folder";
                    source.wrong(&route, format!("{path}: {why}"), help)
                })?;
                files.extend(found.into_iter().map(|(path, below, text)| Text { path, below, text }));
            }
            Ok(files)
        };
        let modules = read(&terms.paths, "paths", sources::is_module)?;
        let sources = Sources { modules, data: read(&terms.data, "data", sources::is_data)? };
        let rules = terms.into_rules(&source.line(&route), &sources, policy.today);
        for rule in rules.map_err(|fault| source.wrong(&route, fault.message, fault.help))? {
            names.add(rule, &route, source, policy)?;
        }
    }
    Ok(())
}

/// The ids of the rules of one file.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    /// Adds one rule; those of the same id that a layer below states give way.
    ///
    /// # Errors
    /// [`Error::Policy`] for an id that is none, that a rule of the table has, or that the file has already.
    fn add(
        &mut self,
        rule: OwnRule,
        route: &Route,
        source: &Source,
        policy: &mut Policy,
    ) -> Result<(), Error> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let id = &rule.id;
        let route = route.key("id");
        if id.is_empty() || !id.bytes().all(plain) || id.starts_with('-') || id.ends_with('-') {
            let what = format!("{id:?} is no id: an id is made of a-z, 0-9 and - between them");
            return Err(source.wrong(&route, what, "name the defect, such as database-url-malformed"));
        }
        if rules::find(id).is_some() {
            let what = format!("{id} is a rule of hardtack itself");
            let help = "take another name; rules: sets what hardtack's own rules do";
            return Err(source.wrong(&route, what, help));
        }
        let again = self.0.contains(id);
        if again && id != DEFAULT_ID {
            let what = format!("the id {id} comes twice");
            return Err(source.wrong(&route, what, "each rule has a name of its own"));
        }
        if !again {
            policy.own.retain(|other| other.id != *id);
            self.0.push(id.clone());
        }
        policy.own.push(rule);
        Ok(())
    }
}

/// Checks the templates in probes, requests and limits.
fn check_blocks(spec: &Spec, source: &Source) -> Result<(), Error> {
    let block = |map: Option<&Map<String, Data>>, route: Route| {
        let Some(map) = map.filter(|map| map.values().any(|value| value.to_string().contains("{{"))) else {
            return Ok(());
        };
        template::check(&Data::Object(map.clone()), &route)
            .map_err(|(place, wrong)| source.wrong(&place, format!("{place}: {}", wrong.what), wrong.help))
    };
    for (route, entry) in listed(spec.probes.as_ref(), "probes") {
        block(entry.liveness.as_ref(), route.key("liveness"))?;
        block(entry.readiness.as_ref(), route.key("readiness"))?;
        block(entry.startup.as_ref(), route.key("startup"))?;
    }
    for (route, entry) in listed(spec.resources.as_ref(), "resources") {
        block(Some(&entry.requests), route.key("requests"))?;
        block(Some(&entry.limits), route.key("limits"))?;
    }
    Ok(())
}

/// Entries with the way to each: without a number where one stands alone.
fn listed<'s, T>(entries: Option<&'s OneOrMany<T>>, key: &'static str) -> Vec<(Route, &'s T)> {
    let route = Route::root().key(key);
    match entries {
        None => Vec::new(),
        Some(OneOrMany::One(one)) => vec![(route, one)],
        Some(OneOrMany::Many(many)) => {
            many.iter().enumerate().map(|(number, entry)| (route.index(number), entry)).collect()
        }
    }
}
