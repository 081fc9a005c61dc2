//! Encrypted objects and files, opened.

use super::block::Block;
use super::failure::SopsError;
use super::leaf::{self, BLOCK, Leaf};
use super::mac::Mac;
use super::recipient::Keyring;
use super::sealed::DataKey;
use super::typed::Kind;
use crate::yaml::{Data, Step};

/// The leaves of a document, all in the clear.
pub(super) struct OpenedLeaves {
    pub(super) leaves: Vec<Leaf>,
    /// Whether each was encrypted.
    pub(super) were_encrypted: Vec<bool>,
    pub(super) mac: Mac,
}

/// Decrypts leaves; the hash over them is not judged yet.
pub(super) fn opened(leaves: Vec<Leaf>, block: &Block, key: &DataKey) -> Result<OpenedLeaves, SopsError> {
    open_into(leaves, block, key, Mac::new(block.mac_only_encrypted))
}

/// The same, for a document that others stand before.
pub(super) fn open_into(
    leaves: Vec<Leaf>,
    block: &Block,
    key: &DataKey,
    mut mac: Mac,
) -> Result<OpenedLeaves, SopsError> {
    let mut open = OpenedLeaves { leaves, were_encrypted: Vec::new(), mac: mac.clone() };
    for leaf in &mut open.leaves {
        let encrypted = leaf.is_encrypted(&block.rule);
        open.were_encrypted.push(encrypted);
        if encrypted && !leaf.typed.text().is_empty() {
            let typed = key.open(leaf.typed.text(), &leaf.aad());
            leaf.typed = typed.ok_or_else(|| SopsError::Value { place: leaf.route.to_string() })?;
        }
        mac.add(&leaf.typed, encrypted);
    }
    open.mac = mac;
    Ok(open)
}

/// Decrypts one object: its `sops` block is gone then.
///
/// # Errors
/// [`SopsError`].
pub fn decrypt_object(object: &Data, keyring: &dyn Keyring) -> Result<Data, SopsError> {
    let block = Block::read(object)?;
    let key = block.unlock(keyring)?;
    let open = opened(leaf::of_data(object)?, &block, &key)?;
    if !open.mac.agrees(&key, &block.mac, &block.lastmodified) {
        return Err(SopsError::Mac);
    }
    Ok(in_data(object, &open.leaves))
}

/// An object with these leaves in the clear, without its `sops` block and without the comments that sops wrote as items
/// of its lists.
pub(super) fn in_data(object: &Data, leaves: &[Leaf]) -> Data {
    let mut object = object.clone();
    if let Data::Object(entries) = &mut object {
        entries.shift_remove(BLOCK);
    }
    // From behind: what is taken out moves only what was done already.
    for leaf in leaves.iter().rev() {
        if leaf.typed.kind == Kind::Comment {
            let (last, list) = leaf.route.steps().split_last().unzip();
            let list = super::place_mut(&mut object, &list.into_iter().flatten().cloned().collect());
            if let (Some(Data::Array(items)), Some(Step::Index(at))) = (list, last) {
                items.remove(*at);
            }
        } else if let Some(place) = super::place_mut(&mut object, &leaf.route) {
            *place = leaf.typed.to_data();
        }
    }
    object
}
