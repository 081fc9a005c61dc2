//! To sealed.

use std::fs;

use crate::run::{CERTIFICATE, DAY, hardtack, run_in, run_with};
use crate::{CANARY, ENCODED, release};

const SEALED: &str = "{to: sealed, sealed: {certificate: pub-cert.pem}}";
const GIT: &[&str] = &["--target", "git", "--namespace", "shop", "--fix", "safe"];

#[test]
fn the_secrets_document_is_replaced_and_says_where_it_comes_from() {
    let ran = hardtack(SEALED, GIT, &release());
    let out = ran.written();
    assert!(!out.contains(CANARY) && !out.contains(ENCODED), "{out}");
    assert!(
        out.starts_with(
            "---\n# Source: shop/templates/db.yaml\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n"
        ),
        "{out}"
    );
    assert_eq!(out.matches("postrender-filename").count(), 1, "not in the template: {out}");
    assert!(out.contains("  name: web # kept"), "others keep their comments: {out}");
    assert!(out.contains("namespace: shop"), "strict scope writes the namespace it sealed for: {out}");
    assert!(
        ran.stderr.contains("becomes a SealedSecret, strict scope: password, username"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("2 comments beside a secret dropped"), "{}", ran.stderr);
    let again = hardtack(SEALED, GIT, out);
    assert_eq!(again.written(), out, "what is sealed stays as it is");
}

#[test]
fn checksums_over_the_secret_change_and_others_stay() {
    let ran = hardtack(SEALED, GIT, &release());
    let out = ran.written();
    assert!(!out.contains("0123456789abcdef"), "{out}");
    assert!(out.contains("checksum/config: fedcba"), "{out}");
    assert!(ran.stderr.contains("checksum/db-secret is now a digest of key names alone"), "{}", ran.stderr);
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    let digest = |key_text: &str, password: &str| {
        fs::write(&key, key_text).expect("the key");
        fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
        let policy = format!(
            "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {{gate: {{severity: never}}, secrets: {SEALED}}}\n"
        );
        fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
        let variables = [("HARDTACK_DIGEST_KEY_FILE", "key")];
        let arguments = [GIT, &["--date", DAY]].concat();
        let ran = run_with(folder.path(), &variables, &arguments, &release().replace(ENCODED, password));
        let text = ran.stdout;
        let line = text.lines().find(|line| line.contains("checksum/db-secret")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("{text}\n{}", ran.stderr))
    };
    let (one, other) = ("k".repeat(32), "x".repeat(32));
    // Without the comments, which would keep the first value in view.
    assert_eq!(digest(&one, "bmV3LXBhc3M="), digest(&one, "bmV3LXBhc3M="));
    assert_ne!(digest(&one, "bmV3LXBhc3M="), digest(&one, "b3RoZXItcGFzcw=="), "it follows the value");
    assert_ne!(digest(&one, "bmV3LXBhc3M="), digest(&other, "bmV3LXBhc3M="), "and the key");
}

#[test]
fn pods_without_a_checksum_get_a_digest() {
    let input = release().replace("        checksum/db-secret: 0123456789abcdef\n", "");
    let ran = hardtack(SEALED, GIT, &input);
    assert!(ran.written().contains("hardtack.dev/secrets-digest: "), "{}", ran.stdout);
}

#[test]
fn straight_to_the_cluster_only_what_loses_no_live_secret() {
    let apply: &[&str] = &["--namespace", "shop"];
    hardtack(SEALED, apply, &release()).failed_with(&[
        "Secret/db (shop/templates/db.yaml)",
        "deletes the live Secret",
        "--adopt",
        "--new-release",
    ]);
    let new = hardtack(SEALED, &["--namespace", "shop", "--new-release"], &release());
    assert!(!new.written().contains("sealedsecrets.bitnami.com/managed"), "{}", new.stdout);
    let adopted =
        hardtack("{to: sealed, adopted: true, sealed: {certificate: pub-cert.pem}}", apply, &release());
    let marks = [
        "sealedsecrets.bitnami.com/managed: \"true\"",
        "sealedsecrets.bitnami.com/skip-set-owner-references: \"true\"",
    ];
    for mark in marks {
        assert_eq!(
            adopted.written().matches(mark).count(),
            2,
            "on itself and in its template: {}",
            adopted.stdout
        );
    }
}

#[test]
fn what_cannot_be_sealed_is_an_error_that_says_what_to_do() {
    let bare: &[&str] = &["--target", "git"];
    hardtack(SEALED, bare, &release()).failed_with(&["strict scope", "--namespace"]);
    let wide = "{to: sealed, sealed: {certificate: pub-cert.pem, scope: cluster-wide}}";
    let out = hardtack(wide, bare, &release());
    assert!(out.written().contains("sealedsecrets.bitnami.com/cluster-wide: \"true\""), "{}", out.stdout);
    let asks = release().replace(
        "annotations:\n    post",
        "annotations:\n    sealedsecrets.bitnami.com/cluster-wide: 'true'\n    post",
    );
    hardtack(SEALED, GIT, &asks).failed_with(&["asks for cluster-wide scope, and strict is wanted"]);
    let broken = release().replace(ENCODED, "no base64");
    hardtack(SEALED, GIT, &broken).failed_with(&["data.password is no base64"]);
    let late = [GIT, &["--date", "2037-01-01"]].concat();
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
    let policy = format!(
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {{gate: {{severity: never}}, secrets: {SEALED}}}\n"
    );
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
    run_in(folder.path(), &late, &release()).failed_with(&["hardtack.yaml:3", "expired on 2036-11-23"]);
    let early = [GIT, &["--date", "2026-11-25"]].concat();
    run_in(folder.path(), &early, &release()).failed_with(&["not valid before 2026-11-26"]);
    let old = [GIT, &["--date", "2027-01-15"]].concat();
    let ran = run_in(folder.path(), &old, &release());
    assert!(ran.stderr.contains("is 50 days old"), "{}", ran.stderr);
}

#[test]
fn what_never_changes_its_form() {
    let kinds = [
        "type: kubernetes.io/service-account-token\ndata: {token: YWJjZGVmZ2g=}",
        "type: bootstrap.kubernetes.io/token\ndata: {token-id: YWJjZGVm}",
        "type: helm.sh/release.v1\ndata: {release: YWJjZGVmZ2g=}",
        "stringData: {a: 'ENC[AES256_GCM,data:qYCxdA==,iv:Hn6AdE==,tag:GhZDX==,type:str]'}\nsops: {mac: x}",
        "type: Opaque",
    ];
    for kind in kinds {
        let input = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}} # kept\n{kind}\n");
        assert_eq!(hardtack(SEALED, GIT, &input).written(), input, "{kind}");
    }
    let hook =
        release().replace("annotations:\n    post", "annotations:\n    helm.sh/hook: pre-install\n    post");
    let ran = hardtack(SEALED, GIT, &hook);
    assert!(ran.stdout.contains("kind: Secret\n") && ran.stderr.contains("it is a hook"), "{}", ran.stderr);
    let half = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: 'ENC[AES256_GCM,data:q==,iv:H==,tag:G==,type:str]', b: open}\n";
    hardtack(SEALED, GIT, half).failed_with(&["half encrypted", "b is in plain text"]);
}

