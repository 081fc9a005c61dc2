//! `secrets rotate` in the manifest of a Secret: one that sops encrypted, and one in plain text.

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::objects::read as objects;
use crate::support::programs::trial;
use crate::{difference, line, on, read, rotated, testdata};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_sops_secret_keeps_every_other_byte", &[], a_sops_secret_keeps_every_other_byte),
        trial("what_sops_wrote_is_rotated_in_its_order", &["sops"], what_sops_wrote_is_rotated_in_its_order),
        trial("several_documents_under_one_hash", &["sops"], several_documents_under_one_hash),
        trial("a_digest_never_tells_of_an_older_value", &[], a_digest_never_tells_of_an_older_value),
        trial("a_file_that_was_tampered_with_is_not_signed_anew", &[], tampered),
        trial("no_rule_leaves_the_old_value_in_the_clear", &["sops"], no_rule_leaves_the_old_value),
        trial("a_plain_secret_wants_a_policy_that_keeps_it", &[], a_plain_secret),
        trial("values_that_others_own", &[], values_that_others_own),
        trial("the_object_that_is_meant", &[], the_object_that_is_meant),
        trial("others_who_write_the_manifest_lose_nothing", &[], others_who_write_lose_nothing),
    ]
}

const DAY: &str = "2026-11-27";

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\ntype: Opaque\ndata:\n  \
                      binary: Y2FuYXJ5LTE=\nstringData:\n  password: canary-1\n  user: canary-user\n";

/// A stream with a Secret that hardtack encrypted, and comments that people wrote into it afterwards.
fn encrypted(someone: &Someone) -> String {
    let stream = format!(
        "# of the shop\nkind: ConfigMap\napiVersion: v1\nmetadata: {{name: c}} # as it is\n---\n{SECRET}"
    );
    let args = ["secrets", "encrypt", "--age", &someone.recipient];
    let text = someone.sandbox.hardtack(&args, &stream).succeeded().stdout.clone();
    text.replace("stringData:\n", "stringData: # what the shop needs\n")
}

fn opened(someone: &Someone, file: &str) -> String {
    someone.sandbox.hardtack(&["secrets", "decrypt", file], "").succeeded().stdout.clone()
}

