//! `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`: one encrypted value.

use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{AesGcm, aes::Aes256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::failure::SopsError;
use super::random;
use super::typed::{Kind, Typed};

/// How every encrypted value begins.
pub(super) const OPENING: &str = "ENC[AES256_GCM,";

const TAG: usize = 16;

type Cipher = AesGcm<Aes256, U32>;

/// The key that a file's values are encrypted with; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey")
    }
}

impl DataKey {
    /// A new one.
    pub(super) fn generate() -> Result<Self, SopsError> {
        let mut key = Zeroizing::new([0; 32]);
        random::fill(&mut *key)?;
        Ok(Self(key))
    }

    /// From its 32 bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|key: [u8; 32]| Self(Zeroizing::new(key)))
    }

    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> Cipher {
        Cipher::new((&*self.0).into())
    }

    /// Encrypts a value under a fresh random IV of 32 bytes. An empty text stays as it is, as sops leaves it.
    pub(super) fn seal(&self, typed: &Typed, aad: &str) -> Result<String, SopsError> {
        let mut iv = [0; 32];
        random::fill(&mut iv)?;
        self.seal_with(typed, aad, &iv)
    }

    fn seal_with(&self, typed: &Typed, aad: &str, iv: &[u8; 32]) -> Result<String, SopsError> {
        let plain = typed.bytes.expose();
        if plain.is_empty() {
            return Ok(String::new());
        }
        let payload = Payload { msg: plain, aad: aad.as_bytes() };
        let sealed = self.cipher().encrypt(iv.into(), payload).map_err(|_| SopsError::TooLong)?;
        let (data, tag) = sealed.split_at(sealed.len() - TAG);
        let encode = |bytes: &[u8]| STANDARD.encode(bytes);
        let (data, iv, tag, kind) = (encode(data), encode(iv), encode(tag), typed.kind.word());
        Ok(format!("{OPENING}data:{data},iv:{iv},tag:{tag},type:{kind}]"))
    }

    /// Decrypts a value; `None` when it is not what was encrypted here, at this place, or not of the form.
    pub(super) fn open(&self, text: &str, aad: &str) -> Option<Typed> {
        let Sealed { mut data, iv, tag, kind } = Sealed::parse(text)?;
        data.extend_from_slice(&tag);
        let payload = Payload { msg: &data, aad: aad.as_bytes() };
        let plain = self.cipher().decrypt((&iv).into(), payload).ok()?;
        Typed::decrypted(kind, Zeroizing::new(plain))
    }
}

/// Whether text is meant as an encrypted value.
#[must_use]
pub fn looks_sealed(text: &str) -> bool {
    text.starts_with(OPENING)
}

/// The parts of an encrypted value.
struct Sealed {
    data: Vec<u8>,
    iv: [u8; 32],
    tag: [u8; TAG],
    kind: Kind,
}

impl Sealed {
    /// Strict where sops is not: nothing behind the bracket, only the one way to write base64.
    fn parse(text: &str) -> Option<Self> {
        let parts = text.strip_prefix(OPENING)?.strip_suffix(']')?;
        let mut parts = parts.split(',');
        let mut part = |name: &str| parts.next()?.strip_prefix(name);
        let (data, iv, tag, kind) = (part("data:")?, part("iv:")?, part("tag:")?, part("type:")?);
        let decode = |text: &str| STANDARD.decode(text).ok();
        let sealed = Self {
            data: decode(data)?,
            iv: decode(iv)?.try_into().ok()?,
            tag: decode(tag)?.try_into().ok()?,
            kind: Kind::from_word(kind)?,
        };
        (parts.next().is_none() && !sealed.data.is_empty()).then_some(sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Plain;

    fn typed(text: &str) -> Typed {
        Typed { kind: Kind::Str, bytes: Plain::from(text.to_owned()) }
    }

    fn key() -> DataKey {
        DataKey(Zeroizing::new(std::array::from_fn(|at| u8::try_from(at).unwrap())))
    }

    /// Made by an independent program.
    #[test]
    fn agrees_with_a_worked_vector() {
        use sha2::Digest;
        let iv: [u8; 32] = sha2::Sha256::digest("hardtack-test-iv-0").into();
        let sealed = key().seal_with(&typed("//4A"), "data:bin:", &iv).unwrap();
        assert_eq!(
            sealed,
            "ENC[AES256_GCM,data:qYCxdA==,iv:Hn6AdEvR+GlhS680YJS0KcBWh64mASJwUTmH0fXTRpc=,tag:GhZDX/7UFmPVb6XdDC+/WA==,\
             type:str]"
        );
        assert_eq!(key().open(&sealed, "data:bin:"), Some(typed("//4A")));
        assert_eq!(key().open(&sealed, "data:other:"), None);
    }

    #[test]
    fn no_flipped_bit_opens() {
        let sealed = key().seal(&typed("canary-canary"), "a:").unwrap();
        for at in 0..sealed.len() * 8 {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at / 8] ^= 1 << (at % 8);
            if let Ok(text) = String::from_utf8(bytes) {
                assert_eq!(key().open(&text, "a:"), None, "bit {at}");
            }
        }
    }

    #[test]
    fn empty_stays_empty_and_form_is_strict() {
        assert_eq!(key().seal(&typed(""), "a:").unwrap(), "");
        let sealed = key().seal(&typed("x"), "a:").unwrap();
        assert_eq!(key().open(&format!("{sealed}x"), "a:"), None);
        assert_eq!(key().open(&sealed.replace("type:str", "type:bytes"), "a:"), None);
        assert_ne!(sealed, key().seal(&typed("x"), "a:").unwrap());
    }
}
