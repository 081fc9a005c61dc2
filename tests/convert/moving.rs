//! Credentials move out of variables and ConfigMaps, and everything that reads them follows.

use hardtack::convert::convert;
use hardtack::edit::Changes;
use hardtack::finding::{Finding, Severity, Status};
use hardtack::harden::Hardened;
use hardtack::k8s::{Release, Scope};
use hardtack::plan::Plan;
use hardtack::policy::secrets::{Form, Moving, Sealed, Target};
use hardtack::policy::{Date, FixMode, Policy, RuleTerms};
use hardtack::secrets::sealed::{Certificate, Scope as SealedScope};
use hardtack::validate::Verdict;
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::yaml::{Route, Step};

use crate::CANARY;
use crate::run::CERTIFICATE;

fn policy() -> Policy {
    let mut policy = Policy::unconfigured(Date::from_epoch_seconds(1_795_737_600));
    policy.fix = FixMode::Consented;
    for rule in ["secret-in-env", "secret-in-config-map", "credentials-in-url"] {
        policy.rules.insert(rule.to_owned(), RuleTerms { fix: Some(true), ..RuleTerms::default() });
    }
    policy
}

fn sealed(mut policy: Policy) -> Policy {
    let pem = std::fs::read(CERTIFICATE).expect("the certificate");
    policy.secrets.to = Form::Sealed;
    policy.secrets.run.target = Target::Git;
    policy.secrets.sealed = Some(Sealed {
        certificate: Certificate::from_pem(&pem).expect("a certificate"),
        place: "here".to_owned(),
        scope: Some(SealedScope::ClusterWide),
    });
    policy
}

/// Keys and numbers, apart by blanks.
fn route(words: &str) -> Route {
    let step = |word: &str| match word.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(word.to_owned().into()),
    };
    words.split(' ').map(step).collect()
}

