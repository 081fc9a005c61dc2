//! `check --checklist production`: every answer in both directions, by the binary.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

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

#[test]
fn secrets_in_secrets() {
    for value in ["hunter2", "s3cr3t!"] {
        answers("secrets-in-secrets", "no", &env("DB_PASSWORD", value));
        answers("secrets-in-secrets", "no", &config(&format!("  api-key: {value}\n")));
    }
    answers("secrets-in-secrets", "no", &config("  DATABASE_URL: postgres://shop:hunter2@db/shop\n"));
    answers("secrets-in-secrets", "no", &config("  app.yaml: |\n    database:\n      password: hunter2\n"));
    answers("secrets-in-secrets", "yes", &config("  DATABASE_URL: postgres://shop@db/shop\n"));
    for (name, value) in [
        ("DB_PASSWORD_FILE", "hunter2"),
        ("DB_PASSWORD", "/run/secrets/x"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("SECRET_NAME", "web"),
        ("TOKEN_TTL", "3600"),
        ("TLS_SECRET", "web-tls"),
        ("AUTH_TOKEN", "jwt,priv-key=/certs/key.pem"),
    ] {
        answers("secrets-in-secrets", "yes", &env(name, value));
    }
    answers("secrets-in-secrets", "cannot-be-told", &secret("stringData: {password: hunter2}\n"));
}

#[test]
fn encoding_of_secrets() {
    answers("secret-encoding", "yes", &secret("data: {a: aHVudGVyMg==}\n"));
    answers("secret-encoding", "no", &secret("data: {a: hunter2!}\n"));
    answers("secret-encoding", "no", &secret("data: {a: aHVudGVyMgo=}\n"));
    answers("secret-encoding", "yes", &secret("data: {ca.crt: aHVudGVyMgo=}\n"));
    answers("secret-encoding", "yes", &secret("data: {a: Cg==}\n"));
    // a Fernet key is base64 itself, so this may be meant
    answers("secret-encoding", "cannot-be-told", &secret("data: {a: YUhWdWRHVnlNbWgxYm5SbGNqST0=}\n"));
    answers("secret-encoding", "cannot-be-told", NOTHING);
}

#[test]
fn keys_that_sign_tokens() {
    answers("jwt-keys", "yes", &secret("stringData: {jwt-secret: abcdefgh}\n"));
    answers("jwt-keys", "no", &secret("stringData: {jwt-secret: \"\"}\n"));
    answers("jwt-keys", "no", &env("JWT_SECRET", "hunter2"));
    let reference =
        pod("        env: [{name: JWT_SECRET, valueFrom: {secretKeyRef: {name: s, key: jwt-secret}}}]\n");
    answers("jwt-keys", "cannot-be-told", &reference);
    answers(
        "jwt-keys",
        "yes",
        &format!("{reference}---\n{}", secret("stringData: {jwt-secret: abcdefgh}\n")),
    );
    answers("jwt-keys", "no", &format!("{reference}---\n{}", secret("stringData: {other: abcdefgh}\n")));
    answers("jwt-keys", "cannot-be-told", &pod(""));
}

#[test]
fn debugging() {
    for (name, value) in [
        ("DEBUG", "true"),
        ("APP_DEBUG", "1"),
        ("DEBUG_MODE", "yes"),
        ("NODE_ENV", "development"),
        ("DEBUG", "express:*"),
        ("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket"),
    ] {
        answers("debug-off", "no", &env(name, value));
    }
    for (name, value) in [("DEBUG", "false"), ("APP_DEBUG", "0"), ("DEBUG", ""), ("NODE_ENV", "production")] {
        answers("debug-off", "yes", &env(name, value));
    }
    answers("debug-off", "no", &pod("        args: [--debug]\n"));
    answers("debug-off", "no", &pod("        args: [--inspect=0.0.0.0]\n"));
    answers("debug-off", "no", &config("  app.yaml: |\n    server: {debug: true}\n"));
    answers("debug-off", "yes", &config("  app.properties: |\n    server.debug=false\n"));
    answers("debug-off", "cannot-be-told", &env("PORT", "80"));
}

#[test]
fn log_levels() {
    for (name, value) in [("LOG_LEVEL", "debug"), ("APP_LOG_LEVEL", "TRACE"), ("logLevel", "verbose")] {
        answers("log-level", "no", &env(name, value));
        answers("log-level", "no", &config(&format!("  {name}: {value}\n")));
    }
    for value in ["info", "WARN", "error"] {
        answers("log-level", "yes", &env("LOG_LEVEL", value));
    }
    for args in ["--log-level=debug", "--log.level, debug", "-v=6", "--v=4"] {
        answers("log-level", "no", &pod(&format!("        args: [{args}]\n")));
    }
    answers("log-level", "yes", &pod("        args: [--log-level, info, -v=2]\n"));
    answers("log-level", "no", &config("  app.toml: |\n    [logging]\n    log_level = \"debug\"\n"));
    answers("log-level", "cannot-be-told", &env("LOG_LEVEL", "$(LEVEL)"));
}

#[test]
fn samples() {
    for value in ["changeme", "your-api-key", "<api key>", "xxxx", "TODO", "a <no value> b"] {
        answers("no-placeholders", "no", &env("A", value));
        answers("no-placeholders", "no", &secret(&format!("stringData: {{a: \"{value}\"}}\n")));
    }
    answers("no-placeholders", "no", &secret("data: {password: cGFzc3dvcmQ=}\n"));
    answers("no-placeholders", "no", &config("  NO_PROXY: \"localhost,%!s(MISSING)\"\n"));
    answers("no-placeholders", "yes", &config("  template: <<.Resource>>\n"));
    answers("no-placeholders", "yes", &env("USER", "admin"));
    answers("no-placeholders", "yes", &env("MODE", "secret"));
    answers("no-placeholders", "no", &ingress("shop.example.com", ""));
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

fn ingress(host: &str, tls: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i}}\nspec: {{rules: [{{host: {host}}}]{tls}}}\n"
    )
}

