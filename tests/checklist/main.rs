//! `check --checklist production`: every answer in both directions, by the binary.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster;
mod values;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hardtack"))
        .args(["check", "--checklist"])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_clear()
        .env("HARDTACK_NO_DISCOVERY", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn report(input: &str) -> Value {
    let (_, stdout, stderr) = run(&["production", "--report=json"], input);
    serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"))
}

fn item(input: &str, id: &str) -> Value {
    let report = report(input);
    report["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone()
}

#[track_caller]
fn answers(id: &str, answer: &str, input: &str) {
    let item = item(input, id);
    assert_eq!(item["answer"], answer, "{item:#}\nof\n{input}");
}

fn pod(container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      containers:\n      - name: web\n        image: ghcr.io/acme/web:1.0.0\n{container}"
    )
}

fn env(name: &str, value: &str) -> String {
    pod(&format!("        env: [{{name: {name}, value: \"{value}\"}}]\n"))
}

fn config(entries: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{entries}")
}

fn secret(entries: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{entries}")
}

fn ingress(host: &str, tls: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i}}\nspec: {{rules: [{{host: {host}}}]{tls}}}\n"
    )
}

const NOTHING: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n";

#[test]
fn an_empty_release_cannot_be_told_but_grants_nothing() {
    let report = report(NOTHING);
    let answers: Vec<&str> =
        report["items"].as_array().unwrap().iter().map(|item| item["answer"].as_str().unwrap()).collect();
    assert_eq!(
        answers.iter().filter(|answer| **answer == "cannot-be-told").count(),
        answers.len() - 1,
        "{answers:?}"
    );
    assert_eq!(report["summary"]["no"], 0);
    assert_eq!(run(&["production"], NOTHING).0, Some(0));
}

#[test]
fn pods() {
    let context = "        securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}\n";
    answers("security-contexts", "yes", &pod(context));
    answers("security-contexts", "no", &pod(""));
    answers("read-only-root", "yes", &pod(context));
    answers("read-only-root", "no", &pod(""));
    answers(
        "requests-and-limits",
        "yes",
        &pod("        resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}\n"),
    );
    answers("requests-and-limits", "yes", &pod("        resources: {limits: {cpu: 1, memory: 1Gi}}\n"));
    answers("requests-and-limits", "no", &pod("        resources: {requests: {cpu: 1, memory: 1Gi}}\n"));
    answers("image-tags", "yes", &pod(""));
    for image in ["web", "web:latest", "web:main"] {
        answers("image-tags", "no", &pod("").replace("web:1.0.0", image));
    }
    answers(
        "image-tags",
        "yes",
        &pod("").replace(
            "web:1.0.0",
            "web@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        ),
    );
}

fn probe(extra: &str) -> String {
    format!("{{httpGet: {{path: /, port: 80}}{extra}}}")
}

#[test]
fn probes_and_autoscalers() {
    let all = |extra: &str| {
        let probe = probe(extra);
        pod(&format!(
            "        livenessProbe: {probe}\n        readinessProbe: {probe}\n        startupProbe: {probe}\n"
        ))
    };
    answers("probes", "yes", &all(""));
    answers("probe-timeouts", "no", &all(""));
    answers("probe-timeouts", "yes", &all(", timeoutSeconds: 3"));
    answers("probes", "no", &pod(&format!("        livenessProbe: {}\n", probe(""))));
    answers("probes", "cannot-be-told", &pod("").replace("apps/v1\nkind: Deployment", "batch/v1\nkind: Job"));
    answers("probe-timeouts", "cannot-be-told", &pod(""));
    answers("autoscaling", "no", &pod(""));
    let scaler = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}\n";
    answers("autoscaling", "yes", &format!("{}{scaler}", pod("")));
    answers(
        "autoscaling",
        "no",
        &format!("{}{}", pod(""), scaler.replace("name: web}, max", "name: api}, max")),
    );
}

#[test]
fn what_is_allowed_or_will_be_fixed_is_taken_in() {
    let shop = std::fs::read_to_string("testdata/shop/rendered.yaml").unwrap();
    let contexts = |arguments: &[&str]| {
        let (code, stdout, _) =
            run(&[&["production", "-eproduction", "--report=json"], arguments].concat(), &shop);
        let report: Value = serde_json::from_str(&stdout).unwrap();
        (
            code,
            report["items"][0]["why"].as_str().unwrap().to_owned(),
            report["items"][0]["fixable"].as_u64().unwrap(),
        )
    };
    let (code, why, fixable) = contexts(&[]);
    assert_eq!((code, why.as_str(), fixable), (Some(1), "not so for 7 of 7 pod templates", 7));
    let (_, why, fixable) = contexts(&["--assume-fixed"]);
    assert!(why.starts_with("not so for 4 of 7"), "{why}");
    assert_eq!(fixable, 0);
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("p.yaml");
    std::fs::write(&policy, "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {extends: production, exemptions: [{allow: host-network, match: {kind: Pod}, reason: tried}]}\n").unwrap();
    let agent = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true, containers: [{name: a, image: 'a:1', securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}}]}\n";
    let (_, stdout, stderr) = run(&["production", "--report=json", "-p", policy.to_str().unwrap()], agent);
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
    assert_eq!(report["items"][0]["why"], "1 pod template, 1 violations allowed by policy");
    assert_eq!(report["items"][0]["answer"], "yes");
}

#[test]
fn no_value_is_shown() {
    let stream = format!(
        "{}---\n{}---\n{}---\n{}",
        env("DB_PASSWORD", "canary-7f3a9c"),
        config(
            "  DATABASE_URL: postgres://shop:canary-7f3a9c@db/shop\n  app.yaml: |\n    password: canary-7f3a9c\n    debug: canary-7f3a9c\n"
        ),
        secret(
            "stringData: {jwt-secret: canary-7f3a9c, token: \"<canary-7f3a9c>\"}\ndata: {a: 'canary-7f3a9c', b: Y2FuYXJ5LTdmM2E5Ywo=}\n"
        ),
        pod("        args: [--password, canary-7f3a9c, --debug=canary-7f3a9c, --token=canary-7f3a9c]\n")
            .replace("name: web}", "name: two}"),
    );
    for format in ["text", "json", "markdown"] {
        let (code, stdout, stderr) = run(&["production", "--report", format], &stream);
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stdout.contains("DB_PASSWORD holds a credential") || format == "markdown", "{stdout}");
        assert!(!format!("{stdout}{stderr}").contains("canary"), "{stdout}");
    }
}

#[test]
fn formats_and_names() {
    let (code, stdout, stderr) = run(&["prodction"], NOTHING);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("did you mean \"production\"?"), "{stderr}");
    let (code, stdout, stderr) = run(&["production", "--report=sarif"], NOTHING);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("a checklist is text, json or markdown"), "{stderr}");
    let markdown = run(&["production", "--report=markdown"], &pod("")).1;
    assert!(markdown.starts_with("<!-- hardtack-checklist -->\n### Checklist production: "), "{markdown}");
    assert!(
        markdown
            .lines()
            .filter(|line| line.starts_with('|'))
            .all(|line| line.matches(" | ").count() == 3 || line.starts_with("|-")),
        "{markdown}"
    );
    let once = run(&["production"], &pod("")).1;
    assert_eq!(once, run(&["production"], &pod("")).1);
    assert!(once.ends_with("not yet checked · policy none\n"), "{once}");
}
