//! What hardtack encrypts, as the real sops reads it.

use chrono::DateTime;
use hardtack::secrets::Plain;
use hardtack::secrets::sops::{
    self, Identity, Keys, Previous, Recipient, Rule, RuleKind, SopsError, State, Terms,
};
use hardtack::yaml::{Data, data};
use libtest_mimic::Trial;
use serde_json::json;

use crate::people::Someone;
use crate::support::programs::{root, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("sops_decrypts_a_secret", &["sops"], sops_decrypts_a_secret),
        trial("sops_decrypts_for_groups_and_ssh", &["sops"], sops_decrypts_for_groups_and_ssh),
        trial("sops_decrypts_under_every_rule", &["sops"], sops_decrypts_under_every_rule),
        trial("the_form_is_exact", &[], the_form_is_exact),
        trial("unchanged_values_keep_their_bytes", &["sops"], unchanged_values_keep_their_bytes),
        trial("a_digest_keeps_what_nobody_here_opens", &[], a_digest_keeps_what_nobody_here_opens),
        trial("other_people_get_another_key", &[], other_people_get_another_key),
        trial("half_encrypted_and_nothing_are_errors", &[], half_encrypted_and_nothing_are_errors),
    ]
}

pub fn secret() -> Data {
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": true,
        "metadata": {"name": "demo", "namespace": "vec", "labels": {"app": "demo"}, "annotations": {"n": "3", "o": "yes"}},
        "stringData": {"url": "postgres://demo:hunter2@db/app", "multi": "one\ntwo\n", "yes": "no", "octal": "0755"},
        "data": {"password": "aHVudGVyMg==", "empty": "", "bin": "//4A", "key10": "YQ==", "key2": "Yg==", "tls.key": "Yw=="},
    })
}

fn now() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_795_700_000, 0).unwrap()
}

pub fn sealed(object: &Data, terms: &Terms) -> String {
    sops::text(&sops::encrypt(object, terms, None, now()).unwrap()).unwrap()
}

#[track_caller]
fn sops_says(someone: &Someone, text: &str, object: &Data) {
    someone.sandbox.write("given.yaml", text);
    let ran = someone.sops(&["decrypt", "--output-type", "json", "given.yaml"], "");
    let read: Data = serde_json::from_str(&ran.succeeded().stdout).unwrap();
    assert!(data::same(&read, object), "{read}\nis not\n{object}\nin\n{text}");
}

