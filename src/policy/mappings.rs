//! What fixes may write because the policy says it: uids, probes, requests and limits. Nothing here is ever invented.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Match;

/// Who the pods run as.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Identity {
    /// Which workloads.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Pod-level `runAsUser`.
    pub run_as_user: Option<i64>,
    /// Pod-level `runAsGroup`.
    pub run_as_group: Option<i64>,
    /// Pod-level `fsGroup`.
    pub fs_group: Option<i64>,
}

/// Probes for the containers that match; each is a probe as Kubernetes writes it. An `httpGet` or `tcpSocket` without a
/// port gets the named port of `match`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Probes {
    /// Which containers.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// `livenessProbe`.
    pub liveness: Option<Map<String, Value>>,
    /// `readinessProbe`.
    pub readiness: Option<Map<String, Value>>,
    /// `startupProbe`.
    pub startup: Option<Map<String, Value>>,
}

/// Requests and limits for the containers that match.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Resources {
    /// Which containers.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// `requests`, by resource name.
    #[serde(default)]
    pub requests: Map<String, Value>,
    /// `limits`, by resource name.
    #[serde(default)]
    pub limits: Map<String, Value>,
}
