//! `secrets status`.

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::{root, trial};
use crate::{on, read, testdata};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("every_form_in_every_format", &[], every_form_in_every_format),
        trial("without_a_key_the_form_alone_is_told", &[], without_a_key_the_form_alone_is_told),
        trial("the_gate_of_the_policy_decides", &[], the_gate_of_the_policy_decides),
        trial("what_cannot_be_read_is_said", &[], what_cannot_be_read_is_said),
        trial("a_store_is_known_by_what_it_says", &[], a_store_is_known_by_what_it_says),
    ]
}

const DAY: &str = "2026-11-27";

const POLICY: &str = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  gate: {severity: high}\n  rules:\n    \
                      secret-overdue: {maxAge: 90d, warn: 2w}\n    certificate-expiring: {days: 30}\n";

/// What is not encrypted by itself.
fn manifests() -> String {
    let certificate: String =
        testdata("sealed/test-only.cert.pem").lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1
kind: Secret
metadata:
  name: session
  namespace: shop
  annotations:
    hardtack.dev/issued: \"2026-10-01\"
    hardtack.dev/source: chart
    issued.hardtack.dev/jwt: \"2026-11-20\"
    source.hardtack.dev/jwt: hardtack secrets rotate
    previous-until.hardtack.dev/jwt: \"2026-11-26\"
    expires.hardtack.dev/licence: \"2026-12-01\"
stringData:
  jwt: canary-3yq0WbS1uYF8kV5nq7mH2xR9tL4cJ6dZ0pA8sG1fE3hK5vN7bM9wQ2rT4yU6iO8e
  jwt-previous: canary-old
  licence: canary-9f2c7e1b5a
  from-vault: ref+vault://shop/canary
data:
  pin: MTIzNA==
---
apiVersion: v1
kind: Secret
metadata: {{name: tls, annotations: {{hardtack.dev/issued: \"2026-01-01\", hardtack.dev/rotate-after: 365d}}}}
type: kubernetes.io/tls
stringData:
  tls.crt: |
{certificate}  tls.key: \"-----BEGIN PRIVATE KEY-----\\ncanary-\\n-----END PRIVATE KEY-----\\n\"
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {{name: database, annotations: {{hardtack.dev/issued: \"2026-06-01\"}}}}
spec: {{encryptedData: {{password: AgBy8hTq, user: AgAAcanary}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: mail}}
spec:
  secretStoreRef: {{name: vault, kind: SecretStore}}
  data:
    - {{secretKey: password, remoteRef: {{key: mail, property: password}}}}
"
    )
}

/// Somebody with all forms, and a store.
fn someone() -> Someone {
    let someone = Someone::new();
    someone.sandbox.write("policy.yaml", POLICY);
    someone.sandbox.write("rendered.yaml", &manifests());
    let queue = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: queue\n  annotations: {hardtack.dev/rotate-after: \"2026-11-01\"}\n\
                 stringData: {token: canary-k7Wm2Rt9Lx4Vb6Nc}\ndata: {raw: Y2FuYXJ5LTE=}\n";
    let seal = ["secrets", "encrypt", "--age", &someone.recipient, "-o", "queue.yaml"];
    someone.sandbox.hardtack(&seal, queue).succeeded();
    for (day, place, value) in
        [("1785542400", "db/password", "canary-1"), ("1795651200", "db/user", "canary-app")]
    {
        let call =
            someone.sandbox.call("hardtack").args(["secrets", "set", place, "--age", &someone.recipient]);
        call.env("SOURCE_DATE_EPOCH", day).stdin(value).run().succeeded();
    }
    someone
}

/// Compares with a file of this folder, or with `HARDTACK_BLESS` writes it.
#[track_caller]
fn as_expected(name: &str, text: &str) {
    let path = root().join("tests/rotation/expected").join(name);
    if std::env::var_os("HARDTACK_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} differs; HARDTACK_BLESS=1 writes it");
}

const ALL: [&str; 6] = ["status", "-p", "policy.yaml", "rendered.yaml", "queue.yaml", "secrets.sops.yaml"];

fn every_form_in_every_format() {
    let someone = someone();
    let mut counts = Vec::new();
    for (format, file) in [("text", "status.txt"), ("json", "status.json"), ("prometheus", "status.prom")] {
        let ran = on(&someone, DAY, &[&ALL[..], &["--format", format]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
        as_expected(file, &ran.stdout);
        counts.push(ran.stdout.lines().count());
        if format == "json" {
            let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            let schema: serde_json::Value = serde_json::from_str(
                &std::fs::read_to_string(root().join("docs/health.schema.json")).unwrap(),
            )
            .unwrap();
            let faults: Vec<String> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(&report)
                .map(|fault| fault.to_string())
                .collect();
            assert!(faults.is_empty(), "{faults:?}");
        }
        if format == "prometheus" {
            is_exposition(&ran.stdout);
        }
    }
    let coloured = on(&someone, DAY, &[&ALL[..], &["--color", "always"]].concat()).stdout;
    assert!(coloured.contains("\x1b[31m"));
    let quiet = on(&someone, DAY, &[&ALL[..], &["-q"]].concat());
    assert_eq!((quiet.code, quiet.stdout.as_str()), (1, ""));
    // The store by its option, alone: standard input is not read.
    let store = on(&someone, DAY, &["status", "--store", "secrets.sops.yaml", "--format", "json"]);
    assert_eq!(store.succeeded().stdout.matches("\"kind\": \"Secrets\"").count(), 2);
}

/// Every line is a comment or `name{labels} number`, and none comes twice.
fn is_exposition(text: &str) {
    let mut seen = std::collections::HashSet::new();
    for line in text.lines() {
        if line.starts_with("# HELP hardtack_secret_") || line.starts_with("# TYPE hardtack_secret_") {
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        assert!(series.starts_with("hardtack_secret_") && series.ends_with('}'), "{line}");
        assert!(value.parse::<i64>().is_ok() && seen.insert(series), "{line}");
    }
    assert!(text.ends_with('\n') && seen.len() > 20, "{}", seen.len());
}

fn without_a_key_the_form_alone_is_told() {
    let someone = someone();
    std::fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    let ran = on(&someone, DAY, &["status", "--format", "json", "queue.yaml", "secrets.sops.yaml"]);
    let report: serde_json::Value = serde_json::from_str(&ran.succeeded().stdout).unwrap();
    let rows = report["secrets"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "{}", ran.stdout);
    for row in rows {
        assert_eq!((&row["form"], &row["length"]), (&"sops".into(), &serde_json::Value::Null), "{row}");
    }
    assert_eq!(rows[1]["state"], "due");
}

fn the_gate_of_the_policy_decides() {
    let someone = someone();
    let run = |args: &[&str]| on(&someone, DAY, &[&["status", "queue.yaml"], args].concat()).code;
    assert_eq!(run(&[]), 0, "nothing refuses");
    assert_eq!(run(&["-e", "production"]), 0, "overdue is high there, and the gate is critical");
    assert_eq!(run(&["-p", "policy.yaml"]), 1);
    assert_eq!(run(&["--gate", "high"]), 1);
    assert_eq!(run(&["--gate", "high", "--date", "2026-11-01"]), 0, "its last day");
    assert_eq!(run(&["--gate", "high", "--skip", "secret-overdue"]), 0);
    let exempt = format!(
        "{POLICY}  exemptions:\n  - {{allow: secret-overdue, match: {{name: queue}}, reason: goes in May, owner: me, until: 2027-05-31}}\n"
    );
    someone.sandbox.write("exempt.yaml", &exempt);
    assert_eq!(run(&["-p", "exempt.yaml"]), 0);
    // A value that is kept too long is medium, as it is to the rule.
    let kept = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {previous-until.hardtack.dev/a: \"2026-11-01\"}}\n\
                stringData: {a: canary-new, a-previous: canary-old}\n";
    someone.sandbox.write("kept.yaml", kept);
    for (gate, code) in [("high", 0), ("medium", 1)] {
        let ran = on(&someone, DAY, &["status", "kept.yaml", "--gate", gate]);
        assert!(ran.stdout.contains("expired") && ran.code == code, "{gate}: {}", ran.stdout);
    }
    // An expired certificate goes by the rule about certificates.
    let ran = on(&someone, "2036-12-31", &["status", "rendered.yaml", "--gate", "critical"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(crate::line(&ran.stdout, "(certificate)").starts_with("expired"), "{}", ran.stdout);
}

fn what_cannot_be_read_is_said() {
    let someone = someone();
    let bad = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {hardtack.dev/issued: soon}}\nstringData: {a: canary-a}\n";
    someone.sandbox.write("bad.yaml", bad);
    let ran = on(&someone, DAY, &["status", "bad.yaml"]);
    ran.succeeded().says("bad.yaml:1: Secret/s: hardtack.dev/issued: \"soon\" is no date");
    // One flipped letter in what is encrypted.
    let broken = read(&someone, "queue.yaml").replacen("data:", "data:A", 3);
    someone.sandbox.write("broken.yaml", &broken);
    let ran = on(&someone, DAY, &["status", "broken.yaml"]);
    assert!(ran.stderr.contains("is not opened: ") || ran.code == 2, "{}", ran.stderr);
}

fn a_store_is_known_by_what_it_says() {
    let someone = someone();
    on(&someone, DAY, &["status", "--store", "queue.yaml"]).failed_with(2).says("is no store of secrets");
    someone.sandbox.write(
        "clear.yaml",
        "apiVersion: hardtack.dev/v1\nkind: Secrets\nsecrets: {a: {stringData: {b: canary-c}}}\n",
    );
    on(&someone, DAY, &["status", "clear.yaml"]).failed_with(2).says("not encrypted by sops");
    let ran = on(&someone, DAY, &["status", "--format", "json", "."]);
    assert_eq!(ran.code, 2, "the store in the clear is among them: {}", ran.stdout);
}
