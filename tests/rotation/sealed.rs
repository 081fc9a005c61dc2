//! `secrets rotate` in the manifest of a SealedSecret, opened with the controller's key.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Trial;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::sha2::Sha256;
use rsa::{Oaep, RsaPrivateKey};

use crate::people::Someone;
use crate::support::objects::{at, read as objects};
use crate::support::programs::{root, trial};
use crate::{difference, line, on, read, rotated, testdata};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_sealed_secret_gets_a_new_value", &[], a_sealed_secret_gets_a_new_value),
        trial("every_scope_stays_what_it_was", &[], every_scope_stays_what_it_was),
        trial("no_digest_vouches_for_what_was_replaced", &[], no_digest_vouches_for_what_was_replaced),
        trial("there_is_no_sealing_without_a_certificate", &[], there_is_no_sealing_without_a_certificate),
        trial("kubeseal_opens_what_is_rotated", &["kubeseal"], kubeseal_opens_what_is_rotated),
    ]
}

const DAY: &str = "2026-11-27";

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData:\n  password: canary-1\n  user: canary-user\n";

/// Somebody with the manifest of a SealedSecret, comments in it.
fn someone(scope: &str) -> (Someone, String) {
    let someone = Someone::new();
    someone.sandbox.write("pub-cert.pem", &testdata("sealed/test-only.cert.pem"));
    let args = ["secrets", "seal", "--cert", "pub-cert.pem", "--date", DAY, "--scope", scope];
    let sealed = someone.sandbox.hardtack(&args, SECRET).succeeded().stdout.clone();
    let text = format!(
        "# of the shop\n{}",
        sealed.replace("  encryptedData:\n", "  encryptedData: # for the cluster\n")
    );
    someone.sandbox.write("db.yaml", &text);
    (someone, text)
}

/// What the controller reads under a key.
fn open(text: &str, key: &str, label: &str) -> Option<String> {
    let sealed = objects(text).remove(0)["spec"]["encryptedData"][key].as_str()?.to_owned();
    let private = RsaPrivateKey::from_pkcs8_pem(&testdata("sealed/test-only.key.pem")).unwrap();
    let bytes = STANDARD.decode(sealed).unwrap();
    let length = usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let (locked, value) = bytes[2..].split_at(length);
    let session = private.decrypt(Oaep::new_with_label::<Sha256, _>(label), locked).ok()?;
    let plain = Aes256Gcm::new_from_slice(&session).unwrap().decrypt(&Nonce::default(), value).ok()?;
    Some(String::from_utf8(plain).unwrap())
}

fn a_sealed_secret_gets_a_new_value() {
    let (someone, before) = someone("strict");
    let args = ["db/password", "db.yaml", "--cert", "pub-cert.pem", "--overlap", "7d"];
    let (after, said) = rotated(&someone, DAY, "db.yaml", &args);
    assert!(said.contains("password-previous until 2026-12-04"), "{said}");
    // The name of a key is no part of what a ciphertext is bound to: the old one opens under its new name.
    let ciphertext = |text: &str, key: &str| line(text, key).split(": ").nth(1).unwrap().to_owned();
    assert_eq!(ciphertext(&before, " password: "), ciphertext(&after, " password-previous: "));
    assert_eq!(line(&before, " user: "), line(&after, " user: "));
    assert_eq!(open(&after, "password-previous", "shop/db").as_deref(), Some("canary-1"));
    assert_eq!(open(&after, "user", "shop/db").as_deref(), Some("canary-user"));
    let value = open(&after, "password", "shop/db").unwrap();
    assert!(value.len() == 64 && !said.contains(&value) && !after.contains(&value));
    assert!(after.starts_with("# of the shop\n") && after.contains("encryptedData: # for the cluster\n"));
    let (gone, _) = difference(&before, &after);
    assert_eq!(gone.len(), 1, "only the old line of the key is gone: {gone:?}");
    // The controller compares the metadata of the object with that of its template.
    let object = objects(&after).remove(0);
    let own = at(&object, "metadata.annotations");
    assert_eq!(own, at(&object, "spec.template.metadata.annotations"));
    assert_eq!(own["previous-until.hardtack.dev/password"].as_str(), Some("2026-12-04"));
    let (last, _) = rotated(&someone, "2026-12-05", "db.yaml", &["db/password", "db.yaml", "--drop"]);
    assert!(!last.contains("previous"), "{last}");
    assert_eq!(open(&last, "password", "shop/db"), Some(value));
}

