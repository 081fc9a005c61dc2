//! `secrets rotate` in a store.

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::trial;
use crate::{line, on, read, rotated};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_value_of_the_store_is_replaced", &[], a_value_of_the_store_is_replaced),
        trial("the_value_before_is_kept_and_dropped_after_its_day", &[], kept_and_dropped),
        trial("the_policy_says_how_long", &[], the_policy_says_how_long),
        trial("pairs_of_keys_are_pem", &[], pairs_of_keys_are_pem),
        trial("what_is_no_value_of_its_own_is_not_replaced", &[], what_is_no_value_of_its_own),
        trial("wrong_words_are_named", &[], wrong_words_are_named),
        trial("others_who_write_lose_nothing", &[], others_who_write_lose_nothing),
        trial("sops_reads_what_is_rotated", &["sops"], sops_reads_what_is_rotated),
    ]
}

const FILE: &str = "secrets.sops.yaml";
const DAY: &str = "2026-11-27";

fn set(someone: &Someone, place: &str, value: &str) {
    let call = someone.sandbox.call("hardtack").args(["secrets", "set", place, "--age", &someone.recipient]);
    call.env("SOURCE_DATE_EPOCH", "1785542400").stdin(value).run().succeeded();
}

fn get(someone: &Someone, place: &str) -> String {
    someone.sandbox.hardtack(&["secrets", "get", place], "").succeeded().stdout.clone()
}

fn someone() -> Someone {
    let someone = Someone::new();
    set(&someone, "db/password", "canary-1");
    set(&someone, "db/user", "canary-user");
    set(&someone, "api/token", "canary-2");
    someone
}

fn a_value_of_the_store_is_replaced() {
    let someone = someone();
    let before = read(&someone, FILE);
    let (after, said) = rotated(&someone, DAY, FILE, &["db/password", "--rotate-after", "90d"]);
    assert!(said.starts_with("db/password is new in secrets.sops.yaml\nnext: deploy it"), "{said}");
    let value = get(&someone, "db/password");
    assert!(value.len() == 64 && value.bytes().all(|it| it.is_ascii_alphanumeric()), "{}", value.len());
    assert!(!after.contains(&value) && !said.contains(&value));
    assert_eq!(read(&someone, &format!("{FILE}.previous")), before);
    for key in ["user: ENC", "token: ENC"] {
        assert_eq!(line(&before, key), line(&after, key), "what stays keeps its ciphertext");
    }
    assert_ne!(line(&before, "password: ENC"), line(&after, "password: ENC"));
    for note in [
        "issued.hardtack.dev/password: \"2026-11-27\"",
        "rotate-after.hardtack.dev/password: 90d",
        "source.hardtack.dev/password: hardtack secrets rotate",
        "rotated password",
    ] {
        assert!(after.contains(note), "{note}:\n{after}");
    }
    let log = read(&someone, &format!("{FILE}.log"));
    assert!(log.contains("\"action\":\"rotate\",\"secret\":\"db/password\"}\n"), "{log}");
    assert!(!log.contains(&value) && !log.contains("canary"));
    let status = on(&someone, DAY, &["status", "--store", FILE]).stdout;
    let row = line(&status, "password ");
    assert!(row.starts_with("fresh") && row.contains(" 0d ") && row.contains("2027-02-25"), "{status}");
    assert!(line(&status, "user ").contains(" 118d "), "the age of another key is its own: {status}");
    for (args, length, all) in [
        (&["--length", "32", "--alphabet", "hex"][..], 32, "0123456789abcdef"),
        (&["--alphabet", "digits", "--length", "12"], 12, "0123456789"),
        (&["--alphabet", "abcdefghij"], 64, "abcdefghij"),
    ] {
        rotated(&someone, DAY, FILE, &[&["api/token"], args].concat());
        let value = get(&someone, "api/token");
        assert!(value.len() == length && value.chars().all(|it| all.contains(it)), "{args:?}");
    }
}