#[test]
fn a_match_and_an_exemption_keep_a_secret() {
    let kept = "{to: sealed, sealed: {certificate: pub-cert.pem}, objects: [{match: {name: db}, to: keep}]}";
    let out = hardtack(kept, GIT, &release()).stdout;
    assert!(out.contains(&format!("  password: {ENCODED}\n")), "{out}");
    assert!(out.contains("checksum/db-secret: 0123456789abcdef"), "{out}");
    let only = "{objects: {match: {labels: {app: shop}}, to: sealed}, sealed: {certificate: pub-cert.pem}}";
    assert!(hardtack(only, GIT, &release()).written().contains("kind: SealedSecret"));
    let none = ["--target", "git", "--namespace", "shop", "--fix", "none"];
    assert_eq!(hardtack(SEALED, &none, &release()).stdout, release());
}

#[test]
fn a_value_that_stands_elsewhere_too_leaves_nothing_written() {
    let places = [
        format!("        - {{name: PASSWORD, value: {CANARY}}}\n"),
        format!("        - {{name: URL, value: 'postgres://shop:{CANARY}@db:5432/shop'}}\n"),
        format!("        # {CANARY}\n        - {{name: A, value: b}}\n"),
        "        - {name: A, value: \"canary\\x2dXk2p9-7f3a9c\"}\n".to_owned(),
        format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: kept}}\ntype: helm.sh/release.v1\ndata: {{a: {ENCODED}}}\n"
        ),
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\nbinaryData: {{a: {ENCODED}}}\n"
        ),
        format!("--- # {CANARY}\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n"),
    ];
    for place in places {
        let ran = hardtack(SEALED, GIT, &format!("{}{place}", release()));
        ran.failed_with(&[
            "Secret/db (shop/templates/db.yaml): the value of password was locked away and still stands",
        ]);
    }
    let public = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {user: shop, image: 'shop/shop:1'}\n";
    hardtack(SEALED, GIT, &format!("{}{public}", release())).written();
}

