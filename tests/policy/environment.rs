//! Which environment is in force, who decided, and what the report says of it.

use serde_json::Value;

use crate::folder::{Folder, GOOD};

const OWN: &str = "\
extends: staging
environments:
  qa: {extends: staging, gate: {severity: high}}
  edge: {extends: production, kubeVersion: '1.34'}
  production: {rules: {image-tag-mutable: {severity: critical}}}";

fn with_label(environment: &str) -> String {
    format!(
        "{GOOD}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    \
         hardtack.dev/environment: {environment}\n"
    )
}

/// Environment, what chose it, and what chose the policy.
fn decided(folder: &Folder, words: &str, input: &str) -> [Option<String>; 3] {
    let ran = folder.run(&format!("--gate never --report json=report.json {words}"), input).ended(0);
    assert!(!ran.stdout.is_empty());
    let report: Value = serde_json::from_str(&folder.read("report.json")).expect("JSON");
    let text = |pointer: &str| report.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    [text("/environment"), text("/policy/environment_chosen_by"), text("/policy/chosen_by")]
}

#[test]
fn flag_variable_file_and_label_in_that_order() {
    let file = Some("hardtack.yaml (found upwards from the working folder)".to_owned());
    let some = |text: &str| Some(text.to_owned());
    let folder = Folder::new().with_policy(OWN).with_variable("HARDTACK_ENVIRONMENT", "qa");
    let production = with_label("production");
    assert_eq!(decided(&folder, "-e edge", &production), [some("edge"), some("-e"), file.clone()]);
    let by = "label hardtack.dev/environment of Namespace/shop";
    assert_eq!(decided(&folder, "", &production), [some("production"), some(by), file.clone()], "stricter");
    let development = with_label("development");
    let by = "HARDTACK_ENVIRONMENT";
    assert_eq!(decided(&folder, "", &development), [some("qa"), some(by), file.clone()], "not milder");
    let folder = Folder::new().with_policy(OWN);
    assert_eq!(decided(&folder, "", &development), [some("staging"), some("hardtack.yaml:6"), file]);
}

#[test]
fn a_label_turns_an_environment_on_where_nothing_was_configured() {
    let folder = Folder::new();
    folder.run("", GOOD).ended(0).says("no policy: nothing is refused");
    let host = with_label("production").replace("    spec:\n", "    spec:\n      hostPID: true\n");
    let ran = folder.run("", &host).ended(1);
    assert_eq!(ran.stdout, "");
    ran.says("policy: environment production from label hardtack.dev/environment of Namespace/shop");
    folder.run("", &host.replace("environment: production", "environment: development")).ended(0);
}

#[test]
fn a_milder_label_is_ignored_aloud_and_an_unknown_one_refused() {
    let folder = Folder::new();
    let note =
        "note: label hardtack.dev/environment of Namespace/shop asks for development; production from -e";
    folder.run("-e production", &with_label("development")).ended(0).says(note);
    let ran = folder.run("", &with_label("prodution")).ended(2);
    assert_eq!(ran.stdout, "");
    ran.says("unknown environment \"prodution\"").says("did you mean \"production\"?");
}

#[test]
fn check_judges_by_no_milder_gate_because_of_a_label() {
    let host = with_label("development").replace("    spec:\n", "    spec:\n      hostPID: true\n");
    Folder::new().run("check", &host).ended(1).says("refused host-pid");
}

#[test]
fn a_function_learns_who_decided() {
    let items = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: v1\n  kind: \
                 ConfigMap\n  data: {environment: staging}\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: \
                 {name: a}\n";
    Folder::new().run("", items).ended(0).says("policy staging from functionConfig");
    let folder = Folder::new().with_variable("HARDTACK_ENVIRONMENT", "production");
    folder.run("", items).ended(0).says("policy production from HARDTACK_ENVIRONMENT");
}

#[test]
fn an_environment_of_the_teams_own_lays_its_words_over_the_file() {
    let folder = Folder::new().with_policy(OWN);
    let production = folder.run("policy show -e production", "").ended(0).stdout;
    assert!(production.contains("image-tag-mutable:\n      severity: critical"), "{production}");
    let qa = folder.run("policy show -e qa", "").ended(0).stdout;
    assert!(qa.contains("severitiesOf: staging") && qa.contains("severity: high"), "{qa}");
    assert!(!qa.contains("image-tag-mutable"), "{qa}");
    let error = folder.run("-e edg", GOOD).ended(2);
    error.says("did you mean \"edge\"? one of edge, qa, development, staging, production");
}

#[test]
fn what_an_environment_may_not_extend_is_refused_with_its_line() {
    for (environments, words) in [
        ("qa: {gate: {severity: high}}", "hardtack.yaml:7:5: environment qa has to extend one other"),
        ("qa: {extends: stging}", "unknown environment \"stging\" in hardtack.yaml:7:10"),
        ("qa: {extends: qa}", "hardtack.yaml:7:10: environment qa extends itself"),
        ("staging: {extends: production}", "hardtack.yaml:7:15: staging is built in and extends nothing"),
        (
            "qa: {extends: staging, environments: {}, rulez: {}}",
            "unknown key \"rulez\" in hardtack.yaml:7:46",
        ),
    ] {
        let folder = Folder::new().with_policy(&format!("environments:\n  {environments}"));
        let name = if environments.starts_with("qa") { "qa" } else { "staging" };
        let ran = folder.run(&format!("-e {name}"), GOOD).ended(2);
        assert_eq!(ran.stdout, "");
        ran.says(words);
    }
}
