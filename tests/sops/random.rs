//! A few hundred random documents each way.

use hardtack::secrets::sops::{self, Rule, RuleKind, SopsError, Terms};
use hardtack::yaml::{Data, data, stream};
use libtest_mimic::Trial;

use crate::dice::{self, Dice};
use crate::people::Someone;
use crate::support::programs::trial;

/// How many; `HARDTACK_DICE` makes it more.
fn turns() -> u64 {
    std::env::var("HARDTACK_DICE").ok().and_then(|it| it.parse().ok()).unwrap_or(200)
}

pub fn trials() -> Vec<Trial> {
    vec![
        trial("sops_decrypts_random_documents", &["sops"], sops_decrypts_random_documents),
        trial("random_files_of_sops_are_read", &["sops"], random_files_of_sops_are_read),
    ]
}

const RULES: [(RuleKind, &str); 5] = [
    (RuleKind::EncryptedRegex, "^(data|stringData)$"),
    (RuleKind::UnencryptedSuffix, "_unencrypted"),
    (RuleKind::EncryptedRegex, "a"),
    (RuleKind::UnencryptedRegex, "^(metadata|b)$"),
    (RuleKind::EncryptedSuffix, "a"),
];

fn sops_decrypts_random_documents() {
    let someone = Someone::new();
    let time = chrono::DateTime::from_timestamp(1_795_700_000, 0).unwrap();
    let mut compared = 0;
    for seed in 0..turns() {
        let mut dice = Dice::new(seed);
        let object = dice::map(&mut dice, 3);
        let (kind, written) = RULES[dice.roll(RULES.len())];
        let rule = Rule::new(kind, written).unwrap();
        let terms = Terms { rule, mac_only_encrypted: dice.roll(2) == 0, ..someone.terms() };
        let sealed = match sops::encrypt(&object, &terms, None, time) {
            Err(SopsError::MatchesNothing { .. }) => continue,
            sealed => sealed.unwrap_or_else(|error| panic!("{seed}: {error}\n{object}")),
        };
        let text = sops::text(&sealed).unwrap_or_else(|error| panic!("{seed}: {error}\n{sealed}"));
        someone.sandbox.write("given.yaml", &text);
        let ran = someone.sops(&["decrypt", "--output-type", "json", "given.yaml"], "");
        let read: Data = serde_json::from_str(&ran.succeeded().stdout).unwrap();
        // sops takes an empty list for nothing.
        assert!(
            data::same(&without_nothing(&read), &without_nothing(&object)),
            "{seed}:\n{text}\n{read}\n{object}"
        );
        assert!(
            sops::decrypt_object(&sealed, &someone.keyring()).is_ok_and(|it| data::same(&it, &object)),
            "{seed}"
        );
        compared += 1;
    }
    assert!(compared * 2 > turns(), "{compared} documents");
}

fn without_nothing(data: &Data) -> Data {
    match data {
        Data::Array(items) if items.is_empty() => Data::Null,
        Data::Array(items) => Data::Array(items.iter().map(without_nothing).collect()),
        Data::Object(entries) => {
            Data::Object(entries.iter().map(|(key, value)| (key.clone(), without_nothing(value))).collect())
        }
        scalar => scalar.clone(),
    }
}

fn random_files_of_sops_are_read() {
    let someone = Someone::new();
    let rules = [
        "unencrypted_suffix: _unencrypted",
        "encrypted_regex: data",
        "encrypted_regex: key[13]",
        "unencrypted_regex: inner",
    ];
    let mut compared = 0;
    for seed in 0..turns() {
        let mut dice = Dice::new(seed + 10_000);
        let mut text = dice::text(&mut dice);
        for _ in 0..dice.roll(3) {
            text.push_str("---\n");
            text.push_str(&dice::text(&mut dice));
        }
        let (rule, only) = (dice.pick(&rules), ["true", "false"][dice.roll(2)]);
        let recipient = &someone.recipient;
        let config =
            format!("creation_rules:\n  - age: {recipient}\n    {rule}\n    mac_only_encrypted: {only}\n");
        someone.sandbox.write(".sops.yaml", &config);
        someone.sandbox.write("plain.yaml", &text);
        let ran = someone.sops(&["encrypt", "plain.yaml"], "");
        if ran.code != 0 {
            continue;
        }
        let opened = sops::decrypt(&ran.stdout, &someone.keyring());
        someone.sandbox.write("given.yaml", &ran.stdout);
        let theirs = someone.sops(&["decrypt", "given.yaml"], "");
        if theirs.code != 0 {
            // sops prints -0.0 as -0, and then reads an integer where it hashed a float.
            assert!(text.contains("-0.0") && opened.is_err(), "{seed}: {}\n{text}", theirs.stderr);
            continue;
        }
        let opened = opened.unwrap_or_else(|error| panic!("{seed}: {error}\n{text}\n{}", ran.stdout));
        let (ours, theirs) = (documents(&opened.text), documents(&theirs.stdout));
        let alike = ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| data::same(a, b));
        assert!(alike, "{seed}:\n{text}\n{}\n{ours:?}\n{theirs:?}", *opened.text);
        assert!(!opened.text.contains("ENC["), "{seed}:\n{}", *opened.text);
        compared += 1;
    }
    assert!(compared * 2 > turns(), "{compared} files");
}

fn documents(text: &str) -> Vec<Data> {
    let stream = stream::parse(text.to_owned(), stream::ParseOptions::default()).unwrap();
    stream.documents.iter().filter_map(|it| Some(stream.root(it)?.to_data())).collect()
}
