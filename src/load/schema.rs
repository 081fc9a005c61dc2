//! The JSON Schema of the policy file, made from its types: `HARDTACK_BLESS=1 cargo test --lib schema` writes it.

use serde_json::{Map, Value, json};

use super::file::{API_VERSION, KIND, PolicyFile};
use crate::rule::{FixKind, Rule};
use crate::rules::RULES;

/// Whether a file of `docs` is that schema; with `HARDTACK_BLESS` it is made so.
pub(crate) fn is_published(file: &str, schema: &impl serde::Serialize) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("HARDTACK_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "docs/{file} is not current");
}

fn schema() -> Value {
    let mut schema = serde_json::to_value(schemars::schema_for!(PolicyFile)).unwrap();
    schema["title"] = json!("hardtack policy");
    schema["properties"]["apiVersion"] = json!({"const": API_VERSION});
    schema["properties"]["kind"] = json!({"const": KIND});
    let severity = json!({"enum": ["off", "low", "medium", "high", "critical", false]});
    let ids: Vec<Value> =
        RULES.iter().map(|rule| json!({"const": rule.id, "description": rule.summary()})).collect();
    let known = schema["$defs"].as_object_mut().unwrap();
    known.insert("RuleSeverity".to_owned(), severity);
    // Rules of the team's own have ids of their own.
    known.insert("RuleId".to_owned(), json!({"anyOf": [{"oneOf": ids}, {"type": "string"}]}));
    let gate = &mut known["GateSpec"]["properties"];
    gate["severity"] = json!({"enum": ["never", "low", "medium", "high", "critical", null]});
    gate["podSecurity"] = json!({"enum": ["privileged", "baseline", "restricted", null]});
    let id = json!({"$ref": "#/$defs/RuleId"});
    let ids = json!({"anyOf": [{"type": "array", "items": id.clone()}, id]});
    known["ExemptionSpec"]["properties"]["allow"] = ids.clone();
    known["AnnotationsSpec"]["properties"]["allow"] = ids;
    let rules: Map<String, Value> = RULES.iter().map(|rule| (rule.id.to_owned(), terms(rule))).collect();
    let own = json!({"type": "object", "properties": {
        "severity": {"$ref": "#/$defs/RuleSeverity"}, "fix": {"type": "boolean"}}});
    known["Spec"]["properties"]["rules"] = json!({"description": known["Spec"]["properties"]["rules"]["description"],
        "type": "object", "properties": rules, "additionalProperties": own});
    schema
}

fn terms(rule: &Rule) -> Value {
    let fix = match rule.fix {
        FixKind::Safe => "fixes by default where the evidence holds; false switches it off",
        FixKind::Consent => "fixes only with true",
        FixKind::No => "has no fix",
    };
    let mut properties = Map::new();
    properties.insert("severity".to_owned(), json!({"$ref": "#/$defs/RuleSeverity"}));
    properties.insert("fix".to_owned(), json!({"type": "boolean", "description": fix}));
    for setting in rule.settings {
        let description = format!("a setting of {}: hardtack explain {}", rule.id, rule.id);
        properties.insert((*setting).to_owned(), json!({"description": description}));
    }
    json!({"description": rule.summary(), "type": "object", "properties": properties, "additionalProperties": false})
}

fn data(text: &str) -> Value {
    let stream = super::source::written(text, "a policy").unwrap();
    super::source::root(&stream).unwrap().0.to_data()
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    is_published("policy.schema.json", &schema());
}

#[test]
fn the_policies_of_this_repository_fit_it() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let mut files = vec![format!("{root}charts/bytebot-agent/hardtack.yaml")];
    for folder in ["src/policy/environments", "src/rules"] {
        files.extend(policies(&format!("{root}{folder}")));
    }
    assert!(files.len() > 30, "{}", files.len());
    for file in files {
        let errors: Vec<String> = schema
            .iter_errors(&data(&std::fs::read_to_string(&file).unwrap()))
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}

/// The policy files in a folder and in those below it.
fn policies(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| {
        let name = path.display().to_string();
        let is_policy = name.contains("/environments/") || name.ends_with(".policy.yaml");
        if path.is_dir() { policies(&name) } else { Vec::from_iter(is_policy.then_some(name)) }
    });
    found.collect()
}

#[test]
fn it_refuses_what_the_loader_refuses() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let head = format!("apiVersion: {API_VERSION}\nkind: Policy\nspec:\n");
    assert!(schema.is_valid(&data(&format!("{head}  extends: production\n"))));
    for spec in [
        "  extend: production",
        "  fix: yes please",
        "  gate: {severity: hihg}",
        "  rules: {run-as-root: {severity: hihg}}",
        "  rules: {run-as-root: {fiks: true}}",
        "  exemptions: [{reason: none}]",
        "  probes: [{livness: {}}]",
        "  environments: {qa: {gate: {podSecurity: strict}}}",
    ] {
        assert!(!schema.is_valid(&data(&format!("{head}{spec}\n"))), "{spec}");
        assert!(
            super::from_text(&format!("{head}{spec}\n"), "x").is_err()
                || spec.contains("hihg")
                || spec.contains("fiks")
                || spec.contains("strict")
        );
    }
}
