//! A policy file, as written.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::secrets::SecretsSpec;
use super::shapes::{OneOrMany, RuleSpec, Scalar};
use crate::own::expressions::ExpressionSpec;
use crate::own::fields::FieldSpec;
use crate::own::rego::RegoTerms;
use crate::own::schemas::SchemaTerms;
use crate::policy::mappings::{Identity, Probes, Resources};
use crate::policy::{Column, FixMode, Match};
use crate::yaml::Stream;

/// The `apiVersion`.
pub const API_VERSION: &str = "hardtack.dev/v1";
/// What it was before; such files are still read.
pub const OLD_API_VERSION: &str = "hardtack.dev/v1alpha1";
/// The `kind`.
pub const KIND: &str = "Policy";

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyFile {
    /// [`API_VERSION`].
    pub api_version: String,
    /// [`KIND`].
    pub kind: String,
    /// Name, and whatever else metadata holds.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What it says.
    #[serde(default)]
    pub spec: Spec,
    /// It was written for [`OLD_API_VERSION`].
    #[serde(skip)]
    pub(super) old: bool,
    /// The text it was read from.
    #[serde(skip)]
    pub(super) written: Option<Arc<Stream>>,
}

impl PolicyFile {
    /// `metadata.name`.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.metadata.get("name").and_then(Value::as_str).map(str::to_owned)
    }
}

/// What a policy says.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Spec {
    /// Built-in environments or files (relative to this one); later ones win.
    #[serde(default)]
    pub extends: Option<OneOrMany<String>>,
    /// Whose severities the rules start from.
    pub severities_of: Option<Column>,
    /// `1.33`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub kube_version: Option<Scalar>,
    /// The rule-set version fixes are pinned to.
    pub rules_version: Option<u32>,
    /// What is refused.
    pub gate: Option<GateSpec>,
    /// Which fixes are made.
    pub fix: Option<FixMode>,
    /// By rule id.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Value>"))]
    pub rules: BTreeMap<String, RuleSpec>,
    /// Who the pods run as.
    pub security_context: Option<OneOrMany<Identity>>,
    /// Probes by container.
    pub probes: Option<OneOrMany<Probes>>,
    /// Requests and limits by container.
    pub resources: Option<OneOrMany<Resources>>,
    /// JSON Schema rules of the team's own.
    #[serde(default)]
    pub schemas: Vec<SchemaTerms>,
    /// Rego policies of the team's own.
    #[serde(default)]
    pub rego: Vec<RegoTerms>,
    /// What becomes of Secrets.
    pub secrets: Option<SecretsSpec>,
    /// The team's own rules on fields.
    #[serde(default)]
    pub fields: Vec<FieldSpec>,
    /// The team's own rules in CEL.
    #[serde(default)]
    pub expressions: Vec<ExpressionSpec>,
    /// Files and folders of ValidatingAdmissionPolicies, relative to this file and below its folder.
    #[serde(default)]
    pub admission_policies: Vec<String>,
    /// Environments of the team's own, and what it adds to the built-in ones.
    #[serde(default)]
    pub environments: BTreeMap<String, Spec>,
    /// What is allowed.
    #[serde(default)]
    pub exemptions: Vec<ExemptionSpec>,
    /// What annotations in the stream may allow.
    pub annotations: Option<AnnotationsSpec>,
    /// `complete`: the stream holds all there is.
    pub stream: Option<StreamSpec>,
    /// `edit`: templates of non-hook Jobs and naked Pods are fixed too.
    pub immutable: Option<ImmutableSpec>,
}

/// What is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GateSpec {
    /// A severity or `never`.
    pub severity: Option<String>,
    /// A Pod Security level.
    pub pod_security: Option<String>,
    /// `v1.33` or `latest`; else that of `kubeVersion`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub pod_security_version: Option<Scalar>,
}

/// One permission, as written.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExemptionSpec {
    /// Rule ids.
    pub allow: OneOrMany<String>,
    /// Where.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day.
    pub until: Option<String>,
}

/// What annotations may allow.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AnnotationsSpec {
    /// Rule ids, or `*`.
    #[serde(default)]
    pub allow: Option<OneOrMany<String>>,
}

/// What the stream holds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum StreamSpec {
    /// All there is.
    Complete,
    /// Perhaps not all.
    Partial,
}

/// What is done about immutable templates.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ImmutableSpec {
    /// Fixed all the same.
    Edit,
    /// Only reported.
    Report,
}