fn kept_and_dropped() {
    let someone = someone();
    let (after, said) = rotated(&someone, DAY, FILE, &["db/password", "--overlap", "7d"]);
    assert!(said.contains("kept as password-previous until 2026-12-04"), "{said}");
    assert!(said.contains("hardtack secrets rotate db/password --drop"), "{said}");
    assert_eq!(get(&someone, "db/password-previous"), "canary-1");
    assert!(after.contains("previous-until.hardtack.dev/password: \"2026-12-04\""), "{after}");
    let first = get(&someone, "db/password");
    // Whoever uses it still may do so until the end of that day.
    for day in [DAY, "2026-12-04"] {
        let ran = on(&someone, day, &["rotate", "db/password", "--overlap", "7d"]);
        ran.failed_with(2).says("password-previous is to be kept until 2026-12-04").says("--force");
        let ran = on(&someone, day, &["rotate", "db/password", "--drop"]);
        ran.succeeded().says("keeps nothing whose time is over");
    }
    assert_eq!(read(&someone, FILE), after, "nothing was written");
    let status = on(&someone, "2026-12-05", &["status", "--store", FILE]).stdout;
    assert!(line(&status, "password-previous").starts_with("expired"), "{status}");
    // The rotation of a neighbour drops it too.
    let (after, said) = rotated(&someone, "2026-12-05", FILE, &["db/user", "--overlap", "1w"]);
    assert!(said.contains("taken out of db in secrets.sops.yaml: password-previous"), "{said}");
    assert!(
        !after.contains("password-previous: ENC") && !after.contains("until.hardtack.dev/password"),
        "{after}"
    );
    assert!(after.contains("dropped password-previous"), "{after}");
    assert_eq!(get(&someone, "db/password"), first);
    let (after, said) = rotated(&someone, "2026-12-13", FILE, &["db/user", "--drop"]);
    assert!(
        said.starts_with("taken out of db in secrets.sops.yaml: user-previous\nnext: deploy it"),
        "{said}"
    );
    assert!(!after.contains("user-previous: ENC"));
    assert!(
        read(&someone, &format!("{FILE}.log"))
            .contains("\"action\":\"drop\",\"secret\":\"db/user-previous\"")
    );
    // Forced: the value of the moment takes the place of the older one.
    rotated(&someone, DAY, FILE, &["db/password", "--overlap", "7d"]);
    let second = get(&someone, "db/password");
    rotated(&someone, DAY, FILE, &["db/password", "--overlap", "7d", "--force"]);
    assert_eq!(get(&someone, "db/password-previous"), second);
}

fn the_policy_says_how_long() {
    let someone = someone();
    let policy =
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {rules: {secret-overdue: {overlap: 3d}}}\n";
    someone.sandbox.write("policy.yaml", policy);
    let (_, said) = rotated(&someone, DAY, FILE, &["db/password", "-p", "policy.yaml"]);
    assert!(said.contains("until 2026-11-30"), "{said}");
    let (after, _) = rotated(&someone, DAY, FILE, &["api/token", "-p", "policy.yaml", "--overlap", "0d"]);
    assert!(!after.contains("token-previous"), "{after}");
}

fn pairs_of_keys_are_pem() {
    use rustls_pki_types::pem::PemObject as _;
    let someone = someone();
    for kind in ["ed25519", "ec-p256", "rsa-2048"] {
        let (_, said) =
            rotated(&someone, DAY, FILE, &["api/token", "--key-pair", kind, "--overlap", "7d", "--force"]);
        assert!(said.starts_with("api/token and api/token.pub are new in"), "{said}");
        let (private, public) = (get(&someone, "api/token"), get(&someone, "api/token.pub"));
        let key = rustls_pki_types::PrivateKeyDer::from_pem_slice(private.as_bytes()).unwrap();
        let key = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
        let half = rustls_pki_types::SubjectPublicKeyInfoDer::from_pem_slice(public.as_bytes()).unwrap();
        assert_eq!(key.public_key().unwrap(), half, "{kind}");
        assert!(!said.contains("BEGIN"));
    }
    // The public half before is what tells old signatures.
    assert!(get(&someone, "api/token.pub-previous").starts_with("-----BEGIN PUBLIC KEY-----"));
    let ran = on(&someone, "2027-01-01", &["rotate", "api/token"]);
    ran.failed_with(2).says("is a key in a form of its own").says("--key-pair");
}

