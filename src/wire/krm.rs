//! The KRM function contract: configuration from `functionConfig`, findings as `results`.

use crate::error::Error;
use crate::finding::{Finding, Severity, Status};
use crate::harden::Hardened;
use crate::load::file::PolicyFile;
use crate::load::{from_data, from_text};
use crate::yaml::edit::Edited;
use crate::yaml::{self, Data, Edit, Op, Route, Value, edit};

/// What `functionConfig` asks for.
#[derive(Debug, Clone, Default)]
pub struct FunctionConfig {
    /// A policy, as an object or as text of a `ConfigMap`.
    pub policy: Option<PolicyFile>,
    /// A built-in environment.
    pub environment: Option<String>,
    /// `critical,restricted`, `never`.
    pub gate: Option<String>,
    /// `none`, `safe`, `consented`.
    pub fix: Option<String>,
    /// Return no items: what kustomize's `validators:` take.
    pub validate_only: bool,
}

const CONFIG_KEYS: [&str; 5] = ["environment", "policy", "gate", "fix", "mode"];

/// Reads the function configuration of a `ResourceList`.
///
/// # Errors
/// [`Error::Policy`].
pub fn function_config(list: Value<'_>) -> Result<FunctionConfig, Error> {
    let Some(config) = list.get("functionConfig") else { return Ok(FunctionConfig::default()) };
    let text = |key: &str| config.get(key).and_then(Value::as_str);
    match text("kind").as_deref() {
        Some("ConfigMap") => from_config_map(config),
        Some("Policy") => {
            let Data::Object(mut data) = config.to_data() else { return Ok(FunctionConfig::default()) };
            let mode =
                data.get_mut("spec").and_then(Data::as_object_mut).and_then(|spec| spec.remove("mode"));
            let validate_only = is_validate(mode.as_ref().and_then(Data::as_str))?;
            let policy = Some(from_data(Data::Object(data), "functionConfig")?);
            Ok(FunctionConfig { policy, validate_only, ..FunctionConfig::default() })
        }
        kind => Err(Error::Policy {
            message: format!(
                "functionConfig is a {}, neither Policy nor ConfigMap",
                kind.unwrap_or("map without kind")
            ),
            help: "write kind: ConfigMap with data: {environment: production}, or a hardtack Policy"
                .to_owned(),
        }),
    }
}

fn from_config_map(config: Value<'_>) -> Result<FunctionConfig, Error> {
    let mut read = FunctionConfig::default();
    for (key, value) in config.get("data").map(Value::entries).unwrap_or_default() {
        let Some(text) = value.as_str() else { continue };
        match key.as_ref() {
            "environment" => read.environment = Some(text.into_owned()),
            "policy" => read.policy = Some(from_text(&text, "functionConfig data.policy")?),
            "gate" => read.gate = Some(text.into_owned()),
            "fix" => read.fix = Some(text.into_owned()),
            "mode" => read.validate_only = is_validate(Some(&text))?,
            other => {
                let help =
                    crate::nearest::hint(other, CONFIG_KEYS, &format!("known: {}", CONFIG_KEYS.join(", ")));
                return Err(Error::Policy {
                    message: format!("unknown key {other:?} in functionConfig data"),
                    help,
                });
            }
        }
    }
    Ok(read)
}

fn is_validate(mode: Option<&str>) -> Result<bool, Error> {
    match mode {
        None | Some("transform") => Ok(false),
        Some("validate") => Ok(true),
        Some(other) => Err(Error::Policy {
            message: format!("unknown mode {other:?} in functionConfig"),
            help: "one of transform, validate".to_owned(),
        }),
    }
}

/// One entry of `results` for every finding, worst first. Refused ones are errors, other open ones warnings or
/// information, fixed and exempt ones information.
#[must_use]
pub fn results(hardened: &Hardened<'_>) -> Vec<Data> {
    // In the order of the findings.
    let refusals = &hardened.verdict.refusals;
    let refused = |number: usize| refusals.binary_search_by_key(&number, |refusal| refusal.finding).is_ok();
    let mut all: Vec<(u8, Data)> = Vec::new();
    for (number, finding) in hardened.plan.findings.iter().enumerate() {
        let severity = match finding.status {
            Status::Open if refused(number) => 0,
            Status::Open if finding.severity >= Severity::High => 1,
            _ => 2,
        };
        all.push((severity, result(hardened, finding, ["error", "warning", "info"][usize::from(severity)])));
    }
    all.sort_by_key(|(severity, _)| *severity);
    all.into_iter().map(|(_, data)| data).collect()
}

fn result(hardened: &Hardened<'_>, finding: &Finding, severity: &str) -> Data {
    let object = &hardened.release.objects[finding.object];
    let status = match finding.status {
        Status::Fixed => "fixed",
        Status::Open => "open",
        Status::Exempt => "allowed",
    };
    let mut reference = serde_json::json!({
        "apiVersion": object.id.api_version, "kind": object.id.kind, "name": object.id.name,
    });
    if let (Some(namespace), Some(map)) = (&object.id.namespace, reference.as_object_mut()) {
        map.insert("namespace".to_owned(), Data::String(namespace.clone()));
    }
    let steps = finding.route.steps();
    let own: Route = steps[object.route.steps().len().min(steps.len())..].iter().cloned().collect();
    let container = finding.container.as_ref().map(|name| format!(" (container {name})")).unwrap_or_default();
    let mut entry = serde_json::json!({
        "message": format!("{}: {}{container} [{status}]", finding.rule, finding.message),
        "severity": severity,
        "resourceRef": reference,
        "field": {"path": own.to_string()},
        "tags": {"rule": finding.rule, "severity": finding.severity.word(), "status": status},
    });
    let annotation = |key: &str| object.annotation(key);
    let path =
        annotation("internal.config.kubernetes.io/path").or_else(|| annotation("config.kubernetes.io/path"));
    if let (Some(path), Some(map)) = (path, entry.as_object_mut()) {
        let index = annotation("internal.config.kubernetes.io/index")
            .or_else(|| annotation("config.kubernetes.io/index"))
            .and_then(|index| index.parse::<i64>().ok())
            .unwrap_or(0);
        map.insert("file".to_owned(), serde_json::json!({"path": path, "index": index}));
    }
    entry
}

/// The list with `results`, and without items when only a verdict was asked for.
///
/// # Errors
/// [`Error::Edit`] when the list cannot be edited.
pub fn with_results(list: Value<'_>, results: Vec<Data>, drop_items: bool) -> Result<Edited, Error> {
    let mut edits = Vec::new();
    if drop_items {
        edits.push(Edit { route: Route::root().key("items"), op: Op::Set(Data::Array(Vec::new())) });
    }
    if list.get("results").is_some() || !results.is_empty() {
        edits.push(Edit { route: Route::root().key("results"), op: Op::Set(Data::Array(results)) });
    }
    edit::apply(list, &edits)
        .map_err(|error| Error::Edit { object: "ResourceList".to_owned(), error: Box::new(error) })
}

/// A list that says no more than why there is none.
#[must_use]
pub fn only_error(message: &str) -> String {
    let list = serde_json::json!({
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "items": [],
        "results": [error_result(message)],
    });
    yaml::write::document(&list, "\n")
}

/// A result for an error that is about no single object.
#[must_use]
pub fn error_result(message: &str) -> Data {
    serde_json::json!({"message": message, "severity": "error"})
}

/// A result for what is worth saying and no more.
#[must_use]
pub fn note_result(message: &str) -> Data {
    serde_json::json!({"message": message, "severity": "info"})
}
