//! Whether an object is encrypted already.

use super::block::Block;
use super::failure::SopsError;
use super::leaf::{self, BLOCK};
use super::sealed::looks_sealed;
use super::typed::unfit;
use crate::yaml::{Data, Route};

/// How an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing of it is encrypted.
    Plain,
    /// All that its rule speaks of is.
    Encrypted,
}

/// Tells whether an object is encrypted.
///
/// # Errors
/// [`SopsError::Half`] when only part of it is, [`SopsError::Block`] when its `sops` block cannot be read.
pub fn state(object: &Data) -> Result<State, SopsError> {
    let leaves = leaf::of_data(object)?;
    match object.get(BLOCK) {
        None => match leaves.iter().find(|leaf| looks_sealed(leaf.typed.text())) {
            None => Ok(State::Plain),
            Some(leaf) => Err(half(&leaf.route, "encrypted without a sops block")),
        },
        Some(block) if block.get("mac").is_some() => {
            let rule = Block::read(object)?.rule;
            let clear = leaves.iter().find(|leaf| {
                let text = leaf.typed.text();
                leaf.is_encrypted(&rule) && !text.is_empty() && !looks_sealed(text)
            });
            clear.map_or(Ok(State::Encrypted), |leaf| Err(half(&leaf.route, "in the clear")))
        }
        Some(_) => Err(unfit(&Route::root().key(BLOCK), "is a key that sops keeps for itself")),
    }
}

fn half(route: &Route, state: &'static str) -> SopsError {
    SopsError::Half { place: route.to_string(), state }
}