fn what_is_no_value_of_its_own() {
    let someone = someone();
    let pem = crate::testdata("sealed/test-only.cert.pem");
    set(&someone, "tls/tls.crt", &pem);
    set(&someone, "tls/tls.key", "canary-key");
    set(&someone, "db/reference", "ref+vault://shop/db#canary-");
    let before = read(&someone, FILE);
    for (place, words) in [
        ("tls/tls.crt", "tls.crt is a certificate"),
        ("tls/tls.key", "tls.crt is the certificate of this key"),
        ("db/reference", "reference holds a reference"),
    ] {
        on(&someone, DAY, &["rotate", place]).failed_with(2).says(words);
    }
    assert_eq!(read(&someone, FILE), before);
    rotated(&someone, DAY, FILE, &["db/reference", "--force"]);
}

fn wrong_words_are_named() {
    let someone = someone();
    let before = read(&someone, FILE);
    let run = |args: &[&str]| on(&someone, DAY, &[&["rotate"], args].concat());
    run(&["db/pasword"]).failed_with(2).says("has no key pasword").says("did you mean \"password\"?");
    run(&["dbs/password"]).failed_with(2).says("did you mean \"db\"?");
    run(&["db"]).failed_with(2).says("NAME/KEY");
    run(&["db/password", "--file", "none.yaml"]).failed_with(2).says("none.yaml is not there");
    run(&["db/password", "-"]).failed_with(2).says("in its place");
    run(&["db/password", "--overlap", "soon"]).failed_with(2).says("no number of days");
    run(&["db/password", "--rotate-after", "soon"]).failed_with(2).says("neither a number of days nor a day");
    run(&["db/password", "--rotate-after", "2026-01-01"])
        .failed_with(2)
        .says("would be past that day at once");
    run(&["db/password", "--length", "4"]).failed_with(2).says("8..=65536");
    run(&["db/password", "--alphabet", "abc"]).failed_with(2).says("at least ten characters");
    run(&["db/password", "--key-pair", "dsa"]).failed_with(2).says("unknown kind of key");
    run(&["db/password", "--key-pair", "ed25519", "--length", "9"])
        .failed_with(2)
        .says("cannot be used with");
    std::fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    run(&["db/password"]).failed_with(2).says("no key here opens this");
    assert_eq!(read(&someone, FILE), before);
}

fn others_who_write_lose_nothing() {
    let someone = someone();
    let keys: Vec<String> = (0..6).map(|number| format!("k{number}")).collect();
    keys.iter().for_each(|key| set(&someone, &format!("n/{key}"), "canary-old"));
    let told = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for key in &keys {
            let (someone, told) = (&someone, &told);
            scope.spawn(move || {
                let ran = on(someone, DAY, &["rotate", &format!("n/{key}")]);
                if ran.code != 0 {
                    ran.says("was changed by somebody else meanwhile");
                    told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    let new = keys.iter().filter(|key| get(&someone, &format!("n/{key}")) != "canary-old").count();
    println!("{new} of 6 rotations at once came through");
    assert!(new >= 1 && new + told.into_inner() == 6, "{new}");
}

fn sops_reads_what_is_rotated() {
    let someone = someone();
    rotated(&someone, DAY, FILE, &["db/password", "--overlap", "7d"]);
    let opened = someone.sops(&["decrypt", FILE], "").succeeded().stdout.clone();
    assert!(opened.contains(&format!("password: {}", get(&someone, "db/password"))), "{opened}");
    assert!(
        opened.contains("password-previous: canary-1") && opened.contains("user: canary-user"),
        "{opened}"
    );
}
