//! The file format of sops, with age keys: one object encrypted so that sops decrypts it, and whatever sops wrote
//! decrypted. Source of every fact: sops 3.13, by reading and by experiment.

mod block;
mod change;
mod comments;
mod decrypt;
mod encrypt;
mod failure;
mod file;
mod leaf;
mod mac;
mod order;
mod previous;
mod random;
mod recipient;
mod rule;
mod sealed;
mod shamir;
mod state;
mod typed;

pub use change::{Change, change};
pub use decrypt::decrypt_object;
pub use encrypt::{all_sealed, encrypt};
pub use failure::SopsError;
pub use file::{Opened, decrypt, recipients, text};
pub use previous::Previous;
pub use recipient::{Identity, Keyring, Keys, Recipient};
pub use rule::{Rule, RuleKind};
pub use sealed::{DataKey, looks_sealed};
pub use state::{State, state};

use super::Plain;
use crate::yaml::{Data, Route, Step};

/// Our own field of the `sops` block: a keyed digest over the encrypted values. sops passes over it.
pub(crate) const DIGEST: &str = "hardtack_digest";

/// How to encrypt.
#[derive(Debug, Clone)]
pub struct Terms {
    /// For whom.
    pub keys: Keys,
    /// Which values.
    pub rule: Rule,
    /// Whether the hash over the values leaves out those in the clear, so that names, labels and namespaces may change
    /// afterwards. Needs sops 3.9 to decrypt.
    pub mac_only_encrypted: bool,
    /// With it the object gets a digest by which a later run sees whether its values have changed.
    pub digest_key: Option<Plain>,
}

impl Terms {
    /// The values of a Secret, for these people.
    #[must_use]
    pub fn of(keys: Keys) -> Self {
        Self { keys, rule: Rule::default(), mac_only_encrypted: true, digest_key: None }
    }
}

/// The terms an object was encrypted under, for the next time; without a digest key.
///
/// # Errors
/// [`SopsError`] when it is not encrypted, or for keys that hardtack cannot encrypt to.
pub fn terms_of(object: &Data) -> Result<Terms, SopsError> {
    let block = block::Block::read(object)?;
    let other = block.groups.iter().find_map(|group| group.other.first());
    if let Some(kind) = other {
        let why = "only age and ssh keys are known here";
        return Err(SopsError::Recipient { recipient: format!("a {kind} key"), why });
    }
    let group = |group: &block::Group| group.age.iter().map(|it| it.recipient.parse()).collect();
    let groups: Vec<Vec<Recipient>> = block.groups.iter().map(group).collect::<Result<_, SopsError>>()?;
    let keys = Keys::of_groups(groups, Some(block.threshold))?;
    Ok(Terms { keys, rule: block.rule, mac_only_encrypted: block.mac_only_encrypted, digest_key: None })
}

/// The value at a route.
fn place_mut<'d>(data: &'d mut Data, route: &Route) -> Option<&'d mut Data> {
    route.steps().iter().try_fold(data, |data, step| match step {
        Step::Key(key) => data.get_mut(&**key),
        Step::Index(index) => data.get_mut(*index),
    })
}