fn sops_decrypts_a_secret() {
    let someone = Someone::new();
    for mac_only_encrypted in [true, false] {
        let terms = Terms { mac_only_encrypted, ..someone.terms() };
        let text = sealed(&secret(), &terms);
        sops_says(&someone, &text, &secret());
        for value in ["hunter2", "aHVudGVyMg", "one", "//4A"] {
            assert!(!text.contains(value), "{value} in\n{text}");
        }
        // And sops itself goes on with it.
        let set = someone.sops(&["set", "given.yaml", r#"["stringData"]["new"]"#, "\"added\""], "");
        set.succeeded();
        let file = std::fs::read_to_string(someone.sandbox.path("work/given.yaml")).unwrap();
        let opened = sops::decrypt(&file, &someone.keyring()).unwrap();
        assert!(opened.text.contains("new: added"), "{}", *opened.text);
    }
}

fn sops_decrypts_for_groups_and_ssh() {
    let someone = Someone::new();
    let stranger = || -> Recipient { Identity::generate().1.parse().unwrap() };
    let groups = vec![vec![stranger(), someone.recipient()], vec![stranger()], vec![someone.recipient()]];
    let terms = Terms::of(Keys::of_groups(groups.clone(), Some(2)).unwrap());
    let text = sealed(&secret(), &terms);
    sops_says(&someone, &text, &secret());
    assert!(sops::decrypt(&text, &someone.keyring()).is_ok());
    let all_needed = Terms::of(Keys::of_groups(groups, None).unwrap());
    let text = sealed(&secret(), &all_needed);
    someone.sandbox.write("given.yaml", &text);
    assert_ne!(someone.sops(&["decrypt", "given.yaml"], "").code, 0, "two of three groups");
    assert!(sops::decrypt(&text, &someone.keyring()).is_err());
    for name in ["id_ed25519", "id_rsa"] {
        let folder = root().join("testdata/sops");
        let public = std::fs::read_to_string(folder.join(format!("{name}.pub"))).unwrap();
        let terms = Terms::of(Keys::of(vec![stranger(), public.parse().unwrap()]).unwrap());
        someone.sandbox.write("given.yaml", &sealed(&secret(), &terms));
        let call = someone.sops_call(&["decrypt", "given.yaml"]);
        call.env("SOPS_AGE_SSH_PRIVATE_KEY_FILE", folder.join(name)).run().succeeded();
    }
}

fn sops_decrypts_under_every_rule() {
    let someone = Someone::new();
    let values = json!({"a": {"b_secret": [1, -0.5, true, null, "x"], "c": 1e21}, "d_open": {"e": "f"}, "list": [[], {}]});
    for (kind, written) in [
        (RuleKind::EncryptedRegex, "^(b_|list)"),
        (RuleKind::UnencryptedRegex, "open$"),
        (RuleKind::EncryptedSuffix, "_secret"),
        (RuleKind::UnencryptedSuffix, "_open"),
    ] {
        for mac_only_encrypted in [true, false] {
            let rule = Rule::new(kind, written).unwrap();
            let terms = Terms { rule, mac_only_encrypted, ..someone.terms() };
            sops_says(&someone, &sealed(&values, &terms), &values);
        }
    }
}

fn the_form_is_exact() {
    let someone = Someone::new();
    let text = sealed(&secret(), &someone.terms());
    assert!(text.contains("  lastmodified: \"2026-11-26T13:33:20Z\"\n"), "{text}");
    assert!(text.contains("  mac_only_encrypted: true\n"), "{text}");
    assert!(text.contains("  version: \"3.9.0\"\n") || text.contains("  version: 3.9.0\n"), "{text}");
    assert!(text.contains("enc: |\n        -----BEGIN AGE ENCRYPTED FILE-----\n"), "{text}");
    assert!(text.contains("  encrypted_regex: ") && !text.contains("type:bytes"), "{text}");
    let keys: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        keys,
        [
            "apiVersion: v1",
            "data:",
            "immutable: true",
            "kind: Secret",
            "metadata:",
            "stringData:",
            "type: Opaque",
            "sops:"
        ]
    );
    assert_eq!(text.matches(",iv:").count(), 10, "nine values and the MAC");
    let ivs: std::collections::HashSet<&str> =
        text.match_indices(",iv:").map(|(at, _)| &text[at..at + 48]).collect();
    assert_eq!(ivs.len(), 10, "every IV is fresh");
}

fn line<'t>(text: &'t str, key: &str) -> &'t str {
    text.lines().find(|line| line.trim_start().starts_with(&format!("{key}: "))).unwrap()
}

fn unchanged_values_keep_their_bytes() {
    let someone = Someone::new();
    let terms = someone.terms();
    let first = sops::encrypt(&secret(), &terms, None, now()).unwrap();
    let keyring = someone.keyring();
    let before = || Previous::opened(&first, &keyring).unwrap();
    let later = now() + chrono::TimeDelta::days(1);
    assert_eq!(sops::encrypt(&secret(), &terms, Some(&before()), later).unwrap(), first);
    // What stays in the clear may change: the hash does not cover it.
    let mut labelled = secret();
    labelled["metadata"]["labels"]["app"] = json!("other");
    let relabelled = sops::encrypt(&labelled, &terms, Some(&before()), later).unwrap();
    assert_eq!(relabelled["sops"], first["sops"]);
    sops_says(&someone, &sops::text(&relabelled).unwrap(), &labelled);
    let mut changed = labelled;
    changed["data"]["password"] = json!("b3RoZXI=");
    changed["stringData"]["new"] = json!("new");
    let second = sops::encrypt(&changed, &terms, Some(&before()), later).unwrap();
    let (one, two) = (sops::text(&first).unwrap(), sops::text(&second).unwrap());
    for key in ["bin", "key10", "key2", "tls.key", "url", "octal"] {
        assert_eq!(line(&one, key), line(&two, key), "{key}");
    }
    assert_ne!(line(&one, "password"), line(&two, "password"));
    assert_eq!(first["sops"]["age"], second["sops"]["age"]);
    sops_says(&someone, &two, &changed);
    // Under the full hash a label is a change, and the values still keep their bytes.
    let full = Terms { mac_only_encrypted: false, ..terms };
    let first = sops::encrypt(&secret(), &full, None, now()).unwrap();
    let before = Previous::opened(&first, &keyring).unwrap();
    let second = sops::encrypt(&changed, &full, Some(&before), later).unwrap();
    assert_eq!(first["data"]["bin"], second["data"]["bin"]);
    sops_says(&someone, &sops::text(&second).unwrap(), &changed);
}

