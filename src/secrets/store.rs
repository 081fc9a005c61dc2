//! Secrets of people without a store: a SOPS file beside the chart, with names, keys, values and their history.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, json};

use super::Plain;
use super::sops::{self, Keyring, Previous, SopsError, Terms};
use crate::yaml::Data;

/// The `apiVersion` of the file.
pub const API_VERSION: &str = "hardtack.dev/v1";
/// Its `kind`.
pub const KIND: &str = "Secrets";
/// The annotation with the day of the last change.
pub const ISSUED: &str = "hardtack.dev/issued";
/// The annotation that says where the last value came from.
pub const SOURCE: &str = "hardtack.dev/source";
/// The annotation with the last changes, one to a line.
pub const HISTORY: &str = "hardtack.dev/history";

/// How many changes are remembered.
const REMEMBERED: usize = 20;

/// All secrets of a file, in the clear.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Store {
    /// By name.
    pub secrets: BTreeMap<String, Entry>,
}

/// One secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What is known of it, in the clear.
    pub annotations: BTreeMap<String, String>,
    /// Its values by key.
    pub values: BTreeMap<String, Plain>,
}

/// What can be told of a secret without opening it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

/// Why a store could not be read or changed. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The file is no SOPS file that can be opened or written.
    #[error("{0}")]
    Sops(#[from] SopsError),
    /// The file is a SOPS file of something else.
    #[error("this is no store of secrets: {0}")]
    NotAStore(&'static str),
    /// A name or key that cannot be.
    #[error("{word:?} cannot be {what}")]
    Word {
        /// As given.
        word: String,
        /// `the name of a secret`, `a key`.
        what: &'static str,
    },
}

impl StoreError {
    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Sops(error) => error.help(),
            Self::NotAStore(_) => {
                "a store has apiVersion: hardtack.dev/v1, kind: Secrets, and secrets by their names"
            }
            Self::Word { .. } => {
                "up to 253 letters, digits, dots, dashes and underscores; data and stringData are no names"
            }
        }
    }
}

impl Store {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(text: &str, keyring: &dyn Keyring) -> Result<Self, StoreError> {
        Self::of_data(&sops::decrypt_object(&sealed(text)?, keyring)?)
    }

    /// Reads a store in the clear, such as one that was edited.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn of_text(text: &str) -> Result<Self, StoreError> {
        Self::of_data(&document(text)?)
    }

    fn of_data(data: &Data) -> Result<Self, StoreError> {
        is_store(data)?;
        let mut store = Self::default();
        for (name, written) in entries(data, "secrets")? {
            let name = checked(name, "the name of a secret")?;
            store.secrets.insert(name, Entry::of_data(written)?);
        }
        Ok(store)
    }

    /// The store as data in the clear.
    #[must_use]
    pub fn to_data(&self) -> Data {
        let secrets = self.secrets.iter().map(|(name, entry)| (name.clone(), entry.to_data()));
        json!({"apiVersion": API_VERSION, "kind": KIND, "secrets": secrets.collect::<Map<_, _>>()})
    }

    /// The file's text, encrypted. What has not changed since `previous` keeps its ciphertext.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn close(
        &self,
        terms: &Terms,
        previous: Option<(&str, &dyn Keyring)>,
        time: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let before = previous.map(|(text, keyring)| sealed(text).map(|it| (it, keyring))).transpose()?;
        let previous =
            before.as_ref().map(|(object, keyring)| Previous::opened(object, *keyring)).transpose()?;
        let sealed = sops::encrypt(&self.to_data(), terms, previous.as_ref(), time)?;
        Ok(sops::text(&sealed)?)
    }

    /// A value.
    #[must_use]
    pub fn get(&self, name: &str, key: &str) -> Option<&Plain> {
        self.secrets.get(name)?.values.get(key)
    }

    /// Sets a value and writes it into the history; `false` when it was so already.
    ///
    /// # Errors
    /// [`StoreError::Word`].
    pub fn set(
        &mut self,
        name: &str,
        key: &str,
        value: Plain,
        source: &str,
        time: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (name, key) = (checked(name, "the name of a secret")?, checked(key, "a key")?);
        let entry = self.secrets.entry(name).or_default();
        let before = entry.values.insert(key.clone(), value);
        if before.as_ref() == entry.values.get(&key) {
            return Ok(false);
        }
        entry.changed(if before.is_some() { "changed" } else { "added" }, &key, time);
        entry.annotations.insert(SOURCE.to_owned(), source.to_owned());
        Ok(true)
    }

    /// Writes into the history what differs from a store of before; returns it as `name/key`.
    pub fn note_changes(&mut self, before: &Self, time: DateTime<Utc>) -> Vec<String> {
        let mut noted = Vec::new();
        for (name, entry) in &mut self.secrets {
            let empty = Entry::default();
            let old = before.secrets.get(name).unwrap_or(&empty);
            let mut changes: Vec<(&str, String)> = Vec::new();
            for (key, value) in &entry.values {
                match old.values.get(key) {
                    None => changes.push(("added", key.clone())),
                    Some(was) if was != value => changes.push(("changed", key.clone())),
                    Some(_) => {}
                }
            }
            let gone = old.values.keys().filter(|key| !entry.values.contains_key(*key));
            changes.extend(gone.map(|key| ("removed", key.clone())));
            for (what, key) in changes {
                entry.changed(what, &key, time);
                noted.push(format!("{name}/{key}"));
            }
        }
        let gone = before.secrets.iter().filter(|(name, _)| !self.secrets.contains_key(*name));
        noted.extend(
            gone.flat_map(|(name, entry)| entry.values.keys().map(move |key| format!("{name}/{key}"))),
        );
        noted
    }
}