fn every_scope_stays_what_it_was() {
    for (scope, label) in [("namespace-wide", "shop"), ("cluster-wide", "")] {
        let (someone, _) = someone(scope);
        let pair = ["db/password", "db.yaml", "--cert", "pub-cert.pem", "--key-pair", "ed25519"];
        let (after, _) = rotated(&someone, DAY, "db.yaml", &pair);
        let private = open(&after, "password", label).unwrap();
        assert!(private.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{scope}");
        assert!(open(&after, "password.pub", label).unwrap().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    }
}

/// By its digest a value keeps its ciphertext in the next run: that of the old value must not lead to the new ciphertext.
fn no_digest_vouches_for_what_was_replaced() {
    let someone = Someone::new();
    someone.sandbox.write("pub-cert.pem", &testdata("sealed/test-only.cert.pem"));
    someone.sandbox.write("digest.key", "0123456789abcdef0123456789abcdef");
    let seal = |args: &[&str]| {
        let call = someone.sandbox.call("hardtack").args([
            "secrets",
            "seal",
            "--cert",
            "pub-cert.pem",
            "--date",
            DAY,
        ]);
        let call = call.args(args).env("HARDTACK_DIGEST_KEY_FILE", "digest.key").stdin(SECRET);
        call.run().succeeded().stdout.clone()
    };
    someone.sandbox.write("db.yaml", &seal(&[]));
    let (after, _) = rotated(&someone, DAY, "db.yaml", &["db/password", "db.yaml", "--cert", "pub-cert.pem"]);
    let object = objects(&after).remove(0);
    let digests =
        at(&object, "metadata.annotations")["hardtack.dev/sealed-digests"].as_str().unwrap().to_owned();
    assert!(digests.contains("\"user\"") && !digests.contains("\"password\""), "{digests}");
    assert_eq!(at(&object, "metadata.annotations"), at(&object, "spec.template.metadata.annotations"));
    let again = seal(&["--previous", "db.yaml"]);
    assert_eq!(line(&after, " user: "), line(&again, " user: "));
    assert_eq!(open(&again, "password", "shop/db").as_deref(), Some("canary-1"));
}

fn there_is_no_sealing_without_a_certificate() {
    let (someone, before) = someone("strict");
    let run = |args: &[&str]| on(&someone, DAY, &[&["rotate", "db/password", "db.yaml"], args].concat());
    run(&[]).failed_with(2).says("no certificate to seal with").says("kubeseal --fetch-cert");
    let small = root().join("testdata/sealed/small.cert.pem").display().to_string();
    run(&["--cert", &small]).failed_with(2).says("1024 bits");
    run(&["--cert", "pub-cert.pem", "--date", "2036-12-31"]).failed_with(2).says("expired on");
    run(&["--cert", "https://sealed-secrets/v1/cert.pem"]).failed_with(2).says("asks no network");
    on(&someone, DAY, &["rotate", "db/pasword", "db.yaml"]).failed_with(2).says("did you mean \"password\"?");
    assert_eq!(read(&someone, "db.yaml"), before);
    // That of the policy.
    let policy = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}}\n";
    someone.sandbox.write("policy.yaml", policy);
    let (after, _) = rotated(&someone, DAY, "db.yaml", &["db/password", "db.yaml", "-p", "policy.yaml"]);
    assert_eq!(open(&after, "password", "shop/db").unwrap().len(), 64);
    assert!(!after.contains("password-previous"));
}

fn kubeseal_opens_what_is_rotated() {
    let someone = Someone::new();
    let certificate = someone.sandbox.write("pub-cert.pem", &testdata("sealed/test-only.cert.pem"));
    let ran = someone
        .sandbox
        .call("kubeseal")
        .arg("--cert")
        .arg(&certificate)
        .args(["-o", "yaml"])
        .stdin(SECRET)
        .run();
    someone.sandbox.write("db.yaml", &ran.succeeded().stdout);
    let args =
        ["db/password", "db.yaml", "--cert", "pub-cert.pem", "--overlap", "7d", "--rotate-after", "90d"];
    let (after, _) = rotated(&someone, DAY, "db.yaml", &args);
    let key = root().join("testdata/sealed/test-only.key.pem");
    let call =
        someone.sandbox.call("kubeseal").args(["--recovery-unseal", "-o", "yaml", "--recovery-private-key"]);
    let ran = call.arg(key).stdin(after.as_str()).run();
    let secret = objects(&ran.succeeded().stdout).remove(0);
    let value = |key: &str| {
        String::from_utf8(STANDARD.decode(secret["data"][key].as_str().unwrap()).unwrap()).unwrap()
    };
    assert_eq!((value("password-previous").as_str(), value("user").as_str()), ("canary-1", "canary-user"));
    assert_eq!(value("password").len(), 64);
    assert_eq!(Some(value("password")), open(&after, "password", "shop/db"));
}
