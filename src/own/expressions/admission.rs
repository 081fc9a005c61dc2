//! Documents of kind ValidatingAdmissionPolicy and ValidatingAdmissionPolicyBinding, read as they are.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::constraints::{Constraints, Selector};
use super::facts::{self, Facts};
use super::judge::{Demand, FailurePolicy, Judge, Named, Terms};
use crate::cel::{Fault, Val};
use crate::error::Error;
use crate::finding::{Draft, Severity};
use crate::k8s::selector::labels;
use crate::k8s::{Object, Release, Scope};
use crate::policy::{Expressed, OwnCheck, OwnRule, Policy};
use crate::yaml::{Data, Stream, Value};

const GROUP: &str = "admissionregistration.k8s.io";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PolicySpec {
    param_kind: Option<ParamKind>,
    #[serde(default)]
    match_constraints: Constraints,
    #[serde(default)]
    validations: Vec<Demand>,
    #[serde(default)]
    failure_policy: FailurePolicy,
    /// They change nothing about the verdict.
    #[serde(default, rename = "auditAnnotations")]
    _audit_annotations: Vec<Data>,
    #[serde(default)]
    match_conditions: Vec<Named>,
    #[serde(default)]
    variables: Vec<Named>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ParamKind {
    api_version: String,
    kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BindingSpec {
    policy_name: String,
    param_ref: Option<ParamRef>,
    #[serde(default)]
    match_resources: Constraints,
    validation_actions: Vec<Action>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ParamRef {
    name: Option<String>,
    namespace: Option<String>,
    selector: Option<Selector>,
    #[serde(default)]
    parameter_not_found_action: NotFound,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum NotFound {
    #[default]
    Deny,
    Allow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum Action {
    Audit,
    Warn,
    Deny,
}

/// What is wrong with a document.
#[derive(Debug)]
pub struct Misread {
    /// `vap.yaml:12`.
    pub place: String,
    /// What.
    pub fault: Fault,
}

/// The documents of some files: policies, their bindings, and all else as possible parameters.
#[derive(Debug, Default)]
pub struct Admission {
    files: Vec<(String, Arc<Stream>)>,
}

/// One policy with one of its bindings.
#[derive(Debug)]
struct Check {
    judge: Arc<Judge>,
    constraints: Constraints,
    bound: Constraints,
    params: Option<(ParamKind, ParamRef)>,
    failure_policy: FailurePolicy,
    files: Arc<Vec<Arc<Stream>>>,
}

impl Admission {
    /// Takes in a file.
    pub fn add(&mut self, name: String, stream: Stream) {
        self.files.push((name, Arc::new(stream)));
    }

    /// The rules: one for each binding, named after its policy.
    ///
    /// # Errors
    /// The first document that cannot be used.
    pub fn rules(self) -> Result<Vec<OwnRule>, Misread> {
        let streams = Arc::new(self.files.iter().map(|(_, stream)| stream.clone()).collect::<Vec<_>>());
        let releases: Vec<(&str, Release<'_>)> = self
            .files
            .iter()
            .map(|(name, stream)| (name.as_str(), Release::gather(stream, Scope::default())))
            .collect();
        let all = || {
            let objects = |(name, release): &'_ (&'_ str, Release<'_>)| {
                let place = |it: &Object<'_>| format!("{name}:{}", it.line_of(it.value));
                release.objects.iter().map(move |it| (place(it), it.number)).collect::<Vec<_>>()
            };
            releases.iter().flat_map(move |file| {
                objects(file).into_iter().map(move |(place, number)| (place, &file.1.objects[number]))
            })
        };
        let of = |kind: &'static str| all().filter(move |(_, it)| it.is(GROUP, kind));
        let mut rules = Vec::new();
        let mut bindings: Vec<(String, &Object<'_>, BindingSpec)> = Vec::new();
        for (place, object) in of("ValidatingAdmissionPolicyBinding") {
            let spec = spec(&place, object)?;
            bindings.push((place, object, spec));
        }
        let mut known: Vec<String> = Vec::new();
        for (place, object) in of("ValidatingAdmissionPolicy") {
            let spec: PolicySpec = spec(&place, object)?;
            let name = object.id.name.clone();
            let own: Vec<_> = bindings.iter().filter(|(.., it)| it.policy_name == name).collect();
            rules.extend(of_policy(&place, &name, spec, &own, &streams)?);
            known.push(name);
        }
        for (place, object, binding) in &bindings {
            if !known.contains(&binding.policy_name) {
                let message = format!(
                    "{} binds policy {:?}, which is in none of the files",
                    object.id, binding.policy_name
                );
                let fault = Fault::new(message, "add its file to admissionPolicies");
                return Err(Misread { place: place.clone(), fault });
            }
        }
        Ok(rules)
    }
}

type Bound<'b, 'a> = &'b (String, &'b Object<'a>, BindingSpec);

fn of_policy(
    place: &str,
    name: &str,
    spec: PolicySpec,
    bindings: &[Bound<'_, '_>],
    files: &Arc<Vec<Arc<Stream>>>,
) -> Result<Vec<OwnRule>, Misread> {
    let wrong = |fault: Fault| Misread { place: place.to_owned(), fault };
    let said = |message: String, help: &str| wrong(Fault::new(format!("policy {name}: {message}"), help));
    if !spec.match_constraints.names_resources() {
        return Err(said(
            "matchConstraints name no resources".to_owned(),
            "add matchConstraints.resourceRules",
        ));
    }
    if spec.validations.is_empty() {
        return Err(said("there is nothing to validate".to_owned(), "add validations"));
    }
    if bindings.is_empty() {
        let help = format!("add a ValidatingAdmissionPolicyBinding with policyName: {name}");
        return Err(said("no binding puts it in force".to_owned(), &help));
    }
    let summary = spec.validations.iter().find_map(|it| it.message.clone());
    let summary = summary.or_else(|| spec.validations.first().map(|it| it.expression.trim().to_owned()));
    let failure_policy = spec.failure_policy;
    let terms = Terms {
        conditions: spec.match_conditions,
        variables: spec.variables,
        demands: spec.validations,
        failure_policy,
        has_params: spec.param_kind.is_some(),
    };
    let judge = Judge::new(terms, String::new())
        .map_err(|it| wrong(Fault::new(format!("policy {name}: spec.{}: {}", it.route, it.what), it.help)))?;
    let judge = Arc::new(judge);
    let rule = |(place, object, binding): &(String, &Object<'_>, BindingSpec)| {
        let severity = severity(&binding.validation_actions).ok_or_else(|| {
            let fault = Fault::new(
                format!("{}: validationActions name none", object.id),
                "validationActions: [Deny]",
            );
            Misread { place: place.clone(), fault }
        })?;
        let check = Check {
            judge: judge.clone(),
            constraints: spec.match_constraints.clone(),
            bound: binding.match_resources.clone(),
            params: spec.param_kind.clone().zip(binding.param_ref.clone()),
            failure_policy,
            files: files.clone(),
        };
        let id = if bindings.len() == 1 { name.to_owned() } else { format!("{name}-{}", object.id.name) };
        Ok(OwnRule {
            id: id.replace('.', "-"),
            severity: [Some(severity); 3],
            summary: summary.clone().unwrap_or_default(),
            help: String::new(),
            origin: place.clone(),
            check: Arc::new(check),
        })
    };
    bindings.iter().map(|it| rule(it)).collect()
}

fn severity(actions: &[Action]) -> Option<Severity> {
    actions.iter().max().map(|action| match action {
        Action::Deny => Severity::Critical,
        Action::Warn => Severity::Medium,
        Action::Audit => Severity::Low,
    })
}

fn spec<T: DeserializeOwned>(place: &str, object: &Object<'_>) -> Result<T, Misread> {
    let data = object.value.get("spec").map_or(Data::Null, Value::to_data);
    serde_json::from_value(data).map_err(|error| {
        let fault = Fault::new(
            format!("{}: spec: {error}", object.id),
            "kubectl explain validatingadmissionpolicy.spec",
        );
        Misread { place: place.to_owned(), fault }
    })
}

impl OwnCheck for Check {
    fn check<'a>(
        &self,
        _: &Policy,
        release: &'a Release<'a>,
        say: &mut dyn FnMut(Draft<'a>),
    ) -> Result<(), Error> {
        let files: Vec<Release<'_>> =
            self.files.iter().map(|stream| Release::gather(stream, Scope::default())).collect();
        for object in &release.objects {
            // What has no version is no object of a cluster.
            if object.id.api_version.is_empty()
                || !self.constraints.mean(release, object)
                || !self.bound.mean(release, object)
            {
                continue;
            }
            match self.params(release, &files, object) {
                Ok(params) => self.judge.judge(object, Facts::of(release, object), params, say),
                Err(message) if self.failure_policy == FailurePolicy::Fail => {
                    let help =
                        "add it to the stream or beside the policy, or say parameterNotFoundAction: Allow";
                    say(object.at("").wrong(message).help(help));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn expressed(&self) -> Result<Expressed, String> {
        Err("it is a ValidatingAdmissionPolicy already: apply its file".to_owned())
    }
}

impl Check {
    /// The parameters an object is judged with: those of the stream and of the policy's own files.
    fn params<'s>(
        &'s self,
        release: &'s Release<'_>,
        files: &'s [Release<'_>],
        object: &Object<'_>,
    ) -> Result<Vec<Val<'s>>, String> {
        let Some((kind, reference)) = &self.params else { return Ok(vec![Val::Null]) };
        let namespace = reference.namespace.as_deref().or_else(|| facts::namespace(release, object));
        let fits = |it: &&Object<'_>| {
            let named = reference.name.as_ref().is_none_or(|name| *name == it.id.name);
            let selected =
                reference.selector.as_ref().is_none_or(|it_| it_.holds(&labels(it.value.get("metadata"))));
            let own = it.id.namespace.as_deref();
            it.id.kind == kind.kind
                && it.id.api_version == kind.api_version
                && named
                && selected
                && (own.is_none() || namespace.is_none() || own == namespace)
        };
        let objects = release.objects.iter().chain(files.iter().flat_map(|file| &file.objects));
        let found: Vec<Val<'s>> = objects.filter(fits).map(|it| Val::read(it.value)).collect();
        if found.is_empty() && reference.parameter_not_found_action == NotFound::Deny {
            return Err(format!("no {} that the binding's paramRef means", kind.kind));
        }
        Ok(found)
    }
}
