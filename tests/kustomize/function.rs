//! The KRM function itself, fed with what kustomize really writes.

use std::fs;

use libtest_mimic::Trial;
use yaml_rust2::Yaml;

use crate::support::objects::{at, read};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    let needs = &["kustomize"];
    vec![
        trial("c08_21_tracking_annotations_are_echoed", needs, c08_21_tracking_annotations_are_echoed),
        trial("c08_21_new_objects_carry_none", needs, c08_21_new_objects_carry_none),
        trial("c08_21_local_config_is_untouched", &[], c08_21_local_config_is_untouched),
        trial("c08_22_results_even_when_failing", needs, c08_22_results_even_when_failing),
        trial("c08_23_config_map_and_policy_are_equal", needs, c08_23_config_map_and_policy_are_equal),
        trial("c08_23_unknown_keys_are_errors", &[], c08_23_unknown_keys_are_errors),
        trial("c08_24_items_stay_unless_validating", needs, c08_24_items_stay_unless_validating),
        trial("both_versions_of_the_list", &[], both_versions_of_the_list),
    ]
}

/// What kustomize hands to a function with this configuration, over the base of the repository's overlays.
fn list(sandbox: &Sandbox, config: &str) -> String {
    let file = sandbox.path("home/stdin.yaml");
    sandbox.script("keep", &format!("exec tee {}", file.display()));
    let function =
        "metadata:\n  name: harden\n  annotations: {config.kubernetes.io/function: 'exec: {path: keep}'}\n";
    sandbox.write("harden.yaml", &format!("{function}{config}"));
    fs::create_dir_all(sandbox.path("work/base")).unwrap();
    for name in ["kustomization.yaml", "agent.yaml", "worker.yaml"] {
        fs::copy(root().join("overlays/base").join(name), sandbox.path("work/base").join(name)).unwrap();
    }
    sandbox
        .write("kustomization.yaml", "resources: [base]\nnamespace: bytebot\ntransformers: [harden.yaml]\n");
    let call = sandbox.call("kustomize").args(["build", "--enable-alpha-plugins", "--enable-exec", "."]);
    call.run().succeeded();
    fs::read_to_string(&file).unwrap()
}

const PRODUCTION: &str = "apiVersion: v1\nkind: ConfigMap\ndata: {environment: production, gate: never}\n";

fn items(list: &str) -> Vec<Yaml> {
    let list = read(list).remove(0);
    assert_eq!(list["kind"].as_str(), Some("ResourceList"));
    list["items"].as_vec().expect("items").clone()
}

/// The annotations by which kustomize and kpt know an object again.
fn tracking(item: &Yaml) -> Vec<(String, Yaml)> {
    let Some(annotations) = at(item, "metadata.annotations").as_hash() else { return Vec::new() };
    let ours = |key: &str| key.contains("config.kubernetes.io/") || key.contains("config.k8s.io/");
    let pairs = annotations.iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), value.clone()));
    let mut pairs: Vec<_> = pairs.filter(|(key, _)| ours(key)).collect();
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs
}

fn c08_21_tracking_annotations_are_echoed() {
    let sandbox = Sandbox::new();
    let input = list(&sandbox, PRODUCTION);
    let ran = sandbox.hardtack(&[], &input);
    let (before, after) = (items(&input), items(&ran.succeeded().stdout));
    assert_eq!(before.len(), after.len());
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(tracking(one), tracking(other));
        assert!(tracking(one).len() >= 4, "{one:?}");
    }
    assert!(before != after, "something was hardened");
    let aliases = ran.stdout.lines().filter(|line| line.contains(": *") || line.trim().starts_with("- *"));
    assert_eq!(aliases.count(), 0, "kustomize takes no alias");
}

const ADDING: &str = "apiVersion: hardtack.dev/v1
kind: Policy
spec:
  extends: staging
  gate: {severity: never, podSecurity: privileged}
  rules: {pdb-missing: {fix: true}}
";

fn c08_21_new_objects_carry_none() {
    let sandbox = Sandbox::new();
    let input = list(&sandbox, ADDING).replace(
        "  spec:\n    selector:\n      matchLabels:",
        "  spec:\n    replicas: 3\n    selector:\n      matchLabels:",
    );
    let ran = sandbox.hardtack(&[], &input);
    let after = items(&ran.succeeded().stdout);
    let added: Vec<_> =
        after.iter().filter(|item| item["kind"].as_str() == Some("PodDisruptionBudget")).collect();
    assert_eq!(added.len(), 1, "the policy asks for one:\n{}", ran.stderr);
    assert_eq!(tracking(added[0]), []);
    assert_eq!(after.len(), items(&input).len() + 1);
}

fn c08_21_local_config_is_untouched() {
    let pod = |name: &str, annotations: &str| {
        format!(
            "- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {{name: {name}, annotations: {{{annotations}}}}}\n  spec:\n    \
             selector: {{matchLabels: {{app: a}}}}\n    template:\n      metadata: {{labels: {{app: a}}}}\n      spec:\n        \
             containers:\n        - {{name: c, image: 'ghcr.io/acme/a:1.0.0'}}\n"
        )
    };
    let local = pod("local", "config.kubernetes.io/local-config: \"true\"");
    let kptfile = "- apiVersion: kpt.dev/v1\n  kind: Kptfile\n  metadata: {name: pkg}\n  pipeline: {mutators: [{exec: hardtack}]}\n";
    let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";
    let input = format!("{head}{kptfile}{local}{}", pod("plain", ""));
    let ran = Sandbox::new().hardtack(&[], &input);
    let (before, after) = (items(&input), items(&ran.succeeded().stdout));
    assert_eq!(before[..2], after[..2]);
    assert_ne!(before[2], after[2], "the plain one is hardened");
}

