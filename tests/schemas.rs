//! JSON Schema rules: on objects, keys and embedded files, by the policies and schemas of `testdata/policies`.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Error, Policy, harden};

const TODAY: &str = "2026-11-20";

fn i2s() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/policies/i2s"))
}

/// A policy with these entries, in a folder with these schemas.
fn policy(folder: &Path, entries: &str) -> Result<Policy, Error> {
    let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  schemas:\n{entries}");
    let file = read::from_text(&text, "hardtack.yaml")?;
    resolve::load(file, &Source::new("hardtack.yaml", folder), None, TODAY.parse().expect("a date"))
}

/// What the team's own rules say: line and message.
fn said(policy: &Policy, stream: &str) -> Vec<(usize, String)> {
    let stream = parse(stream.to_owned(), ParseOptions::default()).expect("a stream");
    let hardened = harden(&stream, policy, Scope::default()).expect("a verdict");
    let own = hardened.plan.findings.iter().filter(|finding| policy.own(&finding.rule).is_some());
    own.map(|finding| (finding.line, finding.message.clone())).collect()
}

/// The same for one schema, written to a folder of its own, and one object.
fn verdict(schema: &str, matches: &str, stream: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.yaml"), schema).expect("written");
    let entries = format!("    - {{match: {{{matches}}}, schema: s.yaml}}\n");
    let policy = policy(folder.path(), &entries).expect("a policy");
    said(&policy, stream).into_iter().map(|(_, message)| message).collect()
}

fn config(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: i2s-config}}\ndata:\n  config.yaml: |\n{lines}"
    )
}

fn configuration_policy() -> Policy {
    let entry = "    - {match: {kind: ConfigMap, key: config.yaml}, schema: schemas/configuration.json}\n";
    policy(i2s(), entry).expect("the schema of the configuration reference")
}

const GOOD: &str = "environment: production
debug: false
server: {host: 0.0.0.0, port: 8080, publicUrl: 'https://i2s.example.com', maxUpload: 20Mi, readTimeout: 30s}
database: {urlFrom: DATABASE_URL, sslMode: verify-full, pool: {min: 2, max: 20}}
queue: {kind: redis, name: jobs, address: 'redis:6379', tls: true}
model:
  vision: {provider: openai, name: gpt-4o, apiKeyFrom: OPENAI_API_KEY, timeout: 30s, retries: 3}
  speech: {provider: local, name: piper, voice: en-GB-Alba, sampleRate: 22050, format: mp3}
storage: {bucket: i2s-audio, retention: 30d}
limits: {requestsPerMinute: 600, concurrentJobs: 16}
logging: {level: info, format: json, redact: [authorization]}
metrics: {enabled: true, port: 9090, path: /metrics}
";

#[test]
fn a_configuration_after_the_reference_fits() {
    assert_eq!(said(&configuration_policy(), &config(GOOD)), []);
    let development = GOOD
        .replace("environment: production\ndebug: false", "environment: development\ndebug: true")
        .replace("{kind: redis, name: jobs, address: 'redis:6379', tls: true}", "{kind: memory, name: jobs}");
    assert_eq!(said(&configuration_policy(), &config(&development)), []);
}

