//! To SOPS, and ciphertext that stays between runs.

use std::fs;
use std::path::Path;

use hardtack::secrets::sops::{Identity, decrypt};

use crate::binary::Ran;
use crate::run::{CERTIFICATE, DAY, hardtack, run_in, run_with};
use crate::{CANARY, ENCODED, release};

const GIT: &[&str] = &["--target", "git", "--namespace", "shop", "--fix", "safe"];

struct Folder {
    folder: tempfile::TempDir,
    identity: String,
    recipient: String,
}

impl Folder {
    /// With an age key, and a policy whose `secrets:` block is this, where RECIPIENT stands for the key.
    fn new(secrets: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (identity, recipient) = Identity::generate();
        fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
        fs::write(folder.path().join("keys.txt"), identity.as_str()).expect("the key");
        fs::write(folder.path().join("digest.key"), "k".repeat(32)).expect("the digest key");
        let policy = format!(
            "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  gate: {{severity: never}}\n  secrets: {secrets}\n"
        );
        fs::write(folder.path().join("hardtack.yaml"), policy.replace("RECIPIENT", &recipient))
            .expect("the policy");
        Self { folder, identity: identity.to_string(), recipient }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("written");
    }

    fn run(&self, more: &[&str], input: &str) -> Ran {
        run_in(self.path(), &[GIT, more].concat(), input)
    }

    fn opened(&self, text: &str) -> String {
        let keyring = vec![Identity::from_age(&self.identity).expect("an identity")];
        decrypt(text, &keyring).expect("it opens").text.to_string()
    }
}

const SOPS: &str = "{to: sops, sops: {age: RECIPIENT}}";

#[test]
fn a_secret_is_encrypted_where_it_stands() {
    let folder = Folder::new(SOPS);
    let ran = folder.run(&[], &release());
    let out = ran.written();
    assert!(!out.contains(CANARY) && !out.contains(ENCODED), "{out}");
    assert!(out.starts_with("---\n# Source: shop/templates/db.yaml\napiVersion: v1\n"), "{out}");
    assert!(out.contains("postrenderer.helm.sh/postrender-filename: shop/templates/db.yaml"), "{out}");
    assert!(out.contains("  name: web # kept"), "{out}");
    assert!(ran.stderr.contains("is encrypted for 1 recipient: password, username"), "{}", ran.stderr);
    assert!(ran.stderr.contains("without --previous every run encrypts anew"), "{}", ran.stderr);
    let open = folder.opened(out);
    assert!(open.contains(&format!("password: {ENCODED}")), "{open}");
    assert_eq!(folder.run(&[], out).written(), out, "what is encrypted stays as it is");
}

#[test]
fn straight_to_the_cluster_it_is_refused() {
    let folder = Folder::new(SOPS);
    let ran = run_in(folder.path(), &["--namespace", "shop", "--fix", "safe"], &release());
    ran.failed_with(&["the ciphertext would become the password", "--target git", "{to: sealed}"]);
    let forced = run_in(folder.path(), &["--force-sops", "--fix", "safe"], &release());
    assert!(forced.written().contains("ENC[AES256_GCM"), "{}", forced.stdout);
}

#[test]
fn the_creation_rules_are_honoured() {
    let folder = Folder::new("{to: sops, sops: {file: env/prod/out.yaml}}");
    let rules = |regex: &str| {
        format!(
            "creation_rules:\n  - path_regex: dev/\n    age: {0}\n    encrypted_regex: ^nothing$\n  - path_regex: ^env/prod/\n    age: {0}\n    encrypted_regex: {regex}\n",
            folder.recipient
        )
    };
    folder.write(".sops.yaml", &rules("^(data|stringData|annotations)$"));
    let out = folder.run(&[], &release());
    assert!(!out.written().contains("postrender-filename: shop"), "annotations too: {}", out.stdout);
    folder.write(".sops.yaml", &rules("^password$"));
    folder.run(&[], &release()).failed_with(&["Secret/db", "data.username", "encrypted_regex: ^password$"]);
    folder.write(".sops.yaml", "creation_rules:\n  - path_regex: dev/\n    age: x\n");
    folder.run(&[], &release()).failed_with(&[".sops.yaml:1:1", "no creation rule fits env/prod/out.yaml"]);
    fs::remove_file(folder.path().join(".sops.yaml")).expect("gone");
    folder.run(&[], &release()).failed_with(&["hardtack.yaml:5", "nobody", "sops: {age: [age1…]}"]);
}

#[test]
fn a_file_that_sops_does_not_read_is_named() {
    let folder = Folder::new(SOPS);
    folder.write(".sops.yml", "creation_rules: []\n");
    let ran = folder.run(&["--report", "json=report.json"], &release());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.contains(".sops.yml is not read"), "{report}");
}

