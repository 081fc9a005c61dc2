//! Rules on fields, through the binary: what they find, on which line, and what they must not say.

use std::fs;
use std::process::Command;

use serde_json::Value;

/// Findings as `line id (container): message -> help`, of rules named a to d.
pub fn found_in(environment: &str, fields: &str, manifest: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = ["a", "b", "c", "d"].into_iter().filter(|id| fields.contains(&format!("id: {id}")));
    let ids: Vec<&str> = ids.collect();
    let fields: String = fields.lines().map(|line| format!("  {line}\n")).collect();
    let policy = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {{name: t}}\nspec:\n{fields}");
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("a policy");
    fs::write(folder.path().join("m.yaml"), manifest).expect("a manifest");
    let run = Command::new(env!("CARGO_BIN_EXE_hardtack"))
        .args(["check", "-e", environment, "--only", &ids.join(","), "--report", "json=r.json", "m.yaml"])
        .current_dir(folder.path())
        .env_clear()
        .output()
        .expect("hardtack runs");
    let words = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    assert!(run.status.code().is_some_and(|code| code < 2), "{words}");
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    assert!(!(words + &report).contains("canary"), "a secret is shown");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("findings").iter();
    let mut found: Vec<(u64, String)> = findings
        .map(|it| {
            let container = it["container"].as_str().map(|name| format!(" ({name})")).unwrap_or_default();
            let help = it["help"].as_str().filter(|help| !help.is_empty());
            let help = help.map(|help| format!(" -> {help}")).unwrap_or_default();
            let line = it["source"]["line"].as_u64().unwrap_or_default();
            (line, format!("{line} {}{container}: {}{help}", text(&it["rule"]), text(&it["message"])))
        })
        .collect();
    found.sort_by_key(|(line, _)| *line);
    found.into_iter().map(|(_, text)| text).collect()
}

pub fn found(fields: &str, manifest: &str) -> Vec<String> {
    found_in("production", &format!("fields:\n{fields}"), manifest)
}

const WORKLOAD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web}
spec:
  replicas: 1
  template:
    spec:
      initContainers:
        - {name: setup, image: busybox}
      containers:
        - name: web
          image: docker.io/acme/web:1
          resources: {limits: {cpu: 1500m, memory: 2Gi}}
        - name: side
          image: ghcr.io/acme/side:1
";

