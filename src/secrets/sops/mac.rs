//! What ties the values of a file together: one hash over all of them, encrypted like a value.

use std::fmt::Write as _;

use sha2::{Digest, Sha256, Sha512};

use super::failure::SopsError;
use super::sealed::DataKey;
use super::typed::{Kind, Typed};
use crate::secrets::Plain;

/// Hashes the bytes of the leaves in the order of the document, one behind the other.
#[derive(Clone)]
pub(super) struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    /// With `only_encrypted` what stays in the clear is not hashed; sops starts such a hash with other bytes.
    pub(super) fn new(only_encrypted: bool) -> Self {
        let mut hash = Sha512::new();
        if only_encrypted {
            hash.update(Sha256::digest("sops"));
        }
        Self { hash, only_encrypted }
    }

    /// The next leaf.
    pub(super) fn add(&mut self, typed: &Typed, encrypted: bool) {
        if typed.kind != Kind::Comment && (encrypted || !self.only_encrypted) {
            self.hash.update(typed.bytes.expose());
        }
    }

    fn hex(self) -> String {
        let mut text = String::with_capacity(128);
        for byte in self.hash.finalize() {
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    /// The text for `sops.mac`.
    pub(super) fn seal(self, key: &DataKey, lastmodified: &str) -> Result<String, SopsError> {
        let typed = Typed { kind: Kind::Str, bytes: Plain::from(self.hex()) };
        key.seal(&typed, lastmodified)
    }

    /// Whether `sops.mac` says the same.
    pub(super) fn agrees(self, key: &DataKey, sealed: &str, lastmodified: &str) -> bool {
        let wanted = Typed { kind: Kind::Str, bytes: Plain::from(self.hex()) };
        key.open(sealed, lastmodified).is_some_and(|said| said == wanted)
    }
}
