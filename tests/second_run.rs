//! A fix that changes what another rule looks at must not make a second run change anything.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::policy::{Date, FixMode};
use hardtack::rules::RULES;
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Policy, harden};

/// Consents to everything, and says all that fixes may ask for.
fn policy(spec: &str) -> Policy {
    let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  extends: production\n{spec}");
    let today: Date = "2026-11-20".parse().expect("a date");
    let source = Source::new("hardtack.yaml", "");
    let file = read::from_text(&text, "hardtack.yaml").expect("a policy");
    let mut policy = resolve::load(file, &source, None, today).expect("a policy that holds together");
    policy.fix = FixMode::Consented;
    for rule in RULES {
        policy.rules.entry(rule.id.to_owned()).or_default().fix = Some(true);
    }
    policy
}

fn hardened(text: &str, policy: &Policy) -> String {
    let stream = parse(text.to_owned(), ParseOptions::default()).expect("a stream");
    harden(&stream, policy, Scope::default()).expect("a hardened stream").to_text()
}

/// Hardens twice; returns the output.
fn twice(text: &str, spec: &str) -> String {
    let policy = policy(spec);
    let once = hardened(text, &policy);
    assert_ne!(once, text, "nothing was fixed");
    assert_eq!(once, hardened(&once, &policy), "the second run changed something");
    once
}

fn deployment(container: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
        - name: web
{container}"
    )
}

#[test]
fn what_is_known_of_an_image_outlives_its_old_registry() {
    let image = "          image: k8s.gcr.io/kube-state-metrics/kube-state-metrics:v2.9.2\n";
    let output = twice(&deployment(image), "");
    assert!(output.contains("image: registry.k8s.io/") && output.contains("readOnlyRootFilesystem: true"));
}

#[test]
fn patterns_speak_of_both_registries() {
    for host in ["k8s.gcr.io", "registry.k8s.io"] {
        let spec = format!(
            "  resources:
    - match: {{image: '{host}/acme/*'}}
      requests: {{cpu: 7m}}
      limits: {{memory: 1Gi}}
  rules:
    writable-root-filesystem:
      writable: {{'{host}/acme/*': [/tmp]}}
"
        );
        let output = twice(&deployment("          image: k8s.gcr.io/acme/web:1\n"), &spec);
        assert!(output.contains("cpu: 7m") && output.contains("mountPath: /tmp"), "{output}");
    }
}

#[test]
fn a_quota_counts_the_requests_that_fixes_write() {
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";
    let input = namespace.to_owned() + &deployment("          image: ghcr.io/acme/web:1\n");
    let quota = "  rules: {namespace-limits-missing: {quota: {requests.cpu: '9'}}}\n";
    assert!(twice(&input, quota).contains("kind: ResourceQuota"));
    let ranged = "  rules:
    namespace-limits-missing:
      quota: {requests.cpu: '9'}
      limits: [{type: Container, defaultRequest: {cpu: 9m, memory: 9Mi}}]
    cpu-request-missing: {severity: off}
    memory-request-missing: {severity: off}
";
    assert!(twice(&input, ranged).contains("kind: ResourceQuota"));
}

#[test]
fn a_startup_probe_follows_the_liveness_probe_as_it_will_be() {
    let image = "          image: ghcr.io/acme/web:1\n          ports: [{name: http, containerPort: 8080}]\n";
    let mapped = "  rules: {startup-probe-missing: {copy: true}}
  probes: {match: {port: http}, liveness: {httpGet: {path: /live}, initialDelaySeconds: 90}}
";
    let output = twice(&deployment(image), mapped);
    assert_eq!(output.matches("path: /live").count(), 2, "{output}");
    let aimed = "          image: ghcr.io/acme/web:1
          livenessProbe:
            httpGet: {host: 127.0.0.1, port: 8080}
            initialDelaySeconds: 90
";
    let output = twice(&deployment(aimed), "  rules: {startup-probe-missing: {copy: true}}\n");
    assert!(output.contains("startupProbe:") && !output.contains("127.0.0.1"), "{output}");
}

#[test]
fn added_volumes_have_the_limit_that_is_asked_of_them() {
    let spec = "  rules:
    writable-root-filesystem: {writable: {'*': [/tmp]}}
    empty-dir-unbounded: {sizeLimit: 1Gi}
";
    let output = twice(&deployment("          image: ghcr.io/acme/web:1\n"), spec);
    assert!(output.contains("sizeLimit: 1Gi"), "{output}");
}

#[test]
fn a_byte_order_mark_stays_first_before_an_added_document() {
    let web = deployment("          image: example/web:1\n");
    for separator in ["---\n# Source: shop/templates/web.yaml\n", ""] {
        let text = twice(&format!("\u{feff}{separator}{web}"), "");
        assert!(text.starts_with("\u{feff}---\n"), "{text}");
        assert_eq!(text.matches('\u{feff}').count(), 1, "{text}");
        assert!(text.contains("kind: PodDisruptionBudget"), "{text}");
    }
}