#[test]
fn items_of_lists_change_too() {
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n# {CANARY}\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: a}} # {CANARY}\n  \
         stringData: {{p: {CANARY}}}\n- apiVersion: v1\n  kind: ConfigMap # kept\n  metadata: {{name: b}}\n"
    );
    let ran = hardtack(SEALED, GIT, &list);
    let out = ran.written();
    assert!(
        out.contains("  kind: SealedSecret\n")
            && out.contains("kind: ConfigMap # kept")
            && !out.contains(CANARY),
        "{out}"
    );
    let json = format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {{\"name\": \"a\"}}, \"stringData\": {{\"p\": \"{CANARY}\"}}}}\n"
    );
    let ran = hardtack(SEALED, GIT, &format!("--- {json}"));
    assert!(
        ran.written().starts_with("--- {\"apiVersion\": \"bitnami.com/v1alpha1\""),
        "JSON stays JSON: {}",
        ran.stdout
    );
}

#[test]
fn a_functions_items_lose_kustomizes_notes() {
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    \
         name: a\n    annotations:\n      internal.config.kubernetes.io/path: a.yaml\n      config.kubernetes.io/index: '0'\n      \
         kustomize.config.k8s.io/id: x\n      config.k8s.io/id: '1'\n      mine: kept\n  stringData: {{p: {CANARY}}}\n"
    );
    let ran = hardtack(SEALED, GIT, &list);
    let out = ran.written();
    let items = out.split("results:").next().expect("items");
    assert!(items.contains("kind: SealedSecret") && items.contains("mine: kept"), "{out}");
    for note in ["internal.config", "config.kubernetes.io/index", "kustomize.config", "config.k8s.io/id"] {
        assert!(!items.contains(note), "{note}: {out}");
    }
    assert!(!out.contains(CANARY), "{out}");
    let apply = hardtack(SEALED, &["--namespace", "shop"], &list);
    assert_eq!(apply.code, Some(2));
    assert!(apply.stdout.contains("deletes the live Secret"), "the reason is a result: {}", apply.stdout);
}

#[test]
fn a_diff_shows_what_comes_and_not_what_was() {
    let ran = hardtack(SEALED, &["diff", "--target", "git", "--namespace", "shop"], &release());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("+kind: SealedSecret") && ran.stdout.contains("old lines are not shown"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains(CANARY) && !ran.stdout.contains(ENCODED), "{}", ran.stdout);
}

#[test]
fn the_command_seals_without_a_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let seal = |more: &[&str], input: &str| {
        run_in(
            folder.path(),
            &[&["secrets", "seal", "--cert", CERTIFICATE, "--date", DAY], more].concat(),
            input,
        )
    };
    let ran = seal(&["-n", "shop"], &release());
    let out = ran.written();
    assert!(
        out.contains("kind: SealedSecret") && out.contains("checksum/db-secret: 0123456789abcdef"),
        "pods stay: {out}"
    );
    seal(&[], &release()).failed_with(&["--namespace"]);
    seal(&["--scope", "cluster-wide"], &release()).written();
    let other = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\nstringData: {p: q}\n";
    seal(&["-n", "shop"], other).failed_with(&["Secret/a is of namespace b, not shop"]);
    seal(&[], "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n").failed_with(&["no Secret to seal"]);
    run_in(folder.path(), &["secrets", "seal"], &release())
        .failed_with(&["no certificate", "kubeseal --fetch-cert"]);
    let url = ["secrets", "seal", "--cert", "https://seal.example/v1/cert.pem"];
    run_in(folder.path(), &url, &release()).failed_with(&["takes a file", "curl"]);
    let policy = format!(
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {{gate: {{severity: never}}, secrets: {SEALED}}}\n"
    );
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
    fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
    run_in(folder.path(), &["secrets", "seal", "-n", "shop", "--date", DAY], &release()).written();
}

#[test]
fn the_json_report_says_what_became_of_it() {
    let ran = hardtack(SEALED, &[GIT, &["--report", "json", "-q"]].concat(), &release());
    ran.written();
    let done = "\"done\": \"becomes a SealedSecret, strict scope: password, username\"";
    assert!(ran.stderr.contains(done), "{}", ran.stderr);
}
