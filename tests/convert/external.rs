//! To references.

use crate::run::hardtack;
use crate::{CANARY, ENCODED, release};

const EXTERNAL: &str = "{to: external, external: {store: {name: vault, kind: ClusterSecretStore}}}";
const GIT: &[&str] = &["--target", "git", "--namespace", "shop"];

#[test]
fn an_external_secret_holds_references_alone() {
    let ran = hardtack(EXTERNAL, GIT, &release());
    let out = ran.written();
    let expected = "---\n# Source: shop/templates/db.yaml\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  \
                    name: db\n  labels:\n    app: shop\n  annotations:\n    \
                    postrenderer.helm.sh/postrender-filename: shop/templates/db.yaml\nspec:\n  refreshInterval: 1h0m0s\n  \
                    secretStoreRef:\n    name: vault\n    kind: ClusterSecretStore\n  target:\n    name: db\n    \
                    creationPolicy: Owner\n    deletionPolicy: Retain\n    template:\n      engineVersion: v2\n      \
                    mergePolicy: Replace\n      type: Opaque\n      metadata:\n        labels:\n          app: shop\n  data:\n    \
                    - secretKey: password\n      remoteRef:\n        key: shop/db\n        property: password\n    \
                    - secretKey: username\n      remoteRef:\n        key: shop/db\n        property: username\n";
    assert!(out.starts_with(expected), "{out}");
    assert!(!out.contains(CANARY) && !out.contains(ENCODED), "{out}");
    assert!(ran.stderr.contains("the store must hold shop/db: password, username"), "{}", ran.stderr);
    let again = hardtack(EXTERNAL, GIT, out);
    assert_eq!(again.written(), out, "and it is the same each time");
}

#[test]
fn the_older_version_writes_its_defaults() {
    let old = "{to: external, external: {store: {name: vault}, apiVersion: external-secrets.io/v1beta1, refreshInterval: 15m, path: \"apps/{{labels.app}}\", property: \"\"}}";
    let out = hardtack(old, GIT, &release());
    for part in [
        "apiVersion: external-secrets.io/v1beta1",
        "refreshInterval: 15m0s",
        "kind: SecretStore",
        "key: apps/shop\n        decodingStrategy: \"None\"\n        conversionStrategy: Default\n        metadataPolicy: \"None\"\n",
    ] {
        assert!(out.written().contains(part), "{part:?} is not in\n{}", out.stdout);
    }
}

#[test]
fn what_is_no_text_is_kept_as_base64() {
    let input = release().replace("username: c2hvcA==", "store.p12: //4A");
    let ran = hardtack(EXTERNAL, GIT, &input);
    assert!(
        ran.written().contains("property: store.p12\n        decodingStrategy: Base64\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("password, store.p12 (as base64)"), "{}", ran.stderr);
}

#[test]
fn a_path_needs_its_namespace() {
    hardtack(EXTERNAL, &["--target", "git"], &release()).failed_with(&["needs a namespace", "--namespace"]);
}

#[test]
fn an_adopted_secret_outlives_its_external_secret() {
    let adopted = "{to: external, adopted: true, external: {store: {name: vault}}}";
    let ran = hardtack(adopted, &["--namespace", "shop"], &release());
    assert!(ran.written().contains("creationPolicy: Orphan"), "{}", ran.stdout);
}

#[test]
fn a_provider_class_is_mounted_by_the_pods_that_need_it() {
    let class = "{to: external, external: {kind: SecretProviderClass, provider: vault, parameters: {roleName: shop}, path: \"secret/data/{{name}}\"}}";
    let ran = hardtack(class, GIT, &release());
    let out = ran.written();
    for part in [
        "apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\n",
        "  provider: vault\n  parameters:\n    roleName: shop\n    objects: |\n      - objectName: password\n        secretPath: secret/data/db\n        secretKey: password\n",
        "  secretObjects:\n    - secretName: db\n      type: Opaque\n",
        "- name: secrets-store-db\n",
        "driver: secrets-store.csi.k8s.io\n",
        "secretProviderClass: db\n",
        "mountPath: /mnt/secrets-store/db\n",
    ] {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    assert!(!out.contains(CANARY) && !out.contains(ENCODED), "{out}");
    for (provider, part) in [
        (
            "aws",
            "- objectName: secret/data/db\n        objectType: secretsmanager\n        jmesPath:\n          - path: '\"password\"'",
        ),
        ("gcp", "secrets: |\n      - resourceName: secret/data/db/versions/latest\n        path: password\n"),
    ] {
        let out = hardtack(&class.replace("vault", provider), GIT, &release());
        assert!(
            out.written().contains(part)
                || out.stdout.contains(&part.replace("'\"password\"'", "\"\\\"password\\\"\"")),
            "{part:?} is not in\n{}",
            out.stdout
        );
    }
    let odd = release().replace("type: Opaque", "type: example.com/mine");
    hardtack(class, GIT, &odd).failed_with(&["makes no Secrets of type example.com/mine", "ExternalSecret"]);
}

#[test]
fn placeholders_of_argo_cds_plugin_become_references() {
    let input = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  annotations: {avp.kubernetes.io/path: kv/data/shop, mine: kept}\n\
                 stringData:\n  password: <path:kv/data/db#password#3>\n  token: <token>\ndata:\n  p12: PHBhdGg6a3YvZGF0YS9kYiNwMTIgfCBiYXNlNjRkZWNvZGU+\n";
    let ran = hardtack(EXTERNAL, GIT, input);
    let out = ran.written();
    for part in [
        "    - secretKey: p12\n      remoteRef:\n        key: kv/data/db\n        property: p12\n        decodingStrategy: Base64\n",
        "    - secretKey: password\n      remoteRef:\n        key: kv/data/db\n        property: password\n        version: \"3\"\n",
        "    - secretKey: token\n      remoteRef:\n        key: kv/data/shop\n        property: token\n",
    ] {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    assert!(!out.contains("avp.kubernetes.io") && out.contains("mine: kept"), "{out}");
    let part = input.replace("password: <path", "password: 'db:<path").replace("#3>", "#3>'");
    hardtack(EXTERNAL, GIT, &part).failed_with(&["the reference in password cannot become one", "--resolve"]);
    let sealed = "{to: sealed, sealed: {certificate: pub-cert.pem}}";
    hardtack(sealed, GIT, input).failed_with(&["holds a reference"]);
}
