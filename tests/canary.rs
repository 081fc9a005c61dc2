//! No value of a Secret ever stands in a message, a report or a result, however a run ends.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/binary.rs"]
mod binary;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const CANARY: &str = "canary-7f3a9c";
/// The same in base64.
const ENCODED: &str = "Y2FuYXJ5LTdmM2E5Yw==";

/// Every format of reports.
const FORMATS: [&str; 7] = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// What a run says: stderr, the report files, and stdout where it is not the manifest.
fn words(folder: &Path, arguments: &[&str], input: &str, stdout_is_manifest: bool) -> String {
    let mut command = binary::command(folder, arguments);
    command.arg("-v");
    for format in FORMATS {
        let _ = fs::remove_file(folder.join(format));
        command.arg(format!("--report={format}={format}"));
    }
    let ran = binary::run(command, input);
    let mut words = ran.stderr;
    for format in FORMATS {
        let report = fs::read_to_string(folder.join(format));
        assert_eq!(report.is_ok(), ran.code != Some(2), "{format} of\n{input}");
        words.push_str(&report.unwrap_or_default());
    }
    if !stdout_is_manifest || ran.code != Some(0) {
        words.push_str(&ran.stdout);
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
        let ran = binary::run(binary::command(folder.path(), &[]), &list);
        let stdout = ran.stdout;
        let results = stdout.split("results:").nth(1).unwrap_or_else(|| panic!("no results in\n{stdout}"));
        assert!(!results.contains(CANARY) && !ran.stderr.contains(CANARY));
        assert_eq!(stdout.matches(CANARY).count(), 2, "the items stay: {stdout}");
    }
}

/// Policies under which Secrets change their form or cannot.
const CONVERTING: [&str; 5] = [
    "{to: sealed, sealed: {certificate: pub-cert.pem, scope: cluster-wide}}",
    "{to: sealed, sealed: {certificate: pub-cert.pem}}",
    "{to: external, external: {store: {name: vault}, path: \"{{name}}\"}}",
    "{to: external, external: {kind: SecretProviderClass, provider: aws, path: \"{{name}}\"}}",
    "{to: sops, sops: {age: age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47}}",
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
/// Places outside Secrets in which a credential is found, each with the canary as its value.
fn credentials() -> Vec<String> {
    let pod = |container: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: a\n    image: a\n{container}"
        )
    };
    let config =
        |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
    vec![
        pod(&format!(
            "    env: [{{name: DB_PASSWORD, value: {CANARY}}}, {{name: URL, value: \"redis://:{CANARY}@r\"}}]\n"
        )),
        pod(&format!(
            "    env: [{{name: AUTH, value: {ENCODED}}}, {{name: API_TOKEN_{CANARY}, value: {CANARY}}}]\n"
        )),
        pod(&format!("    args: [--password={CANARY}, -u, 'a:{CANARY}', --token, {CANARY}, --{CANARY}=x]\n")),
        pod(&format!(
            "    command: [sh, -c, 'PASSWORD={CANARY} curl -u a:{CANARY} -H \"Authorization: Bearer {CANARY}\"']\n"
        )),
        pod(&format!(
            "    livenessProbe: {{httpGet: {{port: 1, httpHeaders: [{{name: X-Api-Key, value: {CANARY}}}]}}}} # password={CANARY}\n"
        )),
        config(&format!(
            "  password: {CANARY}\n  a.ini: |\n    password = {CANARY}\n    {CANARY}_password = {CANARY}\n"
        )),
        config(&format!(
            "  a.json: '{{\"auths\": {{\"r\": {{\"auth\": \"{ENCODED}\"}}}}, \"password\": \"{CANARY}\"}}'\n"
        )),
        config(&format!(
            "  key: |\n    -----BEGIN PRIVATE KEY-----\n    {}\n    -----END PRIVATE KEY-----\n",
            CANARY.repeat(5)
        )),
        format!(
            "apiVersion: a.example.com/v1\nkind: A\nmetadata:\n  name: a\n  annotations: {{a/password: {CANARY}}}\nspec: {{password: {CANARY}, url: \"http://a:{CANARY}@h\"}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: t}}\ntype: kubernetes.io/tls\nstringData: {{tls.crt: {CANARY}, tls.key: {CANARY}}}\n---\n\
             apiVersion: v1\nkind: Secret\nmetadata: {{name: r}}\ntype: kubernetes.io/dockerconfigjson\nstringData: {{.dockerconfigjson: '{{\"auths\": {{\"r\": {{\"auth\": \"{CANARY}\"}}}}}}'}}\n---\n\
             apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: kubernetes.io/ssh-auth\nstringData: {{ssh-privatekey: {CANARY}}}\n---\n\
             apiVersion: v1\nkind: Secret\nmetadata: {{name: j}}\nstringData: {{jwt-secret: {CANARY}, token: <{CANARY}>}}\ndata: {{b: '{CANARY}'}}\n"
        ),
    ]
}

/// The canary within names of variables and keys is no value, and may show.
fn without_names(said: &str) -> String {
    said.replace(&format!("API_TOKEN_{CANARY}"), "")
        .replace(&format!("{CANARY}_password"), "")
        .replace(&format!("{CANARY}\\_password"), "")
}

