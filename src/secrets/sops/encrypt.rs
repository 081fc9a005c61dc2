//! One object, encrypted.

use chrono::{DateTime, Utc};
use serde_json::Map;

use super::block::{Block, printed};
use super::failure::SopsError;
use super::leaf::{self, BLOCK, Leaf};
use super::mac::Mac;
use super::order::sorted;
use super::previous::{Previous, digest};
use super::rule::Rule;
use super::sealed::{DataKey, looks_sealed};
use super::state::{State, state};
use super::{DIGEST, Terms};
use crate::yaml::{Data, Route};

/// Encrypts one object, with its keys sorted and a `sops` block behind them. An object that is encrypted already comes
/// back as it is.
///
/// With `previous` whatever has not changed keeps its ciphertext; an object that has not changed at all is the previous
/// one. `time` becomes `lastmodified` when something is new.
///
/// # Errors
/// [`SopsError`]; never when only part of the values could be encrypted.
pub fn encrypt(
    object: &Data,
    terms: &Terms,
    previous: Option<&Previous<'_>>,
    time: DateTime<Utc>,
) -> Result<Data, SopsError> {
    if state(object)? == State::Encrypted {
        return Ok(object.clone());
    }
    if terms.rule.by_comments() {
        return Err(SopsError::CommentRule(terms.rule.kind().key()));
    }
    let object = sorted(object);
    let leaves = leaf::of_data(&object)?;
    if !matches(&object, &leaves, terms) {
        return Err(SopsError::MatchesNothing { rule: terms.rule.to_string() });
    }
    let kept = match previous {
        Some(previous) => previous.keep(&leaves, terms)?,
        None => None,
    };
    let encrypted = match kept {
        Some(kept) if kept.block.is_some() => kept.applied(&object, &leaves, terms),
        kept => Fresh::new(terms, kept.as_ref())?.object(&object, &leaves, printed(time))?,
    };
    nothing_left(&encrypted, &terms.rule)?;
    Ok(encrypted)
}

/// Whether the rule speaks of anything there is: also of what is empty.
fn matches(object: &Data, leaves: &[Leaf], terms: &Terms) -> bool {
    leaves.iter().any(|leaf| leaf.is_encrypted(&terms.rule)) || names_a_key(object, &mut Vec::new(), terms)
}

fn names_a_key<'d>(data: &'d Data, keys: &mut Vec<&'d str>, terms: &Terms) -> bool {
    match data {
        Data::Object(entries) => entries.iter().any(|(key, value)| {
            keys.push(key);
            let empty = matches!(value, Data::Null) || value.as_object().is_some_and(Map::is_empty);
            let found =
                (empty && terms.rule.encrypts(keys.iter().copied())) || names_a_key(value, keys, terms);
            keys.pop();
            found
        }),
        Data::Array(items) => items.iter().any(|item| names_a_key(item, keys, terms)),
        _ => false,
    }
}

/// Whatever the rule, no value of a Secret stays in the clear.
pub(super) fn nothing_left(object: &Data, rule: &Rule) -> Result<(), SopsError> {
    if object.get("kind").and_then(Data::as_str) != Some("Secret") {
        return Ok(());
    }
    all_sealed(object, rule)
}

/// Whether what stands below `data` and `stringData` is encrypted, but for what is empty.
///
/// # Errors
/// [`SopsError::LeftInTheClear`].
pub fn all_sealed(holder: &Data, rule: &Rule) -> Result<(), SopsError> {
    for field in ["data", "stringData"] {
        let entries = holder.get(field).and_then(Data::as_object);
        for (key, value) in entries.into_iter().flatten() {
            let fine = match value {
                Data::Null => true,
                Data::String(text) => text.is_empty() || looks_sealed(text),
                _ => false,
            };
            if !fine {
                let place = Route::root().key(field).key(key.clone()).to_string();
                return Err(SopsError::LeftInTheClear { place, rule: rule.to_string() });
            }
        }
    }
    Ok(())
}