/// The output and the findings, after each finding (rule, object, route) has had its fix.
fn moved(text: &str, policy: &Policy, found: &[(&'static str, usize, &str)]) -> (String, Vec<Finding>) {
    let stream = parse(text.to_owned(), ParseOptions::default()).expect("a stream");
    let release = Release::gather(&stream, Scope::default());
    let mut plan = Plan::default();
    for (rule, object, words) in found {
        plan.findings.push(Finding {
            rule: (*rule).into(),
            severity: Severity::High,
            status: Status::Open,
            object: *object,
            container: None,
            route: route(words),
            line: 1,
            message: String::new(),
            help: String::new(),
            edits: Vec::new(),
            additions: Vec::new(),
            done: None,
            reason: None,
        });
    }
    let mut changes = Changes::default();
    convert(&stream, &release, &mut plan, &mut changes, policy).unwrap_or_else(|error| panic!("{error}"));
    let hardened = Hardened { stream: &stream, release, plan, changes, verdict: Verdict::default() };
    let out = hardened.to_text();
    (out, hardened.plan.findings)
}

fn web(env: &str) -> String {
    format!(
        "# Source: shop/templates/web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  labels: {{app: web}}\n\
         spec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: a\n        env:\n{env}"
    )
}

const ENV: &str = "spec template spec containers 0 env";

#[test]
fn a_variable_becomes_a_reference_in_its_place() {
    let text = web(&format!(
        "        - {{name: HOST, value: db}} # {CANARY}\n        - name: PASSWORD\n          value: {CANARY}\n        \
         - {{name: URL, value: 'postgres://shop:$(PASSWORD)@$(HOST)/shop'}}\n"
    ));
    let (out, findings) = moved(&text, &policy(), &[("secret-in-env", 0, &format!("{ENV} 1 value"))]);
    assert_eq!(findings[0].status, Status::Fixed, "{}", findings[0].help);
    assert_eq!(findings[0].done.as_deref(), Some("moves to Secret/web-env, key PASSWORD"));
    assert!(
        out.contains(
            "        - {name: HOST, value: db}\n        - name: PASSWORD\n          valueFrom:\n            secretKeyRef:\n              \
             name: web-env\n              key: PASSWORD\n        - {name: URL,"
        ),
        "order and chains stay, comments go: {out}"
    );
    assert!(
        out.starts_with(
            "---\n# Source: shop/templates/hardtack-web-env.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: web-env\n  namespace: shop\n  \
             labels:\n    app: web\ntype: Opaque\ndata:\n  PASSWORD: Y2FuYXJ5LVhrMnA5LTdmM2E5Yw==\n---\n# Source: shop"
        ),
        "{out}"
    );
    let (out, _) = moved(&text, &sealed(policy()), &[("secret-in-env", 0, &format!("{ENV} 1 value"))]);
    assert!(
        out.contains("kind: SealedSecret\nmetadata:\n  name: web-env\n") && !out.contains(CANARY),
        "{out}"
    );
    assert!(out.contains("hardtack.dev/secrets-digest: "), "{out}");
}

#[test]
fn dollars_are_what_the_container_saw() {
    let text = web("        - {name: A, value: 'a$$b'}\n        - {name: B, value: 'x$(A)'}\n");
    let found = [
        ("secret-in-env", 0, "spec template spec containers 0 env 0 value"),
        ("secret-in-env", 0, "spec template spec containers 0 env 1"),
    ];
    let (out, findings) = moved(&text, &policy(), &found);
    assert!(out.contains("  A: YSRi\n"), "a$b: {out}");
    assert_eq!(findings[1].status, Status::Open);
    assert_eq!(findings[1].help, "not moved: it is built from other variables by $(…)");
}

#[test]
fn a_secret_of_that_name_takes_it_in() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: web-env, namespace: shop}\nstringData:\n  OTHER: b\n  TAKEN: c\n";
    let text = format!(
        "{}{secret}",
        web(&format!("        - {{name: PASSWORD, value: {CANARY}}}\n        - {{name: TAKEN, value: d}}\n"))
    );
    let one = [
        ("secret-in-env", 0, "spec template spec containers 0 env 0 value"),
        ("secret-in-env", 0, "spec template spec containers 0 env 1 value"),
    ];
    let (out, findings) = moved(&text, &policy(), &one);
    assert!(out.contains("data:\n  PASSWORD: Y2FuYXJ5LVhrMnA5LTdmM2E5Yw==\n"), "{out}");
    assert_eq!(out.matches("kind: Secret\n").count(), 1, "{out}");
    assert_eq!(
        findings[1].done.as_deref(),
        Some("moves to Secret/web-env, key web.TAKEN"),
        "another value of that name stays: {out}"
    );
    let frozen = text.replace("stringData", "immutable: true\nstringData");
    let (_, findings) = moved(&frozen, &policy(), &one);
    assert_eq!(findings[0].help, "not moved: Secret/web-env takes nothing more: it is immutable");
}

#[test]
fn what_cannot_move_says_why() {
    let first = format!("{ENV} 0 value");
    for (text, why) in [
        (web("        - {name: A, value: b}\n        - {name: A, value: c}\n"), "A comes more than once"),
        (
            web("        - {name: A, value: b}\n")
                .replace("labels: {app: web}", "annotations: {helm.sh/hook: pre-install}"),
            "hooks run before the Secret is there",
        ),
        (
            web("        - {name: A, value: b}\n")
                .replace("apps/v1", "batch/v1")
                .replace("Deployment", "Job"),
            "the template of an existing object cannot change",
        ),
        (
            web("        - {name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}\n"),
            "it is no variable with a literal value",
        ),
        (
            web("        - {name: A, value: b}\n")
                .replace("name: web\n  name", &format!("name: {}\n  name", "w".repeat(250))),
            "its workload has no name that a Secret could take",
        ),
    ] {
        let (out, findings) = moved(&text, &policy(), &[("secret-in-env", 0, &first)]);
        assert_eq!(findings[0].help, format!("not moved: {why}"));
        assert_eq!(out, text);
    }
    let mut quiet = policy();
    quiet.rules.clear();
    let text = web("        - {name: A, value: b}\n");
    assert_eq!(
        moved(&text, &quiet, &[("secret-in-env", 0, &first)]).0,
        text,
        "nothing moves without consent"
    );
}

