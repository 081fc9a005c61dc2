//! New values: random characters of a stated alphabet, or a pair of keys.

use std::str::FromStr;

use ed25519_dalek::SigningKey;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::RsaPrivateKey;
use rsa::rand_core::{OsRng, RngCore};
use zeroize::Zeroizing;

use super::Plain;

/// The characters a value is made of; each as likely as any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet(Vec<u8>);

const LETTERS_AND_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Alphabet {
    /// Alphabets with a name. None has a character that a shell, a URL's path or YAML takes for something else, but
    /// `printable`.
    pub const NAMED: [(&str, &str); 5] = [
        ("alphanumeric", LETTERS_AND_DIGITS),
        ("hex", "0123456789abcdef"),
        ("digits", "0123456789"),
        ("url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        (
            "printable",
            "!#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~",
        ),
    ];

    /// A value of so many characters.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn value(&self, length: usize) -> Result<Plain, String> {
        let mut made = Zeroizing::new(Vec::with_capacity(length));
        // Bytes past the last whole multiple of the alphabet would make its first characters likelier.
        let fair = 256 - 256 % self.0.len();
        let mut bytes = Zeroizing::new([0_u8; 64]);
        while made.len() < length {
            OsRng.try_fill_bytes(bytes.as_mut()).map_err(|error| format!("no random bytes: {error}"))?;
            let left = length - made.len();
            let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            made.extend(drawn.map(|byte| self.0[byte % self.0.len()]).take(left));
        }
        Ok(Plain::new(made.to_vec()))
    }
}

impl FromStr for Alphabet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::NAMED.iter().find(|(name, _)| *name == text).map(|(_, characters)| *characters);
        let mut characters = named.unwrap_or(text).as_bytes().to_vec();
        characters.sort_unstable();
        characters.dedup();
        let names = || Self::NAMED.map(|(name, _)| name).join(", ");
        if !characters.iter().all(u8::is_ascii_graphic) {
            return Err(format!("an alphabet is visible ASCII characters, or one of {}", names()));
        }
        if characters.len() < 10 {
            return Err(format!("an alphabet has at least ten characters, or is one of {}", names()));
        }
        Ok(Self(characters))
    }
}

/// A kind of key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPair {
    /// RSA with a modulus of so many bits.
    Rsa(usize),
    /// ECDSA over P-256.
    P256,
    /// Ed25519.
    Ed25519,
}

impl KeyPair {
    /// All of them, by name.
    pub const NAMED: [(&str, Self); 5] = [
        ("ed25519", Self::Ed25519),
        ("ec-p256", Self::P256),
        ("rsa-2048", Self::Rsa(2048)),
        ("rsa-3072", Self::Rsa(3072)),
        ("rsa-4096", Self::Rsa(4096)),
    ];

    /// A new pair: the private key as PKCS #8, the public one as SubjectPublicKeyInfo, both PEM.
    ///
    /// # Errors
    /// What the library says: it has no random bytes.
    pub fn make(self) -> Result<(Plain, String), String> {
        let failed = |error: String| format!("no key pair could be made: {error}");
        let (private, public) = match self {
            Self::Rsa(bits) => {
                let key = RsaPrivateKey::new(&mut OsRng, bits).map_err(|error| failed(error.to_string()))?;
                pems(&key, &key.to_public_key())
            }
            Self::P256 => {
                let key = p256::SecretKey::random(&mut OsRng);
                pems(&key, &key.public_key())
            }
            Self::Ed25519 => {
                let key = SigningKey::generate(&mut OsRng);
                pems(&key, &key.verifying_key())
            }
        }
        .map_err(failed)?;
        Ok((Plain::new(private.as_bytes().to_vec()), public))
    }
}

impl FromStr for KeyPair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::NAMED.into_iter().find(|(name, _)| *name == text);
        known.map(|(_, pair)| pair).ok_or_else(|| {
            format!("unknown kind of key {text:?}: one of {}", Self::NAMED.map(|(name, _)| name).join(", "))
        })
    }
}

fn pems(
    private: &impl EncodePrivateKey,
    public: &impl EncodePublicKey,
) -> Result<(Zeroizing<String>, String), String> {
    let private = private.to_pkcs8_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    let public = public.to_public_key_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    Ok((private, public))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_comes_up_about_as_often_as_any_other() {
        let alphabet: Alphabet = "alphanumeric".parse().unwrap();
        let value = alphabet.value(62 * 1000).unwrap();
        let mut counts = [0_u32; 256];
        value.expose().iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        let seen = LETTERS_AND_DIGITS.bytes().map(|byte| counts[usize::from(byte)]);
        // Eight standard deviations: a fair draw fails this once in 10^13 runs.
        assert!(seen.clone().all(|count| (750..1250).contains(&count)), "{:?}", seen.collect::<Vec<_>>());
        assert_eq!(value.expose().len(), 62_000);
    }

    #[test]
    fn no_two_values_are_alike() {
        let alphabet: Alphabet = "hex".parse().unwrap();
        assert_ne!(alphabet.value(32).unwrap(), alphabet.value(32).unwrap());
    }

    #[test]
    fn alphabets_that_make_weak_values_are_refused() {
        assert!("abc".parse::<Alphabet>().is_err());
        assert!("aaaaaaaaaaaaaaaa".parse::<Alphabet>().is_err());
        assert!("äöüabcdefghijklmn".parse::<Alphabet>().is_err());
        assert!("abcdefghij".parse::<Alphabet>().is_ok());
    }

    #[test]
    fn pairs_are_pem() {
        for name in ["ed25519", "ec-p256"] {
            let (private, public) = name.parse::<KeyPair>().unwrap().make().unwrap();
            assert!(private.expose_text().unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"), "{name}");
            assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{name}");
        }
        assert!("dsa".parse::<KeyPair>().unwrap_err().contains("ed25519"));
    }
}