fn a_sops_secret_keeps_every_other_byte() {
    let someone = Someone::new();
    let before = encrypted(&someone);
    someone.sandbox.write("db.yaml", &before);
    let args = ["db/password", "db.yaml", "--overlap", "7d", "--rotate-after", "90d"];
    let (after, said) = rotated(&someone, DAY, "db.yaml", &args);
    assert!(
        said.contains("db/password is new in db.yaml") && said.contains("rotate db/password db.yaml --drop"),
        "{said}"
    );
    let (gone, new) = difference(&before, &after);
    let of = |lines: &[&str]| -> Vec<String> {
        lines.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(of(&gone), ["password", "lastmodified", "mac"], "{gone:?}");
    let notes = ["issued", "source", "rotate-after", "previous-until"]
        .map(|it| format!("{it}.hardtack.dev/password"));
    let mut wanted: Vec<String> =
        ["password-previous", "password", "lastmodified", "mac", "annotations"].map(str::to_owned).to_vec();
    wanted.extend(notes);
    let (mut found, mut wanted) = (of(&new), wanted);
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "{new:?}");
    let clear = opened(&someone, "db.yaml");
    assert_eq!(line(&clear, "password-previous").trim(), "password-previous: canary-1");
    assert_eq!(line(&clear, " password: ").trim().len(), "password: ".len() + 64);
    assert!(!std::path::Path::new(&someone.sandbox.path("work/db.yaml.previous")).exists());
    // Under data what stands there is base64, and what is new is too.
    let (_, _) =
        rotated(&someone, DAY, "db.yaml", &["db/binary", "db.yaml", "--length", "32", "--overlap", "1d"]);
    let clear = opened(&someone, "db.yaml");
    let secret = objects(&clear).remove(1);
    let value = base64(secret["data"]["binary"].as_str().unwrap());
    assert!(
        value.len() == 32 && secret["data"]["binary-previous"].as_str() == Some("Y2FuYXJ5LTE="),
        "{clear}"
    );
    let (after, _) = rotated(&someone, "2026-12-30", "db.yaml", &["db/user", "db.yaml", "--drop"]);
    assert!(!after.contains("-previous"), "{after}");
    assert!(opened(&someone, "db.yaml").contains("user: canary-user"));
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// Keys in the order of the people who wrote them, comments that sops encrypted, a hash over all values.
fn what_sops_wrote_is_rotated_in_its_order() {
    let values = "encrypted_regex: ^(data|stringData)$";
    let all = "unencrypted_regex: ^(apiVersion|kind|name|namespace|type)$";
    for rule in [values.to_owned(), format!("{values}, mac_only_encrypted: true"), all.to_owned()] {
        let someone = Someone::new();
        let text = SECRET.replace("stringData:\n", "stringData:\n  # canary-comment\n  zebra: canary-z\n");
        someone.sandbox.write("db.yaml", &text);
        let rules = format!("creation_rules: [{{age: {}, {rule}}}]\n", someone.recipient);
        someone.sandbox.write(".sops.yaml", &rules);
        someone.sops(&["encrypt", "--in-place", "db.yaml"], "").succeeded();
        let before = read(&someone, "db.yaml");
        let (after, _) = rotated(&someone, DAY, "db.yaml", &["db/password", "db.yaml", "--overlap", "7d"]);
        for kept in ["zebra: ", "user: ", "binary: ", "#ENC["] {
            assert_eq!(line(&before, kept), line(&after, kept), "{rule}");
        }
        let clear = someone.sops(&["decrypt", "db.yaml"], "").succeeded().stdout.clone();
        assert!(
            clear.contains("# canary-comment") && clear.contains("password-previous: canary-1"),
            "{clear}"
        );
        let secret = objects(&clear).remove(0);
        assert_eq!(secret["stringData"]["password"].as_str().unwrap().len(), 64);
        assert_eq!(
            secret["metadata"]["annotations"]["previous-until.hardtack.dev/password"].as_str(),
            Some("2026-12-04")
        );
        let status = on(&someone, DAY, &["status", "db.yaml"]).stdout;
        assert!(
            line(&status, "password ").contains("0d"),
            "annotations are read, encrypted or not: {status}"
        );
    }
}

fn several_documents_under_one_hash() {
    let someone = Someone::new();
    someone.sandbox.write("all.yaml", &format!("{SECRET}---\n{}", SECRET.replace("name: db", "name: api")));
    let args = [
        "encrypt",
        "--in-place",
        "--age",
        &someone.recipient,
        "--encrypted-regex",
        "^(data|stringData)$",
        "all.yaml",
    ];
    someone.sops(&args, "").succeeded();
    rotated(&someone, DAY, "all.yaml", &["api/password", "all.yaml"]);
    let clear = someone.sops(&["decrypt", "all.yaml"], "").succeeded().stdout.clone();
    assert_eq!(clear.matches("password: canary-1").count(), 1, "{clear}");
}

fn a_digest_never_tells_of_an_older_value() {
    let someone = Someone::new();
    someone.sandbox.write("digest.key", "0123456789abcdef0123456789abcdef");
    let args = ["secrets", "encrypt", "--age", &someone.recipient, "-o", "db.yaml"];
    let call = someone.sandbox.call("hardtack").args(args).env("HARDTACK_DIGEST_KEY_FILE", "digest.key");
    call.stdin(SECRET).run().succeeded();
    let before = read(&someone, "db.yaml");
    let call = someone.sandbox.call("hardtack").args(["secrets", "rotate", "db/password", "db.yaml"]);
    call.env("HARDTACK_DIGEST_KEY_FILE", "digest.key").run().succeeded();
    let after = read(&someone, "db.yaml");
    assert_ne!(line(&before, "hardtack_digest"), line(&after, "hardtack_digest"));
    let (after, _) = rotated(&someone, DAY, "db.yaml", &["db/password", "db.yaml"]);
    assert!(!after.contains("hardtack_digest"), "without the key there is none that fits");
}

fn tampered() {
    let someone = Someone::new();
    let args = ["secrets", "encrypt", "--sops-full-mac", "--age", &someone.recipient];
    let text = someone
        .sandbox
        .hardtack(&args, SECRET)
        .succeeded()
        .stdout
        .replace("namespace: shop", "namespace: mine");
    someone.sandbox.write("db.yaml", &text);
    on(&someone, DAY, &["rotate", "db/password", "db.yaml"]).failed_with(2).says("the MAC does not agree");
    assert_eq!(read(&someone, "db.yaml"), text);
}

/// A rule that speaks of the keys that are there does not speak of those that come.
fn no_rule_leaves_the_old_value() {
    let someone = Someone::new();
    let store =
        "apiVersion: hardtack.dev/v1\nkind: Secrets\nsecrets: {db: {stringData: {password: canary-1}}}\n";
    for (file, text) in [("db.yaml", SECRET), ("store.yaml", store)] {
        someone.sandbox.write(file, text);
        let rule = ["--encrypted-regex", "^(password|user|binary)$", "--age", &someone.recipient];
        someone.sops(&[&["encrypt", "--in-place"], &rule[..], &[file]].concat(), "").succeeded();
        let before = read(&someone, file);
        let args = ["rotate", "db/password", file, "--overlap", "7d"];
        on(&someone, DAY, &args).failed_with(2).says("stringData.password-previous would stay in the clear");
        assert_eq!(read(&someone, file), before);
        on(&someone, DAY, &args[..3]).succeeded();
    }
}

const KEEPS: &str = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: keep}}\n";

