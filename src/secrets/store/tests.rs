//! What is set comes back, and what stays keeps its bytes.

use super::*;
use crate::secrets::sops::{Identity, Keys};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn keys() -> (Vec<Identity>, Terms) {
    let (identity, recipient) = Identity::generate();
    let keys = Keys::of(vec![recipient.parse().unwrap()]).unwrap();
    (vec![Identity::from_age(&identity).unwrap()], Terms::of(keys))
}

#[test]
fn a_store_has_its_version_and_its_kind() {
    let said =
        |version: &str, kind: &str| is_store(&serde_json::json!({"apiVersion": version, "kind": kind}));
    assert!(said(API_VERSION, KIND).is_ok());
    assert!(said(API_VERSION, "Secret").is_err() && said("v1", KIND).is_err());
}

fn plain(text: &str) -> Plain {
    Plain::from(text.to_owned())
}

#[test]
fn what_is_set_comes_back_and_the_rest_keeps_its_bytes() {
    let (identities, terms) = keys();
    let mut store = Store::default();
    assert!(store.set("db", "password", plain("canary-1"), "stdin", at(0)).unwrap());
    assert!(store.set("db", "binary", Plain::new(vec![0xFF, 0xFE]), "file", at(0)).unwrap());
    assert!(store.set("api", "token", plain("canary-2"), "stdin", at(1)).unwrap());
    let first = store.close(&terms, None, at(1)).unwrap();
    assert!(!first.contains("canary"), "{first}");
    assert_eq!(Store::open(&first, &identities).unwrap(), store);
    assert!(!store.set("db", "password", plain("canary-1"), "stdin", at(2)).unwrap());
    assert_eq!(store.close(&terms, Some((&first, &identities)), at(2)).unwrap(), first);
    assert!(store.set("api", "token", plain("canary-3"), "stdin", at(3)).unwrap());
    let second = store.close(&terms_of(&first).unwrap(), Some((&first, &identities)), at(3)).unwrap();
    let kept = |text: &str| text.lines().find(|line| line.contains("password: ")).unwrap().to_owned();
    assert_eq!(kept(&first), kept(&second));
    assert_ne!(first, second);
    assert_eq!(Store::open(&second, &identities).unwrap().get("api", "token"), Some(&plain("canary-3")));
    assert!(second.contains("2027-01-15T08:00:03Z changed token"), "{second}");
    let listed = list(&second).unwrap();
    assert_eq!(
        (listed[1].name.as_str(), &listed[1].keys[..]),
        ("db", &["binary".to_owned(), "password".to_owned()][..])
    );
}

#[test]
fn names_that_would_encrypt_their_annotations_are_refused() {
    let mut store = Store::default();
    for (name, key) in
        [("data", "a"), ("stringData", "a"), ("a/b", "a"), ("", "a"), ("a", "a b"), ("..", "a")]
    {
        assert!(store.set(name, key, plain("x"), "stdin", at(0)).is_err(), "{name} {key}");
    }
    assert!(store.set("a", "data", plain("x"), "stdin", at(0)).unwrap());
}

#[test]
fn history_is_short_and_edits_are_noted() {
    let mut store = Store::default();
    for turn in 0..30 {
        store.set("a", "k", plain(&format!("v{turn}")), "stdin", at(turn)).unwrap();
    }
    assert_eq!(store.secrets["a"].annotations[HISTORY].lines().count(), REMEMBERED);
    let before = store.clone();
    store.secrets.get_mut("a").unwrap().values = BTreeMap::from([("n".to_owned(), plain("v"))]);
    assert_eq!(store.note_changes(&before, at(99)), ["a/n", "a/k"]);
}
