//! A Secret that kustomize generates, sealed on its way: names stay plain and references fit.

use libtest_mimic::Trial;

use crate::support::objects::{at, names, object};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - {name: web, image: 'acme/web:1', envFrom: [{secretRef: {name: db}}]}\n";

pub fn trials() -> Vec<Trial> {
    vec![trial("c08_generated_secret_is_sealed", &["kustomize"], generated)]
}

fn generated() {
    let sandbox = Sandbox::new();
    sandbox.write("web.yaml", DEPLOYMENT);
    let kustomization = "resources: [web.yaml]\nsecretGenerator:\n- name: db\n  namespace: shop\n  literals: [password=canary-Xk2p9]\n\
                         namespace: shop\n";
    sandbox.write("kustomization.yaml", kustomization);
    let plain = sandbox.call("kustomize").args(["build", "."]).run();
    let suffixed = names(&plain.succeeded().stdout);
    assert!(suffixed.iter().any(|name| name.starts_with("Secret/db-")), "kustomize renames it: {suffixed:?}");

    let certificate = std::fs::read_to_string(root().join("testdata/sealed/test-only.cert.pem")).unwrap();
    sandbox.write("pub-cert.pem", &certificate);
    sandbox.write(
        "policy.yaml",
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}}\n",
    );
    sandbox.write("harden.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: harden\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: hardtack}\n");
    sandbox.write("kustomization.yaml", &format!("{kustomization}transformers: [harden.yaml]\n"));
    let ran = sandbox
        .call("kustomize")
        .args(["build", "--enable-alpha-plugins", "--enable-exec", "."])
        .env("HARDTACK_POLICY", "policy.yaml")
        .env("HARDTACK_TARGET", "git")
        .env("HARDTACK_DATE", "2026-11-27")
        .run();
    let out = &ran.succeeded().stdout;
    assert!(!out.contains("canary") && !out.contains("config.kubernetes.io/"), "{out}");
    let sealed = object(out, "SealedSecret", "db");
    assert_eq!(at(&sealed, "metadata.namespace").as_str(), Some("shop"));
    assert_eq!(at(&sealed, "metadata"), at(&sealed, "spec.template.metadata"), "{out}");
    let web = object(out, "Deployment", "web");
    let reference = at(&web, "spec.template.spec.containers.0.envFrom.0.secretRef.name");
    assert_eq!(
        reference.as_str(),
        Some("db"),
        "the reference fits the name that the controller gives: {out}"
    );
}
