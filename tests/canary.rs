//! No value of a Secret ever stands in a message, a report or a result, however a run ends.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const CANARY: &str = "canary-7f3a9c";
/// The same in base64.
const ENCODED: &str = "Y2FuYXJ5LTdmM2E5Yw==";

/// Every format of reports.
const FORMATS: [&str; 7] = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// What a run says: stderr, the report files, and stdout where it is not the manifest.
fn words(folder: &Path, arguments: &[&str], input: &str, stdout_is_manifest: bool) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hardtack"));
    command.args(arguments).arg("-v");
    for format in FORMATS {
        let _ = fs::remove_file(folder.join(format));
        command.arg(format!("--report={format}={format}"));
    }
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("hardtack starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("hardtack ends");
    let mut words = String::from_utf8_lossy(&output.stderr).into_owned();
    for format in FORMATS {
        let report = fs::read_to_string(folder.join(format));
        assert_eq!(report.is_ok(), output.status.code() != Some(2), "{format} of\n{input}");
        words.push_str(&report.unwrap_or_default());
    }
    if !stdout_is_manifest || output.status.code() != Some(0) {
        words.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    words
}

fn secrets() -> Vec<String> {
    let workload = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: a}]}}}\n";
    vec![
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  password: {ENCODED}\n{workload}"
        ),
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{password: {CANARY}}}\n{workload}"
        ),
        // the same key twice
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  a: {CANARY}\n  a: {CANARY}\n{workload}"
        ),
        // broken beside or on the secret line
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  a: {CANARY}: b: c\n"),
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n\ta: {CANARY}\n"),
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  a: \"{CANARY}\n"),
        format!("stringData:\n  a: \"{CANARY}\\q\"\nkind: Secret\n"),
        format!("stringData: {{a: {CANARY}, b: [\nkind: Secret\n"),
        format!("kind: Secret\nstringData:\n  ? [{CANARY}]\n  : b\n"),
        format!("kind: Secret\nstringData:\n  a: !!int {CANARY}\n"),
        format!("kind: Secret\nstringData:\n  a: *{CANARY}\n"),
        // in a workload
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: a\n        env:\n        - {{name: PASSWORD, value: {CANARY}}}\n        - {{name: PASSWORD, value: {CANARY}}}\n        - {{name: PASSWORD, value: {CANARY}2}}\n"
        ),
        // where excerpts and fixes show lines: on the line of a finding, and on one that a fix changes
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, annotations: {{name: {CANARY}}}}}\nspec: {{template: {{spec: {{hostNetwork: true, containers: [{{name: web, image: 'k8s.gcr.io/a:latest', args: [{CANARY}], env: [{{name: PASSWORD, value: {CANARY}}}, {{name: A, value: {CANARY}}}, {{name: A, value: '{CANARY}'}}], securityContext: {{privileged: true}}}}]}}}}}} # {CANARY}\n"
        ),
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    spec:\n      containers:\n      - {{name: web, image: 'k8s.gcr.io/a', env: &env [{{name: A, value: {CANARY}}}], securityContext: &context {{privileged: true}}}} # {CANARY}\n      - name: two\n        image: a # {CANARY}\n        env: *env\n        command: [sh, -c, {CANARY}]\n        securityContext: *context\n        password: {CANARY}\n      hostNetwork: true # {CANARY}\n      # {CANARY}\n      hostPID: true\n"
        ),
        format!(
            "apiVersion: minio.min.io/v2\nkind: Tenant\nmetadata: {{name: t}}\nspec: {{securityContext: {{runAsUser: 0}}, password: {CANARY}, data: {{name: {CANARY}}}}}\n"
        ),
        // in a List, in a ResourceList
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: s}}\n  data: {{a: {ENCODED}}}\n"
        ),
    ]
}

#[test]
fn a_secret_value_stands_in_no_words() {
    let folder = tempfile::tempdir().expect("a folder");
    for input in secrets() {
        for environment in ["development", "staging", "production"] {
            for (command, manifest) in
                [(&["harden"][..], true), (&["check"], false), (&["check", "--assume-fixed"], false)]
            {
                let arguments = [command, &["-e", environment]].concat();
                let said = words(folder.path(), &arguments, &input, manifest);
                assert!(
                    !said.contains(CANARY) && !said.contains(ENCODED),
                    "{arguments:?} on\n{input}\nsaid\n{said}"
                );
            }
        }
    }
}

#[test]
fn results_of_a_function_hold_no_secret_value() {
    let folder = tempfile::tempdir().expect("a folder");
    for environment in ["production", "nowhere"] {
        let list = format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, data: {{environment: {environment}}}}}\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: s}}\n  stringData:\n    a: {CANARY}\n    a: {CANARY}\n- apiVersion: v1\n  kind: Pod\n  metadata: {{name: p}}\n  spec: {{hostPID: true, containers: [{{name: a, image: a}}]}}\n"
        );
        let mut child = Command::new(env!("CARGO_BIN_EXE_hardtack"))
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("hardtack starts");
        let _ = child.stdin.take().expect("a pipe").write_all(list.as_bytes());
        let output = child.wait_with_output().expect("hardtack ends");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let results = stdout.split("results:").nth(1).unwrap_or_else(|| panic!("no results in\n{stdout}"));
        assert!(!results.contains(CANARY) && !String::from_utf8_lossy(&output.stderr).contains(CANARY));
        assert_eq!(stdout.matches(CANARY).count(), 2, "the items stay: {stdout}");
    }
}

/// Policies under which Secrets change their form or cannot.
const CONVERTING: [&str; 4] = [
    "{to: sealed, sealed: {certificate: pub-cert.pem, scope: cluster-wide}}",
    "{to: sealed, sealed: {certificate: pub-cert.pem}}",
    "{to: external, external: {store: {name: vault}, path: \"{{name}}\"}}",
    "{to: external, external: {kind: SecretProviderClass, provider: aws, path: \"{{name}}\"}}",
];

#[test]
fn conversions_say_no_secret_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sealed/test-only.cert.pem");
    fs::copy(certificate, folder.path().join("pub-cert.pem")).expect("the certificate");
    for secrets in CONVERTING {
        let policy = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {{secrets: {secrets}}}\n");
        fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
        for input in self::secrets() {
            for target in ["git", "apply"] {
                for (command, manifest) in [("harden", true), ("check", false)] {
                    let arguments = [command, "--target", target, "--date", "2026-11-27"];
                    let said = words(folder.path(), &arguments, &input, manifest);
                    assert!(
                        !said.contains(CANARY) && !said.contains(ENCODED),
                        "{secrets} {arguments:?} on\n{input}\nsaid\n{said}"
                    );
                }
            }
        }
    }
}