fn c08_22_results_even_when_failing() {
    let sandbox = Sandbox::new();
    let input = list(&sandbox, "apiVersion: v1\nkind: ConfigMap\ndata: {environment: production}\n");
    let privileged =
        input.replacen("\n        containers:\n", "\n        hostNetwork: true\n        containers:\n", 1);
    assert!(privileged != input, "the pod asks for the host network");
    for (input, refused) in [(&input, false), (&privileged, true)] {
        let ran = sandbox.hardtack(&[], input);
        let list = read(&ran.stdout).remove(0);
        assert_eq!(list["kind"].as_str(), Some("ResourceList"));
        let results = list["results"].as_vec().expect("results").clone();
        let errors: Vec<_> = results.iter().filter(|result| severity(result) == "error").collect();
        assert_eq!(ran.code != 0, !errors.is_empty(), "exit {} with {results:?}", ran.code);
        assert_eq!(ran.code, i32::from(refused), "{}", ran.stderr);
        assert!(!results.is_empty() && results.iter().all(|result| result["message"].as_str().is_some()));
        for error in errors {
            let name = at(error, "resourceRef.name").as_str().unwrap();
            let message = error["message"].as_str().unwrap().lines().next().unwrap();
            let told =
                ran.stderr.lines().filter(|line| line.contains(name) && line.contains(message)).count();
            assert_eq!(told, 1, "{message:?} once on stderr:\n{}", ran.stderr);
        }
    }
    let bad = sandbox.hardtack(&[], &input.replace("environment: production", "environment: prodution"));
    assert_eq!(bad.code, 2, "{}", bad.stderr);
    assert_eq!(severity(&read(&bad.stdout).remove(0)["results"][0]), "error");
    bad.says("prodution");
}

/// The specification's default is `error`.
fn severity(result: &Yaml) -> &str {
    result["severity"].as_str().unwrap_or("error")
}

fn c08_23_config_map_and_policy_are_equal() {
    let sandbox = Sandbox::new();
    let spec = "spec: {extends: production, gate: {severity: never, podSecurity: privileged}, securityContext: {runAsUser: 1000}}";
    let policy = format!("apiVersion: hardtack.dev/v1\nkind: Policy\n{spec}\n");
    let short = "apiVersion: v1\nkind: ConfigMap\ndata:\n  policy: |\n    apiVersion: hardtack.dev/v1\n    kind: Policy\n    \
                 metadata: {name: p}\n    spec: {extends: production, securityContext: {runAsUser: 1000}}\n  gate: never\n";
    let whole = sandbox.hardtack(&[], &list(&sandbox, &policy));
    let text = sandbox.hardtack(&[], &list(&sandbox, short));
    assert!(items(&whole.succeeded().stdout) == items(&text.succeeded().stdout), "equal effect");
    assert!(whole.stdout.contains("runAsUser: 1000"), "the policy counts:\n{}", whole.stdout);

    let named = sandbox.hardtack(&[], &list(&sandbox, PRODUCTION));
    let extended = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {extends: production, gate: {severity: never, podSecurity: privileged}}\n";
    let extended = sandbox.hardtack(&[], &list(&sandbox, extended));
    assert!(items(&named.succeeded().stdout) == items(&extended.succeeded().stdout), "equal effect");
}

fn with_config(config: &str) -> String {
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {config}\nitems: []\n")
}

fn c08_23_unknown_keys_are_errors() {
    let sandbox = Sandbox::new();
    for (config, word, help) in [
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: h}, data: {enviroment: production}}",
            "enviroment",
            "did you mean",
        ),
        (
            "{apiVersion: hardtack.dev/v1, kind: Policy, metadata: {name: h}, spec: {extend: production}}",
            "extend",
            "did you mean",
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: h}, data: {mode: validat}}",
            "validat",
            "transform, validate",
        ),
    ] {
        let ran = sandbox.hardtack(&[], &with_config(config));
        assert_eq!(ran.code, 2, "{config}: {}", ran.stderr);
        ran.says(word).says(help);
    }
}

fn c08_24_items_stay_unless_validating() {
    let sandbox = Sandbox::new();
    let input = list(&sandbox, PRODUCTION);
    let validating = input.replace("gate: never", "gate: never\n    mode: validate");
    assert!(input != validating, "the mode is set");
    assert_eq!(items(&sandbox.hardtack(&[], &validating).succeeded().stdout).len(), 0);
    for args in [&[][..], &["harden", "-"], &["harden"]] {
        assert_eq!(items(&sandbox.hardtack(args, &input).succeeded().stdout).len(), items(&input).len());
    }
}

fn both_versions_of_the_list() {
    let sandbox = Sandbox::new();
    for version in ["v1", "v1beta1"] {
        let input = format!("apiVersion: config.kubernetes.io/{version}\nkind: ResourceList\nitems: []\n");
        let list = read(&sandbox.hardtack(&[], &input).succeeded().stdout).remove(0);
        assert_eq!(list["apiVersion"].as_str(), Some(format!("config.kubernetes.io/{version}").as_str()));
    }
}