#[test]
fn networks() {
    let policy = |spec: &str| {
        format!(
            "{}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {spec}\n",
            pod("")
        )
    };
    answers("network-policies", "yes", &policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"));
    answers("network-policies", "yes", &policy("{podSelector: {matchLabels: {app: web}}, egress: []}"));
    answers("network-policies", "no", &policy("{podSelector: {}, ingress: []}"));
    answers(
        "network-policies",
        "no",
        &policy("{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress]}"),
    );
    answers(
        "network-policies",
        "no",
        &policy("{podSelector: {}, policyTypes: [Ingress, Egress]}")
            .replace("name: p}", "name: p, namespace: other}"),
    );
    answers("network-policies", "no", &pod(""));
    answers(
        "network-policies",
        "not-yet-checked",
        &format!(
            "{}---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{name: p}}\n",
            pod("")
        ),
    );
    answers("tls-on-ingress", "no", &ingress("shop.acme.io", ""));
    answers("tls-on-ingress", "no", &ingress("shop.acme.io", ", tls: [{hosts: [api.acme.io]}]"));
    for hosts in ["shop.acme.io", "'*.acme.io'"] {
        answers("tls-on-ingress", "yes", &ingress("shop.acme.io", &format!(", tls: [{{hosts: [{hosts}]}}]")));
    }
    answers("tls-on-ingress", "cannot-be-told", &pod(""));
    let gateway = |protocol: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: g}}\nspec: {{listeners: [{{name: a, port: 80, protocol: {protocol}}}]}}\n"
        )
    };
    answers("tls-on-ingress", "no", &gateway("HTTP"));
    answers("tls-on-ingress", "yes", &gateway("HTTPS"));
}

#[test]
fn accounts_and_rights() {
    let own = pod("").replace("      containers:", "      serviceAccountName: web\n      containers:");
    answers("service-accounts", "yes", &own);
    answers("service-accounts", "no", &pod(""));
    let role = |rule: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: r}}\nrules: [{rule}]\n"
        )
    };
    answers("rbac", "no", &role("{apiGroups: [''], resources: ['*'], verbs: [get]}"));
    answers("rbac", "not-yet-checked", &role("{apiGroups: [''], resources: [pods], verbs: [get]}"));
    answers(
        "rbac",
        "no",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}\n",
    );
    answers("rbac", "yes", &own);
    let bound = format!(
        "{}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}}\n",
        role("{apiGroups: [''], resources: [pods], verbs: [get]}")
    );
    let why = item(&bound, "rbac")["why"].to_string();
    assert!(why.contains("in 1 roles and 1 bindings"), "{why}");
}

#[test]
fn operations() {
    let with = |object: &str| format!("{}---\n{object}", pod(""));
    answers("service-monitors", "no", &pod(""));
    answers(
        "service-monitors",
        "yes",
        &with("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m}\n"),
    );
    answers(
        "service-monitors",
        "yes",
        &pod("").replace(
            "labels: {app: web}}",
            "labels: {app: web}, annotations: {prometheus.io/scrape: 'true'}}",
        ),
    );
    answers(
        "alert-rules",
        "no",
        &with(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: m}\nspec: {groups: [{name: g, rules: [{record: r, expr: x}]}]}\n",
        ),
    );
    answers(
        "alert-rules",
        "yes",
        &with(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: m}\nspec: {groups: [{name: g, rules: [{alert: r, expr: x}]}]}\n",
        ),
    );
    answers("backups", "cannot-be-told", &pod(""));
    let claim = with("apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n");
    answers("backups", "no", &claim);
    answers(
        "backups",
        "yes",
        &format!("{claim}---\napiVersion: velero.io/v1\nkind: Schedule\nmetadata: {{name: s}}\n"),
    );
    answers(
        "backups",
        "yes",
        &format!("{claim}---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: db-backup}}\n"),
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