fn a_digest_keeps_what_nobody_here_opens() {
    let someone = Someone::new();
    let digest = |key: &str| Terms { digest_key: Some(Plain::from(key.to_owned())), ..someone.terms() };
    let terms = digest("an operator's key");
    let first = sops::encrypt(&secret(), &terms, None, now()).unwrap();
    assert!(first["sops"]["hardtack_digest"].as_str().unwrap().starts_with("hmac-sha256:"));
    let before = Previous::closed(&first).unwrap();
    assert_eq!(sops::encrypt(&secret(), &terms, Some(&before), now()).unwrap(), first);
    let mut changed = secret();
    changed["data"]["password"] = json!("b3RoZXI=");
    let second = sops::encrypt(&changed, &terms, Some(&before), now()).unwrap();
    assert_ne!(second["data"]["bin"], first["data"]["bin"], "without the data key everything is new");
    assert_ne!(second["sops"]["hardtack_digest"], first["sops"]["hardtack_digest"]);
    let under_another = sops::encrypt(&secret(), &digest("another key"), Some(&before), now()).unwrap();
    assert_ne!(under_another["data"]["bin"], first["data"]["bin"]);
    assert!(sops::decrypt(&sops::text(&second).unwrap(), &someone.keyring()).unwrap().notes.is_empty());
}

fn other_people_get_another_key() {
    let (someone, another) = (Someone::new(), Someone::new());
    let both = Terms::of(Keys::of(vec![someone.recipient(), another.recipient()]).unwrap());
    let first = sops::encrypt(&secret(), &both, None, now()).unwrap();
    let keyring = someone.keyring();
    let before = Previous::opened(&first, &keyring).unwrap();
    let second = sops::encrypt(&secret(), &someone.terms(), Some(&before), now()).unwrap();
    assert_ne!(second["data"]["bin"], first["data"]["bin"], "whoever left knows the old data key");
    assert!(sops::decrypt_object(&second, &another.keyring()).is_err());
    assert_eq!(sops::decrypt_object(&second, &keyring).unwrap()["data"], secret()["data"]);
}

fn half_encrypted_and_nothing_are_errors() {
    let someone = Someone::new();
    let terms = someone.terms();
    let encrypt = |object: &Data| sops::encrypt(object, &terms, None, now());
    let whole = encrypt(&secret()).unwrap();
    assert_eq!((sops::state(&whole), encrypt(&whole).unwrap()), (Ok(State::Encrypted), whole.clone()));
    let mut half = whole.clone();
    half["data"]["password"] = json!("aHVudGVyMg==");
    assert_eq!(encrypt(&half).unwrap_err().to_string(), "half encrypted: data.password is in the clear");
    half.as_object_mut().unwrap().remove("sops");
    assert!(encrypt(&half).unwrap_err().to_string().contains("encrypted without a sops block"));
    assert!(matches!(encrypt(&json!({"a": "b"})), Err(SopsError::MatchesNothing { .. })));
    assert!(matches!(encrypt(&json!([1])), Err(SopsError::Unfit { .. })));
    assert!(matches!(encrypt(&json!({"data": {"a": u64::MAX}})), Err(SopsError::Unfit { .. })));
    assert!(matches!(encrypt(&json!({"data": {"a": "x"}, "sops": "mine"})), Err(SopsError::Unfit { .. })));
    assert!(encrypt(&json!({"apiVersion": "v1", "kind": "Secret", "data": {}})).is_ok());
    let only_passwords = Rule::new(RuleKind::EncryptedRegex, "^password$").unwrap();
    let terms = Terms { rule: only_passwords, ..someone.terms() };
    let error = sops::encrypt(&secret(), &terms, None, now()).unwrap_err();
    assert!(
        matches!(error, SopsError::LeftInTheClear { .. }) && !error.to_string().contains("//4A"),
        "{error}"
    );
    for kind in [RuleKind::EncryptedCommentRegex, RuleKind::UnencryptedCommentRegex] {
        let terms = Terms { rule: Rule::new(kind, "x").unwrap(), ..someone.terms() };
        assert!(matches!(sops::encrypt(&secret(), &terms, None, now()), Err(SopsError::CommentRule(_))));
    }
}
