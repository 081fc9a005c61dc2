//! Secrets of people without a store: a SOPS file beside the chart, with names, keys, values and their history.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, json};

use super::Plain;
use super::replace::Replacement;
use super::rotation::Note;
use super::sops::{self, Keyring, Previous, SopsError, Terms};
use crate::yaml::Data;

/// The `apiVersion` of the file.
pub const API_VERSION: &str = "hardtack.dev/v1";
/// Its `kind`.
pub const KIND: &str = "Secrets";
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
        // Whatever rule the file states.
        entries(&sealed, "secrets")?.try_for_each(|(_, entry)| sops::all_sealed(entry, &terms.rule))?;
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
        entry.note(Note::Source, &key, source.to_owned());
        Ok(true)
    }

    /// Carries out a replacement in one secret and writes it into the history.
    pub fn replace(&mut self, name: &str, change: Replacement, time: DateTime<Utc>) {
        let Some(entry) = self.secrets.get_mut(name) else { return };
        for key in &change.dropped {
            entry.values.remove(key);
            entry.remember("dropped", key, time);
        }
        for (key, kept) in &change.kept {
            if let Some(value) = entry.values.get(key).cloned() {
                entry.values.insert(kept.clone(), value);
            }
        }
        for (key, value) in change.set {
            entry.remember("rotated", &key, time);
            entry.values.insert(key, value);
        }
        for (name, text) in change.notes {
            match text {
                Some(text) => entry.annotations.insert(name, text),
                None => entry.annotations.remove(&name),
            };
        }
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
        let moment = self.remember(what, key, time);
        if what != "removed" {
            self.note(Note::Issued, key, moment[..10].to_owned());
        }
    }

    /// What is known of a key. Where others stand beside it the note is about the key alone, or theirs would seem new
    /// too.
    fn note(&mut self, note: Note, key: &str, text: String) {
        let own = note.of_key(key).filter(|own| self.values.len() > 1 || self.annotations.contains_key(own));
        self.annotations.insert(own.unwrap_or_else(|| note.of_object()), text);
    }

    /// Writes a line into the history; returns its moment.
    fn remember(&mut self, what: &str, key: &str, time: DateTime<Utc>) -> String {
        let moment = time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let history = self.annotations.entry(HISTORY.to_owned()).or_default();
        let mut lines: Vec<String> = history.lines().map(str::to_owned).collect();
        lines.push(format!("{moment} {what} {key}"));
        *history = lines.split_off(lines.len().saturating_sub(REMEMBERED)).join("\n") + "\n";
        moment
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

/// Whether a text is a store, encrypted or not.
#[must_use]
pub fn is_one(text: &str) -> bool {
    // Nearly every text is none.
    text.contains(API_VERSION) && document(text).is_ok_and(|data| is_store(&data).is_ok())
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
mod tests;