#[test]
fn files_in_the_place_of_variables() {
    let mut policy = policy();
    policy.secrets.moving = Moving { as_files: Some("/etc/secrets".to_owned()) };
    let text = web(&format!("        - {{name: PASSWORD, value: {CANARY}}}\n"));
    let found = [("secret-in-env", 0, "spec template spec containers 0 env 0 value")];
    let (out, findings) = moved(&text, &policy, &found);
    assert_eq!(findings[0].status, Status::Fixed, "{}", findings[0].help);
    assert!(out.contains("{name: PASSWORD_FILE, value: /etc/secrets/PASSWORD}"), "{out}");
    assert!(out.contains("mountPath: /etc/secrets\n") && out.contains("secretName: web-env\n"), "{out}");
    let used = text.replace("image: a\n", "image: a\n        args: [--password, $(PASSWORD)]\n");
    let (_, findings) = moved(&used, &policy, &found);
    assert_eq!(
        findings[0].help,
        "not moved: $(PASSWORD) is used in the container, and a file cannot stand there"
    );
}

#[test]
fn a_key_of_a_config_map_moves_with_all_who_read_it() {
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: shop}}\ndata: # {CANARY}\n  host: db\n  token: {CANARY}\n---\n{}\
         \x20       - {{name: T, valueFrom: {{configMapKeyRef: {{name: c, key: token, optional: true}}}}}}\n        \
         - {{name: H, valueFrom: {{configMapKeyRef: {{name: c, key: host}}}}}}\n        envFrom:\n        - {{prefix: P_, configMapRef: {{name: c}}}}\n        \
         - {{secretRef: {{name: last}}}}\n      volumes:\n      - {{name: v, configMap: {{name: c}}}}\n",
        web("")
    );
    let (out, findings) = moved(&text, &policy(), &[("secret-in-config-map", 0, "data token")]);
    assert_eq!(findings[0].status, Status::Fixed, "{}", findings[0].help);
    assert_eq!(
        findings[0].done.as_deref(),
        Some("moves to Secret/c-secrets, key token; Deployment/web follows")
    );
    for part in [
        "data:\n  host: db\n---\n",
        "secretKeyRef: {name: c-secrets, key: token, optional: true}",
        "{name: H, valueFrom: {configMapKeyRef: {name: c, key: host}}}",
        "kind: Secret\nmetadata:\n  name: c-secrets\n  namespace: shop\n",
    ] {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    assert!(!out.contains(CANARY), "{out}");
    let stream = parse(out.clone(), ParseOptions::default()).expect("a stream");
    let release = Release::gather(&stream, Scope::default());
    let web = release.workloads.first().expect("the Deployment");
    let data = web.spec.to_data();
    assert_eq!(
        data["containers"][0]["envFrom"],
        serde_json::json!([{"prefix": "P_", "configMapRef": {"name": "c"}}, {"prefix": "P_", "secretRef": {"name": "c-secrets"}}, {"secretRef": {"name": "last"}}]),
        "right behind: {out}"
    );
    assert_eq!(
        data["volumes"][0],
        serde_json::json!({"name": "v", "projected": {"sources": [{"configMap": {"name": "c"}}, {"secret": {"name": "c-secrets", "items": [{"key": "token", "path": "token"}]}}]}})
    );
}

#[test]
fn a_file_with_a_credential_in_it_is_left_to_people() {
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  app.ini: |\n    host=db\n    password={CANARY}\n"
    );
    let (out, findings) = moved(&text, &policy(), &[("secret-in-config-map", 0, "data app.ini")]);
    assert_eq!(out, text);
    assert!(findings[0].help.contains("a file of which the credential is a part"), "{}", findings[0].help);
    let job = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{token: {CANARY}}}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: j}}\nspec: {{template: {{spec: {{containers: [{{name: a, image: a, envFrom: [{{configMapRef: {{name: c}}}}]}}]}}}}}}\n"
    );
    let (out, findings) = moved(&job, &policy(), &[("secret-in-config-map", 0, "data token")]);
    assert_eq!(
        (out, findings[0].help.as_str()),
        (job, "not moved: Job/j reads it, and its template is not edited")
    );
}
