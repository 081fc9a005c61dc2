//! A digest of a secret that says nothing to anyone without the operator's key.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Plain;

/// The operator's key.
#[derive(Debug, Clone)]
pub struct DigestKey(Plain);

/// The fewest bytes of a key: with fewer, who has a digest tries all keys.
pub const SHORTEST_KEY: usize = 16;

impl DigestKey {
    /// Takes a key over, line ends after it not counted; `None` when it is shorter than [`SHORTEST_KEY`] bytes.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>) -> Option<Self> {
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        (bytes.len() >= SHORTEST_KEY).then(|| Self(Plain::new(bytes)))
    }

    /// HMAC-SHA256 of a secret, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self, plain: &Plain) -> String {
        // A key of any length is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose()) else { return String::new() };
        mac.update(plain.expose());
        mac.finalize().into_bytes().iter().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
    }
}

/// HMAC-SHA256 of several parts, as `hmac-sha256:` and base64: nobody without the key can compare them.
#[must_use]
pub fn of_parts<'p>(key: &Plain, parts: impl Iterator<Item = &'p [u8]>) -> String {
    // Any length of key will do for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else { return String::new() };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    format!("hmac-sha256:{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_rfc_4231_has_it() {
        let key = DigestKey::new(vec![0xaa; 131]).unwrap();
        let text = Plain::from("Test Using Larger Than Block-Size Key - Hash Key First".to_owned());
        assert_eq!(key.digest(&text), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_short_key_is_none() {
        assert!(DigestKey::new(b"0123456789abcde\n".to_vec()).is_none());
        assert!(DigestKey::new(b"0123456789abcdef\n".to_vec()).is_some());
    }
}
