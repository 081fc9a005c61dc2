//! Every bit of every encrypted file, flipped.

use hardtack::secrets::sops::{self, Identity};
use hardtack::yaml::{Data, stream};
use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::{root, trial};
use crate::written::{sealed, secret};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("no_flipped_bit_changes_a_secret", &[], no_flipped_bit_changes_a_secret),
        trial("what_sops_lets_pass", &["sops"], what_sops_lets_pass),
    ]
}

/// What a flip did, by the kind of line it stands in.
#[derive(Default)]
struct Passed(std::collections::BTreeMap<String, usize>);

/// The values that are secret, with their keys: those that are not empty.
fn secrets(text: &str) -> Vec<(String, Data)> {
    let stream = stream::parse(text.to_owned(), stream::ParseOptions::default()).unwrap();
    let mut all = Vec::new();
    for root in stream.documents.iter().filter_map(|it| Some(stream.root(it)?.to_data())) {
        for field in ["data", "stringData"] {
            let entries = root[field].as_object().into_iter().flatten();
            let full = entries.filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
            all.extend(full.map(|(key, value)| (format!("{field}.{key}"), value.clone())));
        }
    }
    all
}

fn flipped(text: &str, bit: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    String::from_utf8(bytes).ok()
}

/// Which part of the file a byte stands in: the key of its line, and that of the block around it.
fn part(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let key =
        line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default().trim_matches('"');
    if !text[..start].contains("\nsops:") || line.starts_with("sops") {
        return key.to_owned();
    }
    if line.contains(':') { format!("sops.{key}") } else { "sops.enc".to_owned() }
}

fn files() -> Vec<(String, String, Vec<Identity>)> {
    let folder = root().join("testdata/sops");
    let identities = || {
        let text = std::fs::read_to_string(folder.join("identities.txt")).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| Identity::from_age(line).unwrap()).collect::<Vec<_>>()
    };
    let mut files: Vec<(String, String, Vec<Identity>)> = ["secret.full", "secret.maconly", "secret.shamir"]
        .iter()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.enc.yaml"))).unwrap();
            ((*name).to_owned(), text, identities())
        })
        .collect();
    let someone = Someone::new();
    files.push(("ours".to_owned(), sealed(&secret(), &someone.terms()), someone.keyring()));
    files
}

fn no_flipped_bit_changes_a_secret() {
    for (name, text, keyring) in files() {
        let right = secrets(&sops::decrypt(&text, &keyring).unwrap().text);
        let mut passed = Passed::default();
        for bit in 0..text.len() * 8 {
            let Some(changed) = flipped(&text, bit) else { continue };
            let Ok(opened) = sops::decrypt(&changed, &keyring) else { continue };
            let part = part(&text, bit / 8);
            assert_eq!(secrets(&opened.text), right, "{name}: bit {bit} of {part}");
            *passed.0.entry(part).or_default() += 1;
        }
        // What SECURITY.md says goes unnoticed.
        let several = text.matches("recipient: ").count() > 1;
        let said = |part: &str| match part {
            // What is wrapped for one matters to nobody whom another opens the file for.
            "sops.enc" | "sops.hc_vault" | "sops.shamir_threshold" => several,
            // `True` is `true`.
            "sops.mac_only_encrypted" => passed.0[part] == 1,
            "sops.recipient" | "sops.version" | "sops.encrypted_regex" | "sops.age" => true,
            _ if part.starts_with("sops.") => false,
            "apiVersion" | "kind" | "metadata" | "name" | "namespace" | "labels" | "app" | "annotations"
            | "type" | "immutable" | "empty" | "example.test/count" | "n" | "o" | "sops" | "data"
            | "stringData" => true,
            _ => false,
        };
        let unsaid: Vec<&String> = passed.0.keys().filter(|part| !said(part)).collect();
        let total: usize = passed.0.values().sum();
        println!("{name}: {total} of {} flips pass: {:?}", text.len() * 8, passed.0);
        assert!(unsaid.is_empty(), "{name}: {:?}", passed.0);
    }
}

/// The clear parts of a file under the full hash, to the real sops: for comparison, in SECURITY.md.
fn what_sops_lets_pass() {
    let folder = root().join("testdata/sops");
    let someone = Someone::new();
    let keys = std::fs::read(folder.join("identities.txt")).unwrap();
    std::fs::write(someone.sandbox.path("home/.config/sops/age/keys.txt"), keys).unwrap();
    let text = std::fs::read_to_string(folder.join("secret.full.enc.yaml")).unwrap();
    let (_, _, keyring) = files().remove(0);
    let (mut tried, mut theirs, mut ours) = (0, 0, 0);
    // One bit of every byte of the lines in the clear above the block.
    let end = text.find("\nsops:").unwrap();
    for at in (0..end).filter(|at| !part_is_sealed(&text, *at)) {
        let Some(changed) = flipped(&text, at * 8 + at % 7) else { continue };
        tried += 1;
        someone.sandbox.write("given.yaml", &changed);
        theirs += usize::from(someone.sops(&["decrypt", "given.yaml"], "").code == 0);
        ours += usize::from(sops::decrypt(&changed, &keyring).is_ok());
    }
    println!("of {tried} flips in the clear, sops lets {theirs} pass and hardtack {ours}");
    assert!(tried > 200 && ours <= theirs, "{ours} of {tried} here, {theirs} there");
}

fn part_is_sealed(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    text[start..].lines().next().is_some_and(|line| line.contains("ENC["))
}