impl Entry {
    fn changed(&mut self, what: &str, key: &str, time: DateTime<Utc>) {
        let moment = time.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.annotations.insert(ISSUED.to_owned(), moment[..10].to_owned());
        let history = self.annotations.entry(HISTORY.to_owned()).or_default();
        let mut lines: Vec<String> = history.lines().map(str::to_owned).collect();
        lines.push(format!("{moment} {what} {key}"));
        *history = lines.split_off(lines.len().saturating_sub(REMEMBERED)).join("\n") + "\n";
    }

    fn of_data(data: &Data) -> Result<Self, StoreError> {
        let mut entry = Self::default();
        for (key, value) in entries(data, "annotations")? {
            let text = value.as_str().ok_or(StoreError::NotAStore("an annotation is no text"))?;
            if matches!(key.as_str(), "data" | "stringData") {
                return Err(StoreError::NotAStore("an annotation is called data or stringData"));
            }
            entry.annotations.insert(key.clone(), text.to_owned());
        }
        for (key, value) in entries(data, "stringData")? {
            let text = value.as_str().ok_or(StoreError::NotAStore("a value in stringData is no text"))?;
            entry.values.insert(checked(key, "a key")?, Plain::from(text.to_owned()));
        }
        for (key, value) in entries(data, "data")? {
            let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            let bytes = bytes.ok_or(StoreError::NotAStore("a value in data is no base64"))?;
            if entry.values.insert(checked(key, "a key")?, Plain::new(bytes)).is_some() {
                return Err(StoreError::NotAStore("a key stands in data and in stringData"));
            }
        }
        Ok(entry)
    }

    fn to_data(&self) -> Data {
        let (mut text, mut binary) = (Map::new(), Map::new());
        for (key, value) in &self.values {
            match value.expose_text() {
                Some(value) => text.insert(key.clone(), value.into()),
                None => binary.insert(key.clone(), STANDARD.encode(value.expose()).into()),
            };
        }
        let mut entry = Map::new();
        if !self.annotations.is_empty() {
            entry.insert("annotations".to_owned(), json!(self.annotations));
        }
        for (field, values) in [("data", binary), ("stringData", text)] {
            if !values.is_empty() {
                entry.insert(field.to_owned(), Data::Object(values));
            }
        }
        Data::Object(entry)
    }
}

/// What a file holds, told without opening it.
///
/// # Errors
/// [`StoreError`].
pub fn list(text: &str) -> Result<Vec<Listed>, StoreError> {
    let data = sealed(text)?;
    let listed = entries(&data, "secrets")?.map(|(name, entry)| {
        let fields = [entries(entry, "data")?, entries(entry, "stringData")?];
        let mut keys: Vec<String> = fields.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        keys.sort();
        let annotations = entries(entry, "annotations")?
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
        Ok(Listed { name: name.clone(), keys, annotations: annotations.collect() })
    });
    listed.collect()
}

/// The terms a file was encrypted under, for the next time.
///
/// # Errors
/// [`StoreError`].
pub fn terms_of(text: &str) -> Result<Terms, StoreError> {
    Ok(sops::terms_of(&sealed(text)?)?)
}

fn document(text: &str) -> Result<Data, StoreError> {
    let tree = crate::yaml::stream::parse_document(text).map_err(|error| {
        StoreError::Sops(SopsError::Yaml { line: error.line, message: error.message, help: error.help })
    })?;
    Ok(tree.root(text).map_or(Data::Null, crate::yaml::Value::to_data))
}

fn sealed(text: &str) -> Result<Data, StoreError> {
    let data = document(text)?;
    is_store(&data)?;
    match sops::state(&data)? {
        sops::State::Encrypted => Ok(data),
        sops::State::Plain => Err(SopsError::NotEncrypted.into()),
    }
}

fn is_store(data: &Data) -> Result<(), StoreError> {
    let says = |key: &str, word: &str| data.get(key).and_then(Data::as_str) == Some(word);
    if says("apiVersion", API_VERSION) && says("kind", KIND) {
        return Ok(());
    }
    Err(StoreError::NotAStore("it has another apiVersion and kind"))
}

fn entries<'d>(
    data: &'d Data,
    field: &str,
) -> Result<impl Iterator<Item = (&'d String, &'d Data)>, StoreError> {
    let found = match data.get(field) {
        None | Some(Data::Null) => None,
        Some(Data::Object(entries)) => Some(entries),
        Some(_) => return Err(StoreError::NotAStore("secrets, annotations, data and stringData are maps")),
    };
    Ok(found.into_iter().flatten())
}

/// Names and keys are those of Kubernetes, less the two that would encrypt what is below them.
fn checked(word: &str, what: &'static str) -> Result<String, StoreError> {
    let fine = (1..=253).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && !matches!(word, "." | "..")
        && !(what.starts_with("the name") && matches!(word, "data" | "stringData"));
    if fine {
        Ok(word.to_owned())
    } else {
        Err(StoreError::Word { word: word.chars().take(60).collect(), what })
    }
}

#[cfg(test)]
mod tests {
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
}