#[test]
fn a_path_leads_to_every_place() {
    let rules = "\
- {id: a, match: {kind: Deployment}, path: 'spec.template.spec.containers[*].image', pattern: ^ghcr.io/}
- {id: b, match: {kind: Deployment}, path: spec.replicas, required: true, range: {min: 2}}
- {id: c, path: \"metadata.labels['app.kubernetes.io/part-of']\", required: true}
- {id: d, match: {container: '*'}, path: resources.limits.cpu, required: true, range: {min: 100m, max: '1'}}
";
    let wanted = [
        "5 c: metadata.labels[\"app.kubernetes.io/part-of\"] is missing",
        "7 b: spec.replicas is 1, below 2",
        "11 d (setup): resources.limits.cpu is missing",
        "14 a (web): spec.template.spec.containers[0].image does not match ^ghcr.io/",
        "15 d (web): resources.limits.cpu is \"1500m\", above 1",
        "16 d (side): resources.limits.cpu is missing",
    ];
    assert_eq!(found(rules, WORKLOAD), wanted);
}

const KEYS: &str = "\
apiVersion: v1
kind: Secret
metadata: {name: s}
data:
  JWT_SECRET: Y2FuYXJ5
  BROKEN: '%%'
  BINARY: /////w==
stringData:
  EMPTY: ''
---
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
data:
  LOG_LEVEL: debug
---
apiVersion: v1
kind: ConfigMap
metadata: {name: two}
data:
  TIMEOUT: 90s
";

#[test]
fn keys_are_decoded_and_never_shown() {
    let rules = "\
- {id: a, match: {kind: Secret}, key: JWT_SECRET, minLength: 7, oneOf: [x, long-enough]}
- {id: b, match: {kind: Secret}, key: BROKEN, minLength: 1}
- {id: c, match: {kind: Secret, key: BINARY}, minLength: 8, pattern: x}
- {id: d, match: {kind: Secret, key: EMPTY}, required: true}
";
    let wanted = [
        "5 a: JWT_SECRET has fewer than 7 characters and is not one of \"x\", \"long-enough\"",
        "6 b: BROKEN is not base64",
        "7 c: BINARY has fewer than 8 bytes and is no text",
        "9 d: EMPTY is empty",
    ];
    assert_eq!(found(rules, KEYS), wanted);
}

#[test]
fn a_required_key_may_stand_in_any_object_that_matches() {
    let rules = "\
- {id: a, match: {kind: ConfigMap}, key: [LOG_LEVEL, TIMEOUT], required: true}
- {id: b, match: {kind: ConfigMap}, key: [LOG_LEVEL, PORT], required: true}
- {id: c, match: {kind: ConfigMap}, key: LOG_LEVEL, required: each}
- {id: d, match: {kind: ConfigMap}, key: [A, B], required: any}
";
    let wanted = [
        "15 b: PORT is in none of ConfigMap/one, ConfigMap/two",
        "15 d: A, B are all missing",
        "21 c: LOG_LEVEL is missing",
    ];
    assert_eq!(found(rules, KEYS), wanted);
}

#[test]
fn one_of_several_is_enough_and_is_judged() {
    let rules = "\
- {id: a, key: [NONE, JWT_SECRET], required: any}
- {id: b, match: {kind: Secret}, key: [EMPTY, JWT_SECRET], required: any, minLength: 10}
- {id: c, match: {kind: Secret}, key: EMPTY, required: any}
- {id: d, match: {name: nobody}, key: EMPTY, required: any}
";
    let wanted = ["5 b: JWT_SECRET has fewer than 10 characters", "5 c: EMPTY is set in none of Secret/s"];
    assert_eq!(found(rules, KEYS), wanted);
}

#[test]
fn texts_and_severity_follow_the_environment_and_name_facts() {
    let rules = "\
fields:
- id: a
  match: {kind: Deployment}
  path: spec.replicas
  range: {min: 3}
  severity: {staging: low, production: critical}
  message:
    production: '{{kind}} {{name}} runs {{value}} of {{min}} pods ({{environment}}, {{labels.[app.kubernetes.io/name]}})'
  help: {staging: try more, production: 'raise {{field}}; {{problem}}'}
- {id: b, match: {container: web}, path: image, pattern: ^ghcr, message: '{{container.name}} runs {{container.image}}{{#each container.ports}} {{name}}{{/each}}'}
- {id: c, match: {container: side}, path: image, pattern: ^quay, message: '{{labels.team}}'}
";
    let wanted = [
        "7 a: Deployment web runs 1 of 3 pods (production, web) -> raise spec.replicas; spec.replicas is 1, below 3",
        "14 b (web): web runs docker.io/acme/web:1",
        "17 c (side): image does not match ^quay -> the rule's message could not be filled: {{labels.team}} has no value here",
    ];
    assert_eq!(found_in("production", rules, WORKLOAD), wanted);
    assert_eq!(found_in("staging", rules, WORKLOAD)[0], "7 a: spec.replicas is 1, below 3 -> try more");
    assert!(found_in("development", rules, WORKLOAD).iter().all(|it| !it.contains(" a: ")));
}

#[test]
fn a_template_sees_no_secret() {
    let rules = "- {id: a, match: {kind: Secret}, key: JWT_SECRET, minLength: 9, message: '{{value}} {{object.data.JWT_SECRET}}'}\n";
    assert_eq!(found(rules, KEYS), ["5 a: a value a value"]);
    let rules = "- {id: a, env: URL, pattern: ^x, message: '{{value}}: {{object.spec.jobTemplate.spec.template.spec.containers.[0].env.[2].value}}'}\n";
    let manifest = crate::places::ENVIRONMENT.replace("$(PASSWORD)", "canary");
    assert_eq!(found(rules, &manifest)[0].split(": ").nth(1), Some("a value"));
}

#[test]
fn a_later_rule_of_the_same_id_takes_the_place_of_an_earlier_one() {
    let rules = "\
extends: production
environments:
  development:
    fields:
      - {id: a, match: {kind: Deployment}, path: spec.replicas, range: {min: 1}}
fields:
- {id: a, match: {kind: Deployment}, path: spec.replicas, range: {min: 2}}
";
    assert_eq!(found_in("production", rules, WORKLOAD), ["7 a: spec.replicas is 1, below 2"]);
    assert_eq!(found_in("development", rules, WORKLOAD), Vec::<String>::new());
}

#[test]
fn chart_template_and_key_narrow_a_match() {
    let manifest = format!("# Source: shop/charts/front/templates/web.yaml\n{WORKLOAD}---\n{KEYS}");
    let rules = "\
- {id: a, match: {chart: front}, path: spec.replicas, equals: 2}
- {id: b, match: {chart: shop}, path: spec.replicas, equals: 2}
- {id: c, match: {template: '*/templates/web.yaml'}, path: spec.replicas, equals: 3}
";
    let wanted = ["8 a: spec.replicas is 1, not 2", "8 c: spec.replicas is 1, not 3"];
    assert_eq!(found(rules, &manifest), wanted);
    let exempt = "\
fields:
- {id: a, match: {kind: Secret}, key: [JWT_SECRET, BROKEN], minLength: 20}
exemptions:
- {allow: a, match: {kind: Secret, key: JWT_*}, reason: rotated next week}
";
    let all = found_in("production", exempt, KEYS);
    assert_eq!(all.len(), 2, "the exempt one is in the report too: {all:?}");
}

#[test]
fn blocks_that_fixes_write_are_filled_and_stay_scalars() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = "\
apiVersion: hardtack.dev/v1
kind: Policy
metadata: {name: t}
spec:
  extends: production
  rules: {memory-limit-missing: {fix: true}}
  probes:
    - match: {port: http}
      liveness: {httpGet: {path: '/{{container.name}}/{{annotations.tier}}'}}
  resources:
    limits: {memory: '{{annotations.memory}}'}
";
    let manifest = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {memory: 512Mi, tier: 'a: b # c'}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
          ports: [{name: http, containerPort: 80}]
";
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("a policy");
    let run = |word: &str, manifest: &str| {
        fs::write(folder.path().join("m.yaml"), manifest).expect("a manifest");
        let run = Command::new(env!("CARGO_BIN_EXE_hardtack"))
            .args([word, "m.yaml"])
            .current_dir(folder.path())
            .env_clear()
            .output()
            .expect("hardtack runs");
        (String::from_utf8_lossy(&run.stdout).into_owned(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    let (stdout, stderr) = run("harden", manifest);
    assert!(stdout.contains("path: \"/web/a: b # c\""), "{stdout}{stderr}");
    assert!(stdout.contains("limits:\n              memory: 512Mi"), "{stdout}{stderr}");
    let without = manifest.replace("memory: 512Mi, ", "");
    let (stdout, stderr) = run("harden", &without);
    assert!(!stdout.contains("limits:"), "{stdout}{stderr}");
    let (stdout, stderr) = run("check", &without);
    let words = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("has no memory limit (web) -> {{annotations.memory}} has no value here"),
        "{stdout}{stderr}"
    );
}