#[test]
fn a_credential_that_is_found_stands_in_no_words() {
    let folder = tempfile::tempdir().expect("a folder");
    for input in credentials() {
        for arguments in [&["harden", "-e", "production"][..], &["check", "-e", "production"], &["check"]] {
            let said = without_names(&words(folder.path(), arguments, &input, arguments[0] == "harden"));
            assert!(
                !said.contains(CANARY) && !said.contains(ENCODED),
                "{arguments:?} on\n{input}\nsaid\n{said}"
            );
        }
    }
}

#[test]
fn a_scan_shows_no_value() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("digest.key"), "0123456789abcdef0123456789abcdef").expect("a key");
    let other =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: other, a: other}\n";
    fs::write(folder.path().join("other.yaml"), other).expect("a render");
    let mut found = 0;
    for input in credentials().into_iter().chain(secrets()) {
        for format in ["text", "json"] {
            let words = ["secrets", "scan", "--all", "-v", "--compare", "other.yaml", "--report", format];
            let mut command = binary::command(folder.path(), &words);
            command.env("HARDTACK_DIGEST_KEY_FILE", "digest.key");
            let ran = binary::run(command, &input);
            found += usize::from(ran.code == Some(1));
            let said = ran.stdout + &ran.stderr;
            let said = without_names(&said);
            assert!(!said.contains(CANARY) && !said.contains(ENCODED), "{format} of\n{input}\nsaid\n{said}");
        }
    }
    assert!(found >= 2 * credentials().len(), "only {found} scans found something");
}

/// What a run says on both streams.
fn both(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let ran = binary::run(binary::command(folder, arguments), input);
    (ran.code, ran.stdout + &ran.stderr)
}

#[test]
fn the_age_of_secrets_shows_no_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut told = 0;
    for input in secrets().into_iter().chain(credentials()) {
        for format in ["text", "json", "prometheus"] {
            let arguments = ["secrets", "status", "-v", "--gate", "low", "--format", format];
            let (code, said) = both(folder.path(), &arguments, &input);
            told += usize::from(code == Some(0));
            let said = without_names(&said);
            assert!(!said.contains(CANARY) && !said.contains(ENCODED), "{format} of\n{input}\nsaid\n{said}");
        }
    }
    assert!(told > 30, "only {told} runs told anything");
}

#[test]
fn a_rotation_shows_neither_the_old_value_nor_the_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.yaml");
    let policy = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: keep}}\n";
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
    let mut rotated = 0;
    for input in secrets() {
        for place in ["s/password", "s/a"] {
            fs::write(&file, &input).expect("the manifest");
            let arguments = ["secrets", "rotate", place, "s.yaml", "-v", "--overlap", "7d", "--force"];
            let (code, said) = both(folder.path(), &arguments, "");
            let after = fs::read_to_string(&file).expect("the manifest");
            assert!(!said.contains(CANARY) && !said.contains(ENCODED), "{place} of\n{input}\nsaid\n{said}");
            if code == Some(0) {
                rotated += 1;
                let words = after.split(|it: char| !it.is_ascii_alphanumeric() && !"+/=".contains(it));
                let new: Vec<&str> = words.filter(|word| word.len() > 60 && !input.contains(word)).collect();
                assert!(
                    !new.is_empty() && new.iter().all(|it| !said.contains(it)),
                    "{place} of\n{input}\nsaid\n{said}"
                );
            } else {
                assert_eq!(after, input, "{said}");
            }
        }
    }
    assert!(rotated >= 3, "only {rotated} were rotated");
}

#[cfg(target_os = "linux")]
#[test]
fn no_mode_leaves_a_core_dump() {
    let modes: [&[&str]; 4] = [&[], &["check", "-"], &["post-render"], &["secrets", "scan", "-"]];
    for arguments in modes {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -S -c unlimited; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_hardtack")]);
        let pipes = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = pipes.spawn().expect("hardtack starts");
        let limits = format!("/proc/{}/limits", child.id());
        let is_off = || {
            let text = fs::read_to_string(&limits).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with("Max core file size")).map(str::to_owned);
            line.is_some_and(|line| line.split_whitespace().skip(4).take(2).all(|limit| limit == "0"))
        };
        // It waits for its input meanwhile.
        let off = (0..200).any(|_| {
            is_off() || {
                std::thread::sleep(std::time::Duration::from_millis(10));
                false
            }
        });
        drop(child.stdin.take());
        child.wait().expect("hardtack ends");
        assert!(off, "{arguments:?}");
    }
}

/// Not a test of its own: what the next one starts.
#[test]
fn a_panic() {
    if std::env::var_os("HARDTACK_TEST_PANICS").is_some() {
        hardtack::cli::panic::say_only_where();
        let text = format!("é{CANARY}");
        let _ = &text[1..];
    }
}

#[test]
fn a_panic_says_where_and_not_what() {
    let own = std::env::current_exe().expect("a test is a program");
    let mut command = Command::new(own);
    command.args(["--exact", "a_panic", "--nocapture"]).env("HARDTACK_TEST_PANICS", "1");
    let output = command.output().expect("it starts");
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("hardtack itself failed at tests/canary.rs:"), "{said}");
    assert!(!said.contains("canary-"), "{said}");
}
