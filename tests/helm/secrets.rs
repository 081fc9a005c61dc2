//! Secrets that change their form between a chart and the cluster, by both Helms.

use libtest_mimic::Trial;

use crate::support::objects::{annotation, at, names, object};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

const SECRET: &str = "# the password is canary-Xk2p9\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-db\n  labels: {app: shop}\ntype: Opaque\nstringData:\n  password: canary-Xk2p9\n";
const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata:\n      labels: {app: web}\n      annotations:\n        checksum/conf: {{ include (print $.Template.BasePath \"/db.yaml\") . | sha256sum }}\n        checksum/config: \"1\"\n    spec:\n      containers:\n      - name: web\n        image: acme/web:1\n        envFrom: [{secretRef: {name: {{ .Release.Name }}-db}}]\n";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("sealed_through_helm3", &["helm3"], || sealed("helm3")),
        trial("sealed_through_helm4", &["helm4"], || sealed("helm4")),
    ]
}

fn sealed(helm: &str) {
    let sandbox = Sandbox::new();
    if helm == "helm4" {
        sandbox.link_helm4_plugin();
    }
    sandbox.chart("shop", &[("db.yaml", SECRET), ("web.yaml", DEPLOYMENT)]);
    let certificate = std::fs::read_to_string(root().join("testdata/sealed/test-only.cert.pem")).unwrap();
    sandbox.write("pub-cert.pem", &certificate);
    let policy = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}}\n";
    sandbox.write("policy.yaml", policy);
    let plain = sandbox.call(helm).args(["template", "shop", "shop"]).run();
    let hash = object(&plain.succeeded().stdout, "Deployment", "web");
    let hash = at(&hash, "spec.template.metadata.annotations")["checksum/conf"].as_str().unwrap().to_owned();
    let words = ["-ppolicy.yaml", "--namespace=prod", "--new-release", "--date=2026-11-27"];
    let args = words.iter().flat_map(|word| ["--post-renderer-args", *word]);
    let ran =
        sandbox.call(helm).args(["template", "shop", "shop", "--post-renderer", "hardtack"]).args(args).run();
    let out = &ran.succeeded().stdout;
    let mut all = names(out);
    all.sort();
    assert_eq!(all, ["Deployment/web", "SealedSecret/shop-db"], "{out}");
    assert!(!out.contains("canary"), "{out}");
    assert!(
        !out.contains(&hash),
        "the plain hash over the Secret's text is gone, whatever it is called: {out}"
    );
    assert!(out.contains("checksum/config: \"1\""), "{out}");
    assert!(out.contains("# Source: shop/templates/db.yaml"), "{out}");
    let sealed = object(out, "SealedSecret", "shop-db");
    assert_eq!(
        at(&sealed, "metadata"),
        at(&sealed, "spec.template.metadata"),
        "what the controller compares: {out}"
    );
    assert_eq!(annotation(&sealed, "postrenderer.helm.sh/postrender-filename"), None, "{out}");
}