fn a_plain_secret() {
    let someone = Someone::new();
    let text = format!("# all of it\n{SECRET}").replace("  user: ", "  # who\n  user:   ");
    someone.sandbox.write("db.yaml", &text);
    let run = |args: &[&str]| on(&someone, DAY, &[&["rotate", "db/password", "db.yaml"], args].concat());
    run(&[]).failed_with(2).says("is in plain text").says("hardtack secrets encrypt --in-place");
    run(&["-e", "production"]).failed_with(2);
    let certificate = testdata("sealed/test-only.cert.pem");
    someone.sandbox.write("pub-cert.pem", &certificate);
    let sealed = KEEPS.replace("to: keep", "to: sealed, sealed: {certificate: pub-cert.pem}");
    someone.sandbox.write("sealed.yaml", &sealed);
    run(&["-p", "sealed.yaml"]).failed_with(2).says("hardtack secrets seal");
    assert_eq!(read(&someone, "db.yaml"), text);
    someone.sandbox.write("keeps.yaml", KEEPS);
    run(&["-p", "keeps.yaml", "--overlap", "7d"]).succeeded();
    let after = read(&someone, "db.yaml");
    let (gone, new) = difference(&text, &after);
    assert_eq!((gone, new.len()), (vec!["password: canary-1"], 6), "{new:?}");
    assert!(
        after.contains("  password-previous: canary-1\n")
            && after.contains("  # who\n  user:   canary-user\n")
    );
    // Both maps hold it: what wins is replaced, what was hidden goes.
    someone.sandbox.write("both.yaml", &text.replace("  binary:", "  password: Y2FuYXJ5LTE=\n  binary:"));
    rotated(&someone, DAY, "both.yaml", &["db/password", "both.yaml", "-p", "keeps.yaml"]);
    let both = read(&someone, "both.yaml");
    assert_eq!(both.lines().filter(|line| line.starts_with("  password: ")).count(), 1, "{both}");
    let frozen = text.replace("type: Opaque", "type: Opaque\nimmutable: true");
    someone.sandbox.write("db.yaml", &frozen);
    run(&["-p", "keeps.yaml"]).failed_with(2).says("is immutable");
    let token = text.replace("type: Opaque", "type: kubernetes.io/service-account-token");
    someone.sandbox.write("db.yaml", &token);
    run(&["-p", "keeps.yaml"]).failed_with(2).says("the controller of service accounts fills it");
}

fn values_that_others_own() {
    let someone = Someone::new();
    let text = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: mail}\nspec:\n  \
                secretStoreRef: {name: vault, kind: SecretStore}\n  data:\n    - {secretKey: password, remoteRef: {key: mail, property: canary-p}}\n";
    someone.sandbox.write("mail.yaml", &text.replace("canary-p", "smtp"));
    let ran = on(&someone, DAY, &["rotate", "mail/password", "mail.yaml"]);
    ran.failed_with(2).says("the store vault owns them").says("in the store vault at mail, property smtp");
    someone.sandbox.write("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
    on(&someone, DAY, &["rotate", "c/a", "map.yaml"]).failed_with(2).says("map.yaml holds no secret");
}

fn the_object_that_is_meant() {
    let someone = Someone::new();
    someone.sandbox.write("keeps.yaml", KEEPS);
    let text = format!("{SECRET}---\n{}", SECRET.replace("namespace: shop", "namespace: test"));
    someone.sandbox.write("all.yaml", &text);
    let run = |args: &[&str]| on(&someone, DAY, &[&["rotate", "-p", "keeps.yaml"], args].concat());
    run(&["db/password", "all.yaml"])
        .failed_with(2)
        .says("db is meant by Secret/db in line 1 and by Secret/db in line 13");
    run(&["dbs/password", "all.yaml"]).failed_with(2).says("did you mean \"db\"?");
    run(&["db/pasword", "all.yaml", "-n", "test"]).failed_with(2).says("did you mean \"password\"?");
    run(&["db/password", "all.yaml", "-n", "other"]).failed_with(2).says("is of another namespace");
    // By the option of the store as well.
    run(&["db/password", "--file", "all.yaml", "-n", "test"]).succeeded();
    let after = read(&someone, "all.yaml");
    assert!(after.starts_with(SECRET) && after.matches("password: canary-1").count() == 1);
}

fn others_who_write_lose_nothing() {
    let someone = Someone::new();
    someone.sandbox.write("keeps.yaml", KEEPS);
    let keys: Vec<String> = (0..6).map(|number| format!("k{number}")).collect();
    let values: String = keys.iter().map(|key| format!("  {key}: canary-old\n")).collect();
    someone.sandbox.write(
        "n.yaml",
        &format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: many}}\nstringData:\n{values}"),
    );
    let told = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for key in &keys {
            let (someone, told) = (&someone, &told);
            scope.spawn(move || {
                let ran = on(someone, DAY, &["rotate", "-p", "keeps.yaml", &format!("many/{key}"), "n.yaml"]);
                if ran.code != 0 {
                    ran.says("was changed by somebody else meanwhile");
                    told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    let new = 6 - read(&someone, "n.yaml").matches("canary-old").count();
    println!("{new} of 6 rotations at once came through");
    assert!(new >= 1 && new + told.into_inner() == 6, "{new}");
}