#[test]
fn every_defect_of_a_configuration_has_its_line_and_keyword() {
    for (from, to, line, words) in [
        (
            "port: 8080",
            "port: 80800",
            8,
            "server.port must be at most 65535, is 80800 (schemas/common.json#/$defs/port/maximum)",
        ),
        ("port: 8080", "port: '8080'", 8, "server.port must be an integer, is text"),
        (
            "host: 0.0.0.0",
            "hots: 0.0.0.0",
            8,
            "server.hots is unknown, did you mean host? (schemas/configuration.json#/properties/server/additionalProperties)",
        ),
        (
            "host: 0.0.0.0",
            "host: 'a b'",
            8,
            "server.host fits none of 3 alternatives; for the nearest it is not of the format hostname",
        ),
        (
            "debug: false",
            "debug: true",
            7,
            "debug must be false, is true (schemas/configuration.json#/then/properties/debug/const)",
        ),
        (
            "level: info",
            "level: debug",
            16,
            "logging.level must be \"info\" or \"warn\" (schemas/configuration.json#/then",
        ),
        ("https://i2s", "http://i2s", 8, "server.publicUrl does not match ^https://"),
        (
            "address: 'redis:6379'",
            "adress: 'redis:6379'",
            10,
            "queue fits none of 3 alternatives; for the nearest it ",
        ),
        (
            "urlFrom: DATABASE_URL",
            "urlFrom: postgres://u:p@db/i2s",
            9,
            "database.urlFrom does not match ^[A-Z]",
        ),
        ("storage: {bucket: i2s-audio, retention: 30d}\n", "", 6, "the file lacks the key \"storage\""),
        ("sampleRate: 22050", "sampleRate: 22051", 13, "model.speech.sampleRate must be 8000, 16000"),
        ("apiKeyFrom: OPENAI_API_KEY, ", "", 12, "model.vision lacks the key \"apiKeyFrom\""),
        (
            "retries: 3",
            "retries: 30",
            12,
            "model.vision.retries must be at most 10, is 30 (schemas/configuration.json#/$defs/engine",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = said(&configuration_policy(), &config(&GOOD.replace(from, to)));
        let hit = found.iter().any(|(at, message)| *at == line && message.contains(words));
        assert!(hit, "{to}: {found:#?}");
    }
}

#[test]
fn values_and_lines_of_secrets_stay_hidden() {
    let schema = "{properties: {password: {type: string, minLength: 30, pattern: '^x'}, port: {type: integer}, \
                  mode: {enum: [a]}, n: {maximum: 3}}, additionalProperties: false}";
    let packed = "eyJwYXNzd29yZCI6ImNhbmFyeSIsInBvcnQiOiJjYW5hcnkiLCJtb2RlIjoiY2FuYXJ5IiwibiI6NDI0Mn0=";
    let stream =
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{app.json: {packed}}}\n");
    let found = verdict(schema, "kind: Secret, key: '*.json'", &stream);
    assert_eq!(found.len(), 5, "{found:?}");
    for message in &found {
        assert!(!message.contains("canary") && !message.contains("4242"), "{message}");
    }
}

#[test]
fn a_whole_object_is_read_as_the_server_reads_it() {
    let schema = "{properties: {spec: {required: [replicas], properties: {replicas: {minimum: 2}, x: {type: string}}}}}";
    let object = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec:\n  replicas: REPLICAS\n  x: null\n";
    let found = |replicas: &str| verdict(schema, "kind: Deployment", &object.replace("REPLICAS", replicas));
    assert_eq!(found("2"), [""; 0]);
    assert_eq!(
        found("1"),
        ["spec.replicas must be at least 2, is 1 (s.yaml#/properties/spec/properties/replicas/minimum)"]
    );
    assert_eq!(found("null"), ["spec lacks the key \"replicas\" (s.yaml#/properties/spec/required)"]);
}

#[test]
fn text_under_a_key_is_held_to_the_schema_as_text() {
    let stream =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {LOG_LEVEL: trace, PORT: '80'}\n";
    assert_eq!(
        verdict("enum: [info, warn]", "key: LOG_LEVEL", stream),
        ["LOG_LEVEL must be \"info\" or \"warn\" (s.yaml#/enum)"]
    );
    assert_eq!(verdict("type: string", "key: PORT", stream), [""; 0]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_finding() {
    let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.json: |\n    {\n      \"a\": canary\n    }\n";
    let found = verdict("true", "key: a.json", stream);
    assert_eq!(found, ["a.json line 2: cannot be read as json: not JSON from here on"]);
}

#[test]
fn formats_are_checked_unless_switched_off() {
    for draft in ["2020-12/schema", "2019-09/schema", "-07/schema#"] {
        let base = if draft.starts_with('-') {
            "http://json-schema.org/draft"
        } else {
            "https://json-schema.org/draft/"
        };
        let folder = tempfile::tempdir().expect("a folder");
        let schema = format!("$schema: {base}{draft}\nformat: date-time\n");
        fs::write(folder.path().join("s.yaml"), schema).expect("written");
        let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {DAY: tomorrow}\n";
        for (more, count) in [("", 1), (", formats: false", 0)] {
            let entries = format!("    - {{match: {{key: DAY}}, schema: s.yaml{more}}}\n");
            let policy = policy(folder.path(), &entries).expect("a policy");
            assert_eq!(said(&policy, stream).len(), count, "{draft} {more}");
        }
    }
}

#[test]
fn many_errors_are_counted_not_listed() {
    let keys: String = (0..60).map(|number| format!("  k{number}: x\n")).collect();
    let stream = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{keys}");
    let found =
        verdict("{properties: {data: {additionalProperties: {minLength: 2}}}}", "kind: ConfigMap", &stream);
    assert_eq!(found.len(), 21);
    assert_eq!(found[20], "ConfigMap/c breaks s.yaml in 40 further places");
}

#[test]
fn schemas_that_call_themselves_come_to_an_end() {
    let deep = format!("{}1{}", "[".repeat(90), "]".repeat(90));
    let stream = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{a: {deep}}}\n");
    for (schema, count) in [
        ("{$ref: '#'}", 0),
        ("{allOf: [{$ref: '#'}]}", 0),
        (
            "{anyOf: [{type: string}, {items: {$ref: '#'}, additionalProperties: {$ref: '#'}, not: {type: integer}}]}",
            1,
        ),
    ] {
        assert_eq!(verdict(schema, "kind: ConfigMap", &stream).len(), count, "{schema}");
    }
}

#[test]
fn alternatives_that_fit_at_once_are_counted_off() {
    let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n";
    let found = |fitting: usize| {
        let alternatives =
            format!("{{type: object}}, {{type: string}}{}", ", {required: [a]}".repeat(fitting));
        verdict(&format!("{{properties: {{data: {{oneOf: [{alternatives}]}}}}}}"), "kind: ConfigMap", stream)
    };
    assert_eq!(found(0), [""; 0]);
    let end = "alternative at once, and only one may fit (s.yaml#/properties/data/oneOf)";
    assert_eq!(found(1), [format!("data fits the first and the third {end}")]);
    let [only] = &found(9)[..] else { panic!("{:?}", found(9)) };
    assert!(only.ends_with(&format!("the ninth and the tenth and the 11th {end}")), "{only}");
}

#[test]
fn a_schema_with_an_id_refers_to_files_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("schemas")).expect("made");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write(
        "schemas/app.yaml",
        "{$id: 'https://acme.example/app/app.yaml', properties: {data: {$ref: part.yaml}}}",
    );
    write("schemas/part.yaml", "{required: [port]}");
    let policy = policy(folder.path(), "    - {match: {kind: ConfigMap}, schema: schemas/app.yaml}\n");
    let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n";
    let found: Vec<String> =
        said(&policy.expect("a policy"), stream).into_iter().map(|(_, message)| message).collect();
    assert_eq!(found, ["data lacks the key \"port\" (schemas/part.yaml#/required)"]);
}

