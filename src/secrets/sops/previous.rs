//! What was encrypted before, so that what has not changed keeps its ciphertext.

use super::block::Block;
use super::encrypt::Kept;
use super::failure::SopsError;
use super::leaf::{self, BLOCK, Leaf};
use super::mac::Mac;
use super::recipient::Keyring;
use super::rule::Rule;
use super::sealed::DataKey;
use super::{DIGEST, Terms};
use crate::secrets::Plain;
use crate::secrets::digest::of_parts;
use crate::yaml::Data;

/// An encrypted object of an earlier run.
pub struct Previous<'o> {
    object: &'o Data,
    block: Block,
    key: Option<DataKey>,
}

impl<'o> Previous<'o> {
    /// One whose values are compared by decrypting them.
    ///
    /// # Errors
    /// [`SopsError`] when it is not encrypted or nobody here can open it.
    pub fn opened(object: &'o Data, keyring: &dyn Keyring) -> Result<Self, SopsError> {
        let block = Block::read(object)?;
        let key = block.unlock(keyring)?;
        Ok(Self { object, block, key: Some(key) })
    }

    /// One whose values are compared by the digest that it carries: it is kept whole or not at all.
    ///
    /// # Errors
    /// [`SopsError`] when it is not encrypted.
    pub fn closed(object: &'o Data) -> Result<Self, SopsError> {
        Ok(Self { object, block: Block::read(object)?, key: None })
    }

    /// What of it can be kept. Nothing is when it was encrypted for others or under another rule: whoever was taken out
    /// of the recipients knows the old data key.
    pub(super) fn keep(&self, leaves: &[Leaf], terms: &Terms) -> Result<Option<Kept>, SopsError> {
        let block = &self.block;
        let alike = block.is_for(&terms.keys)
            && block.rule == terms.rule
            && block.mac_only_encrypted == terms.mac_only_encrypted;
        if !alike {
            return Ok(None);
        }
        let old = leaf::of_data(self.object)?;
        Ok(match &self.key {
            Some(key) => Some(self.by_decrypting(key, &old, leaves, terms)),
            None => self.by_digest(&old, leaves, terms),
        })
    }

    fn by_decrypting(&self, key: &DataKey, old: &[Leaf], leaves: &[Leaf], terms: &Terms) -> Kept {
        let mut mac = Mac::new(terms.mac_only_encrypted);
        let sealed = leaves.iter().map(|leaf| {
            let encrypted = leaf.is_encrypted(&terms.rule);
            mac.add(&leaf.typed, encrypted);
            let before = old.iter().find(|it| encrypted && it.route == leaf.route)?.typed.text();
            let same = key.open(before, &leaf.aad()).is_some_and(|it| it == leaf.typed);
            (same || (before.is_empty() && leaf.typed.text().is_empty())).then(|| before.to_owned())
        });
        let sealed: Vec<Option<String>> = sealed.collect();
        let all =
            leaves.iter().zip(&sealed).all(|(leaf, it)| it.is_some() || !leaf.is_encrypted(&terms.rule));
        let holds = all
            && self.digest_holds(leaves, terms)
            && mac.agrees(key, &self.block.mac, &self.block.lastmodified);
        Kept {
            block: holds.then(|| self.object[BLOCK].clone()),
            key: Some((key.clone(), self.block.clone())),
            sealed,
        }
    }

    /// Whether the digest that goes into the block is the one that is there.
    fn digest_holds(&self, leaves: &[Leaf], terms: &Terms) -> bool {
        let wanted = terms.digest_key.as_ref().map(|key| digest(leaves, &terms.rule, key));
        self.object[BLOCK].get(DIGEST).and_then(Data::as_str) == wanted.as_deref()
    }

    fn by_digest(&self, old: &[Leaf], leaves: &[Leaf], terms: &Terms) -> Option<Kept> {
        terms.digest_key.as_ref()?;
        let hidden = |leaf: &&Leaf| leaf.is_encrypted(&terms.rule);
        let same_places = old
            .iter()
            .filter(hidden)
            .map(|it| &it.route)
            .eq(leaves.iter().filter(hidden).map(|it| &it.route));
        let clear = |leaf: &&Leaf| !leaf.is_encrypted(&terms.rule);
        let pairs = || old.iter().filter(clear).zip(leaves.iter().filter(clear));
        let same_clear = old.iter().filter(clear).count() == leaves.iter().filter(clear).count()
            && pairs().all(|(old, new)| old.route == new.route && old.typed == new.typed);
        let holds =
            same_places && self.digest_holds(leaves, terms) && (terms.mac_only_encrypted || same_clear);
        holds.then(|| Kept {
            block: Some(self.object[BLOCK].clone()),
            key: None,
            sealed: leaves
                .iter()
                .map(|leaf| old.iter().find(|it| it.route == leaf.route).map(|it| it.typed.text().to_owned()))
                .collect(),
        })
    }
}

/// A digest over the values that are encrypted, which only the holder of the key can compare.
pub(super) fn digest(leaves: &[Leaf], rule: &Rule, key: &Plain) -> String {
    let hidden: Vec<(String, &Leaf)> = leaves
        .iter()
        .filter(|leaf| leaf.is_encrypted(rule))
        .map(|leaf| (leaf.route.to_string(), leaf))
        .collect();
    let parts = hidden.iter().flat_map(|(route, leaf)| {
        [route.as_bytes(), leaf.typed.kind.word().as_bytes(), leaf.typed.bytes.expose()]
    });
    of_parts(key, parts)
}
