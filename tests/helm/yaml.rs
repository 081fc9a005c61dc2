//! YAML as real charts and real Helms write it, and as they read it back.

use libtest_mimic::Trial;

use crate::support::objects::{at, lines, names, object, read};
use crate::support::programs::trial;
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("c08_09_ambiguous_strings_are_quoted", &["helm3"], c08_09_ambiguous_strings_are_quoted),
        trial("c08_09_untouched_scalars_keep_their_text", &[], c08_09_untouched_scalars_keep_their_text),
        trial("c08_10_alias_across_list_items", &["helm4"], c08_10_alias_across_list_items),
        trial("c08_10_alias_without_helm4_is_refused", &[], c08_10_alias_without_helm4_is_refused),
        trial("c08_11_odd_yaml_is_accepted", &[], c08_11_odd_yaml_is_accepted),
        trial(
            "c08_11_last_duplicate_key_wins_with_a_warning",
            &[],
            c08_11_last_duplicate_key_wins_with_a_warning,
        ),
        trial(
            "c08_12_everyone_reads_it_again",
            &["helm3", "helm4", "kustomize", "kubectl"],
            c08_12_everyone_reads_it_again,
        ),
    ]
}

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: ghcr.io/acme/web:1.0.0
";

const AMBIGUOUS: &str = "apiVersion: hardtack.dev/v1
kind: Policy
metadata: {name: t}
spec:
  extends: staging
  rules: {memory-limit-missing: {fix: true}, cpu-limit-missing: {fix: true}}
  resources: {requests: {cpu: \"1\", memory: \"1e9\"}, limits: {cpu: \"2\", memory: \"2e9\"}}
";

fn c08_09_ambiguous_strings_are_quoted() {
    let sandbox = Sandbox::new();
    sandbox.write("hardtack.yaml", AMBIGUOUS);
    let chart = sandbox.chart("web", &[("web.yaml", WEB)]);
    let call = sandbox.call("helm3").args(["template", "shop"]).arg(&chart);
    let arguments = ["--post-renderer-args", "-p", "--post-renderer-args", "hardtack.yaml"];
    let ran = call.args(["--post-renderer", "hardtack"]).args(arguments).run();
    let web = object(&ran.succeeded().stdout, "Deployment", "web");
    let resources = at(&web, "spec.template.spec.containers.0.resources");
    assert_eq!(at(resources, "requests.cpu").as_str(), Some("1"), "a string, as the policy says");
    assert_eq!(at(resources, "requests.memory").as_str(), Some("1e9"));
    assert_eq!(at(resources, "limits.memory").as_str(), Some("2e9"));
}

fn c08_09_untouched_scalars_keep_their_text() {
    let sandbox = Sandbox::new();
    let annotations = "  annotations:
    a: \"yes\"
    b: 'No'
    c: \"0755\"
    d: '0o17'
    e: \"1_000\"
    f: '1e3'
    g: \"12345678901234567890\"
    'y': '12:30:00'
    \"012\": \"~\"
    on: 2024-01-01
    h: 0x1F
";
    let input = WEB.replace("  name: web\nspec:", &format!("  name: web\n{annotations}spec:"));
    let ran = sandbox.hardtack(&[], &input);
    assert!(ran.succeeded().stdout.contains(annotations), "{}", ran.stdout);
    assert!(ran.stdout.contains("allowPrivilegeEscalation: false"), "{}", ran.stdout);
}

const SHARED: &str = "apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
    labels: &shared
      team: shop
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: b
    labels: *shared
";

fn c08_10_alias_across_list_items() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let chart = sandbox.chart("list", &[("list.yaml", SHARED), ("web.yaml", WEB)]);
    let stream = sandbox.helm4_stream(&chart);
    assert!(stream.contains("*shared"), "Helm 4 leaves the alias without its anchor:\n{stream}");

    sandbox.hardtack(&["post-render", "--caller=helm4"], &stream).succeeded().says("was replaced by a copy");

    let call = || sandbox.call("helm4").args(["template", "shop"]).arg(&chart);
    let as_it_comes = call().args(["--post-renderer", "keep"]).run();
    as_it_comes.failed_with(1).says("unknown anchor 'shared'");
    let ran = call().args(["--post-renderer", "hardtack"]).run();
    for name in ["a", "b"] {
        let labels = object(&ran.succeeded().stdout, "ConfigMap", name);
        assert_eq!(at(&labels, "metadata.labels.team").as_str(), Some("shop"), "{name}");
    }
}

fn c08_10_alias_without_helm4_is_refused() {
    let sandbox = Sandbox::new();
    let stream = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a, labels: &l {x: z}}\n---\n\
                  kind: ConfigMap\napiVersion: v1\nmetadata: {name: b, labels: *l}\n";
    sandbox.hardtack(&[], stream).failed_with(2).says("document 2");
}