#[test]
fn a_pattern_that_never_ends_is_said_instead_of_waited_for() {
    let text = "a".repeat(60);
    let stream = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{A: {text}}}\n");
    let found = verdict("pattern: '^(?=(a+)+$)((a|aa)+)(?<!b)\\1c$'", "key: A", &stream);
    let [only] = &found[..] else { panic!("{found:?}") };
    assert!(only.contains("goes back and forth") || only.contains("does not match"), "{only}");
}

#[test]
fn references_stay_in_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("policy");
    fs::create_dir(&inside).expect("made");
    fs::write(folder.path().join("outside.yaml"), "true").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../outside.yaml", inside.join("link.yaml")).expect("linked");
    for target in [
        "../outside.yaml",
        "link.yaml",
        "/etc/hostname",
        "file:///etc/hostname",
        "https://example.com/a.json",
        "a/../../outside.yaml",
    ] {
        fs::write(inside.join("s.yaml"), format!("{{$ref: '{target}'}}")).expect("written");
        let error = policy(&inside, "    - {match: {}, schema: s.yaml}\n").expect_err(target).to_string();
        assert!(
            ["leads out of the policy's folder", "names a place on the machine", "names the network"]
                .iter()
                .any(|words| error.contains(words)),
            "{error}"
        );
    }
    let error =
        policy(&inside, "    - {match: {}, schema: ../outside.yaml}\n").expect_err("outside").to_string();
    assert!(error.contains("leads out of the policy's folder"), "{error}");
}

#[test]
fn values_are_held_to_what_names_them() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.yaml"), "{properties: {replicas: {minimum: 2}}}").expect("written");
    let entries = "    - {id: values-shape, match: {kind: Values, name: 'values-*.yaml'}, schema: s.yaml}\n    \
                   - {id: everything, match: {}, schema: s.yaml}\n";
    let policy = policy(folder.path(), entries).expect("a policy");
    let stream = parse("# mine\nreplicas: 1\n".to_owned(), ParseOptions::default()).expect("values");
    let found = |name: &str| {
        let scope = Scope { values: Some(name.to_owned()), ..Scope::default() };
        let hardened = harden(&stream, &policy, scope).expect("a verdict");
        let list = hardened.plan.findings.iter();
        list.map(|finding| format!("{} {} {}", finding.rule, finding.line, finding.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("values-production.yaml"),
        ["values-shape 2 replicas must be at least 2, is 1 (s.yaml#/properties/replicas/minimum)"]
    );
    assert_eq!(found("values.yaml"), [""; 0]);
}