/// What is kept of a previous object.
pub(super) struct Kept {
    /// The previous block, when nothing that it vouches for has changed.
    pub(super) block: Option<Data>,
    /// The data key, and the keys it is wrapped in, when more can be encrypted under it.
    pub(super) key: Option<(DataKey, Block)>,
    /// The ciphertext of each leaf that has not changed.
    pub(super) sealed: Vec<Option<String>>,
}

impl Kept {
    fn applied(&self, object: &Data, leaves: &[Leaf], terms: &Terms) -> Data {
        let sealed = leaves.iter().zip(&self.sealed).filter(|(leaf, _)| leaf.is_encrypted(&terms.rule));
        let sealed = sealed.map(|(leaf, text)| (&leaf.route, text.clone().unwrap_or_default()));
        with_block(replaced(object, sealed), self.block.clone().unwrap_or_default())
    }
}

/// An object with other texts at some routes.
fn replaced<'r>(object: &Data, texts: impl Iterator<Item = (&'r Route, String)>) -> Data {
    let mut object = object.clone();
    for (route, text) in texts {
        if let Some(place) = super::place_mut(&mut object, route) {
            *place = Data::String(text);
        }
    }
    object
}

fn with_block(mut object: Data, block: Data) -> Data {
    if let Data::Object(entries) = &mut object {
        entries.insert(BLOCK.to_owned(), block);
    }
    object
}

/// Encryption in which something is new.
struct Fresh<'t> {
    terms: &'t Terms,
    key: DataKey,
    /// The block that has the key wrapped already.
    wrapped: Option<Block>,
    sealed: &'t [Option<String>],
}

impl<'t> Fresh<'t> {
    fn new(terms: &'t Terms, kept: Option<&'t Kept>) -> Result<Self, SopsError> {
        let sealed = kept.map(|kept| &kept.sealed[..]).unwrap_or_default();
        match kept.and_then(|kept| kept.key.clone()) {
            Some((key, block)) => Ok(Self { terms, key, wrapped: Some(block), sealed }),
            None => Ok(Self { terms, key: DataKey::generate()?, wrapped: None, sealed: &[] }),
        }
    }

    fn object(&self, object: &Data, leaves: &[Leaf], lastmodified: String) -> Result<Data, SopsError> {
        let rule = &self.terms.rule;
        let mut mac = Mac::new(self.terms.mac_only_encrypted);
        let mut texts = Vec::new();
        for (at, leaf) in leaves.iter().enumerate() {
            let encrypted = leaf.is_encrypted(rule);
            mac.add(&leaf.typed, encrypted);
            if encrypted {
                let text = match self.sealed.get(at).and_then(Option::as_ref) {
                    Some(kept) => kept.clone(),
                    None => self.key.seal(&leaf.typed, &leaf.aad())?,
                };
                texts.push((&leaf.route, text));
            }
        }
        let (groups, threshold) = match &self.wrapped {
            Some(block) => (block.groups.clone(), block.threshold),
            None => Block::wrap(&self.terms.keys, &self.key)?,
        };
        let block = Block {
            groups,
            threshold,
            rule: rule.clone(),
            mac_only_encrypted: self.terms.mac_only_encrypted,
            mac: mac.seal(&self.key, &lastmodified)?,
            lastmodified,
            unknown: Vec::new(),
        };
        let mut written = block.to_data();
        if let (Some(key), Data::Object(entries)) = (&self.terms.digest_key, &mut written) {
            entries.insert(DIGEST.to_owned(), digest(leaves, rule, key).into());
        }
        let object = with_block(replaced(object, texts.into_iter()), written);
        self.reads_back(&object, leaves)?;
        Ok(object)
    }

    /// Reads the result as a decrypting program would, and compares.
    fn reads_back(&self, object: &Data, leaves: &[Leaf]) -> Result<(), SopsError> {
        let block = Block::read(object)?;
        let read = super::decrypt::opened(leaf::of_data(object)?, &block, &self.key)?;
        let same = read.leaves.len() == leaves.len()
            && read
                .leaves
                .iter()
                .zip(leaves)
                .all(|(read, leaf)| read.route == leaf.route && read.typed == leaf.typed);
        if same && read.mac.agrees(&self.key, &block.mac, &block.lastmodified) {
            return Ok(());
        }
        Err(SopsError::NotAsPlanned)
    }
}