#[test]
fn a_rule_of_no_use_and_items_of_lists_are_errors() {
    hardtack("{to: sops, sops: {age: age1nonsense}}", GIT, &release()).failed_with(&[
        "hardtack.yaml:6:30",
        "age1nonsense",
        "mistyped",
    ]);
    let folder = Folder::new(SOPS);
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: db}}\n  data: {{password: {ENCODED}}}\n"
    );
    folder.run(&[], &list).failed_with(&["sops encrypts documents", "a document of its own"]);
}

#[test]
fn a_functions_item_is_encrypted() {
    let folder = Folder::new(SOPS);
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: db}}\n  data: {{password: {ENCODED}}}\n"
    );
    let ran = folder.run(&[], &list);
    assert!(ran.written().contains("ENC[AES256_GCM") && !ran.stdout.contains(ENCODED), "{}", ran.stdout);
}

#[test]
fn what_moves_out_of_a_pod_is_encrypted_at_once() {
    let folder = Folder::new("{to: sops, sops: {age: RECIPIENT}}\n  rules: {secret-in-env: {fix: true}}");
    let input = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: acme/web:1\n        env:\n        - {{name: DB_PASSWORD, value: {CANARY}}}\n"
    );
    let ran = run_in(folder.path(), &["--target", "git", "--fix", "consented"], &input);
    let out = ran.written();
    assert!(
        out.contains("name: web-env") && out.contains("ENC[AES256_GCM") && !out.contains(CANARY),
        "{out}"
    );
    assert!(folder.opened(out).contains(ENCODED), "{out}");
    let applied = run_in(folder.path(), &["--fix", "consented"], &input);
    applied.failed_with(&["the ciphertext would become the password", "--target git"]);
}

/// All lines of a text that hold ciphertext.
fn ciphertext(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains("ENC[AES256_GCM,data:") || line.contains(": AQ")).collect()
}

#[test]
fn sops_ciphertext_stays_while_its_value_does() {
    let folder = Folder::new(SOPS);
    folder.write("before.yaml", folder.run(&[], &release()).written());
    let before = fs::read_to_string(folder.path().join("before.yaml")).expect("it is there");
    let previous = ["--previous", "before.yaml"];
    let variables = [("HARDTACK_IDENTITY", "keys.txt")];
    let with_keys = |input: &str| {
        let ran = run_with(folder.path(), &variables, &[GIT, &previous[..]].concat(), input);
        ran.written().to_owned()
    };
    assert_eq!(with_keys(&release()), before, "nothing has changed");
    let other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: first}\n---\n";
    folder.write("before.yaml", &format!("{other}{before}"));
    assert_eq!(with_keys(&release()), before, "nor has anything, wherever it stood before");
    let changed = with_keys(&release().replace("c2hvcA==", "bmV3"));
    let (old, new) = (ciphertext(&before), ciphertext(&changed));
    assert_eq!(old[0], new[0], "password is as it was");
    assert_ne!(old[1], new[1], "username is not");
    let anew = folder.run(&previous, &release());
    assert_ne!(anew.written(), before);
    assert!(anew.stderr.contains("encrypted anew, since the previous one stays closed"), "{}", anew.stderr);
}

#[test]
fn sealed_ciphertext_stays_while_its_digest_does() {
    let folder = Folder::new("{to: sealed, sealed: {certificate: pub-cert.pem}}");
    let with_key = |more: &[&str], input: &str| {
        let variables = [("HARDTACK_DIGEST_KEY_FILE", "digest.key")];
        let ran = run_with(folder.path(), &variables, &[GIT, &["--date", DAY], more].concat(), input);
        ran.written().to_owned()
    };
    let before = with_key(&[], &release());
    folder.write("before.yaml", &before);
    let previous = ["--previous", "before.yaml"];
    assert_eq!(with_key(&previous, &release()), before);
    let changed = with_key(&previous, &release().replace("c2hvcA==", "bmV3"));
    let (old, new) = (ciphertext(&before), ciphertext(&changed));
    assert_eq!((old.len(), new.len()), (2, 2), "{before}");
    assert_eq!(old[0], new[0], "password is as it was");
    assert_ne!(old[1], new[1], "username is not");
    let unkeyed = folder.run(&["--date", DAY, "--previous", "before.yaml"], &release());
    assert!(unkeyed.stderr.contains("nothing tells which sealed values have changed"), "{}", unkeyed.stderr);
    folder.write("empty.yaml", "kind: Nothing\n");
    let empty = folder.run(&["--date", DAY, "--previous", "empty.yaml"], &release());
    assert!(empty.stderr.contains("--previous holds nothing encrypted"), "{}", empty.stderr);
    let elsewhere = with_key(&previous, &release().replace("name: db\n", "name: db\n  namespace: other\n"));
    assert!(
        ciphertext(&elsewhere).iter().all(|line| !old.contains(line)),
        "sealed for another namespace: {elsewhere}"
    );
}
