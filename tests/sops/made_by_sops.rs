//! Files that the real sops made, kept in `testdata/sops` and beside the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use hardtack::secrets::sops::{self, Identity, Keyring, SopsError};
use hardtack::yaml::{Data, Route, data, stream};
use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::{root, trial};
use crate::support::tools;

pub fn trials() -> Vec<Trial> {
    let shared = root().join("../shared/vectors/sops");
    let absent = (!shared.is_dir()).then(|| "no vectors beside the checkout".to_owned());
    vec![
        trial("files_read_as_their_plain_ones", &[], files_read_as_their_plain_ones),
        trial("text_and_comments_stay", &[], text_and_comments_stay),
        trial("rules_by_comments_are_read", &[], rules_by_comments_are_read),
        trial("ssh_keys_open", &[], ssh_keys_open),
        trial("groups_need_their_threshold", &[], groups_need_their_threshold),
        trial("who_has_no_key_is_told", &[], who_has_no_key_is_told),
        trial("what_was_changed_is_refused", &[], what_was_changed_is_refused),
        trial("sops_reads_its_files_alike", &["sops"], sops_reads_its_files_alike),
        tools::optional(absent, "vectors_beside_the_checkout", move || {
            all_in(&shared);
            Ok(())
        }),
    ]
}

fn folder() -> PathBuf {
    root().join("testdata/sops")
}

fn identities(folder: &Path) -> Vec<Identity> {
    let text = fs::read_to_string(folder.join("identities.txt")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| Identity::from_age(line).unwrap()).collect()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Every document as Kubernetes reads it.
fn documents(text: &str) -> Vec<Data> {
    let stream = stream::parse(text.to_owned(), stream::ParseOptions::default()).unwrap();
    stream.documents.iter().filter_map(|it| Some(stream.root(it)?.to_data())).collect()
}

fn all_in(folder: &Path) {
    let keyring = identities(folder);
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".enc.yaml") || name.starts_with("secret.ssh") {
            continue;
        }
        files += 1;
        let opened =
            sops::decrypt(&read(folder, &name), &keyring).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!opened.text.contains("ENC["), "{name}:\n{}", *opened.text);
        if let Some(stem) = name.strip_prefix("secret.") {
            assert_eq!(documents(&opened.text), documents(&read(folder, "secret.plain.yaml")), "{stem}");
        }
    }
    assert!(files >= 6, "{files} files");
}

fn files_read_as_their_plain_ones() {
    all_in(&folder());
    let keyring = identities(&folder());
    let multi = sops::decrypt(&read(&folder(), "multi.enc.yaml"), &keyring).unwrap();
    assert_eq!(documents(&multi.text), documents(&read(&folder(), "multi.plain.yaml")));
    let second = Route::root().key("b");
    assert_eq!(multi.value(1, &second).and_then(|it| it.expose_text()), Some("second"));
}

fn text_and_comments_stay() {
    let opened = sops::decrypt(&read(&folder(), "types.enc.yaml"), &identities(&folder())).unwrap();
    assert_eq!(*opened.text, read(&folder(), "types.opened.yaml"));
    assert_eq!(opened.notes, Vec::<String>::new());
    let at = |route: Route| opened.value(0, &route).and_then(|it| it.expose_text()).map(str::to_owned);
    // The comments among the items of a list are no items.
    let list = Route::root().key("list");
    assert_eq!(at(list.index(0)).as_deref(), Some("one"));
    assert_eq!(at(list.index(1).index(1)).as_deref(), Some("three"));
    assert_eq!(at(list.index(2).key("key")).as_deref(), Some("value"));
    assert_eq!(at(Route::root().key("octal")).as_deref(), Some("493"));
}

fn rules_by_comments_are_read() {
    let opened = sops::decrypt(&read(&folder(), "commented.enc.yaml"), &identities(&folder())).unwrap();
    assert_eq!(documents(&opened.text), documents(&read(&folder(), "commented.plain.yaml")));
    assert!(opened.text.contains("# secret too"));
}