fn c08_11_odd_yaml_is_accepted() {
    let sandbox = Sandbox::new();
    let flow = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, \
                template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'acme/web:1'}]}}}}\n";
    let merge = WEB.replace(
        "      - name: web\n",
        "      - &base\n        name: web\n        image: ghcr.io/acme/web:1.0.0\n      - !!merge <<: *base\n        name: web2\n",
    );
    let merge = merge.replacen("web2\n        image: ghcr.io/acme/web:1.0.0\n", "web2\n", 1);
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", WEB.trim_end().replace('\n', "\n  "));
    let windows_lines = WEB.replace('\n', "\r\n");
    let marked = format!("\u{feff}{WEB}");
    for input in [flow, &merge, &list, &windows_lines, &marked, WEB.trim_end()] {
        let ran = sandbox.hardtack(&[], input);
        let output = &ran.succeeded().stdout;
        assert!(output.contains("allowPrivilegeEscalation"), "not hardened:\n{output}");
        assert_eq!(output.contains("\r\n"), input.contains("\r\n"), "line ends");
        assert_eq!(output.matches('\r').count(), output.matches("\r\n").count(), "no mixed line ends");
        assert_eq!(output.starts_with('\u{feff}'), input.starts_with('\u{feff}'), "byte order mark");
        assert_eq!(output.ends_with('\n'), input.ends_with('\n'), "last line of:\n{output}");
        assert_eq!(names(output.trim_start_matches('\u{feff}')), names(input.trim_start_matches('\u{feff}')));
    }
}

fn c08_11_last_duplicate_key_wins_with_a_warning() {
    let sandbox = Sandbox::new();
    let twice = WEB.replace(
        "        image: ghcr.io/acme/web:1.0.0\n",
        "        image: ghcr.io/acme/old:1.0.0\n        image: ghcr.io/acme/web:1.0.0\n",
    );
    let ran = sandbox.hardtack(&[], &twice);
    ran.succeeded().says("a key comes twice");
    assert_eq!(lines(&ran.stdout, "image:").len(), 2, "nothing is taken away:\n{}", ran.stdout);
    let context = "        securityContext:\n          allowPrivilegeEscalation: true\n          allowPrivilegeEscalation: false\n";
    let fixed = format!("{WEB}{context}");
    let ran = sandbox.hardtack(&["--only", "privilege-escalation"], &fixed);
    assert_eq!(ran.succeeded().stdout, fixed, "the last value counts, and it is right already");
}

fn c08_12_everyone_reads_it_again() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let plain = sandbox.render("helm3", "demo", &[]);
    let hardened = sandbox.hardtack(&["-e", "staging", "--gate", "never"], &plain).succeeded().stdout.clone();
    for line in hardened.lines().filter(|line| line.starts_with("---")) {
        assert_eq!(line, "---");
    }
    assert!(!hardened.lines().any(|line| line.starts_with('%')), "no directives");
    let mut expected = names(&plain);
    expected.sort();

    sandbox.write("all.yaml", &hardened);
    let kubectl =
        sandbox.call("kubectl").args(["annotate", "--local", "-f", "all.yaml", "read=again", "-o", "yaml"]);
    let mut kinds: Vec<String> = Vec::new();
    for object in read(&kubectl.run().succeeded().stdout) {
        match object["items"].as_vec() {
            Some(items) => kinds.extend(items.iter().map(|item| item["kind"].as_str().unwrap().to_owned())),
            None => kinds.push(object["kind"].as_str().unwrap().to_owned()),
        }
    }
    assert_eq!(kinds.len(), expected.len(), "kubectl: {kinds:?}");

    sandbox.write("kustomization.yaml", "resources: [all.yaml]\n");
    let mut built = names(&sandbox.call("kustomize").args(["build", "."]).run().succeeded().stdout);
    built.sort();
    assert_eq!(built, expected, "kustomize");

    let mut rendered = names(&sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]));
    rendered.sort();
    assert_eq!(rendered, expected, "Helm 4");
}