fn ssh_keys_open() {
    let text = read(&folder(), "secret.ssh.enc.yaml");
    for name in ["id_ed25519", "id_rsa"] {
        let key = vec![Identity::from_ssh(&read(&folder(), name)).unwrap()];
        let opened = sops::decrypt(&text, &key).unwrap();
        assert_eq!(documents(&opened.text), documents(&read(&folder(), "secret.plain.yaml")), "{name}");
    }
}

fn groups_need_their_threshold() {
    let text = read(&folder(), "secret.shamir.enc.yaml");
    let mut all = identities(&folder());
    let third = all.pop().unwrap();
    let second = all.pop().unwrap();
    assert!(sops::decrypt(&text, &vec![third]).is_err());
    let first_and_second = vec![all.pop().unwrap(), second];
    assert!(sops::decrypt(&text, &first_and_second).is_ok());
    let error = sops::decrypt(&text, &first_and_second[..1].iter().map(|_| stranger()).collect::<Vec<_>>())
        .unwrap_err();
    assert!(error.to_string().contains("0 of its 3 key groups could be opened, and it takes 2"), "{error}");
}

fn stranger() -> Identity {
    Identity::from_age(&Identity::generate().0).unwrap()
}

fn who_has_no_key_is_told() {
    let text = read(&folder(), "secret.full.enc.yaml");
    let nobody: Vec<Identity> = Vec::new();
    let error = sops::decrypt(&text, &nobody as &dyn Keyring).unwrap_err();
    assert!(matches!(error, SopsError::NoKey { .. }));
    assert!(error.to_string().contains("it was encrypted for age1"), "{error}");
    assert_eq!(sops::recipients(&text).unwrap().len(), 1);
    let plain = sops::decrypt(&read(&folder(), "secret.plain.yaml"), &nobody as &dyn Keyring);
    assert_eq!(plain.unwrap_err(), SopsError::NotEncrypted);
}

/// Changes that an attacker, or a careless merge, makes.
fn what_was_changed_is_refused() {
    let keyring = identities(&folder());
    let full = read(&folder(), "secret.full.enc.yaml");
    let value = |key: &str| {
        full.lines().find_map(|line| line.trim_start().strip_prefix(&format!("{key}: "))).unwrap().to_owned()
    };
    let swapped = full
        .replace(&value("bin"), "X")
        .replace(&value("password"), &value("bin"))
        .replace('X', &value("password"));
    let cut: String =
        full.lines().filter(|line| !line.contains("password")).map(|line| format!("{line}\n")).collect();
    for (what, text) in [
        ("two values swapped", swapped),
        ("a value taken out", cut),
        ("a value emptied", full.replace(&value("password"), "\"\"")),
        ("a value in the clear", full.replace(&value("password"), "hunter2")),
        ("a label", full.replace("app: demo", "app: other")),
        ("a type word", full.replacen(",type:str]", ",type:bytes]", 1)),
        ("the moment", full.replace("lastmodified: \"2", "lastmodified: \"3")),
        ("its form", full.replace("Z\"\n    mac", "+00:00\"\n    mac")),
        ("the rule", full.replace("^(data|stringData)$", "^(data)$")),
        ("junk behind a value", full.replacen(",type:str]", ",type:str]x", 1)),
    ] {
        assert_ne!(text, full, "{what}");
        assert!(sops::decrypt(&text, &keyring).is_err(), "{what}:\n{text}");
    }
}

fn sops_reads_its_files_alike() {
    let someone = Someone::new();
    let keys = fs::read(folder().join("identities.txt")).unwrap();
    fs::write(someone.sandbox.path("home/.config/sops/age/keys.txt"), keys).unwrap();
    let keyring = identities(&folder());
    for name in ["types", "multi", "secret.full", "secret.maconly", "secret.shamir", "commented"] {
        let text = read(&folder(), &format!("{name}.enc.yaml"));
        let (theirs, ours) = (someone.decrypted(&text), sops::decrypt(&text, &keyring).unwrap().text);
        // Kubernetes has no infinite numbers.
        let finite = |text: &str| text.replace("infinite: .inf", "infinite: 0");
        let (theirs, ours) = (documents(&finite(&theirs)), documents(&finite(&ours)));
        assert!(
            theirs.len() == ours.len() && theirs.iter().zip(&ours).all(|(a, b)| data::same(a, b)),
            "{name}"
        );
    }
}
