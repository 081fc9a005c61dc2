//! One sealed value: a fresh AES key under RSA-OAEP, and the value under that key.
//!
//! The layout is that of sealed-secrets' `HybridEncrypt`
//! (<https://github.com/bitnami-labs/sealed-secrets/blob/v0.36.6/pkg/crypto/crypto.go>): two bytes, big-endian, for the
//! length of the encrypted key; that key (OAEP with SHA-256, labelled by the scope); the value under AES-256-GCM with a
//! nonce of zeros, which is sound because no key is used twice.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::rand_core::{OsRng, RngCore as _};
use rsa::sha2::Sha256;
use rsa::{Oaep, RsaPublicKey};
use zeroize::Zeroizing;

use crate::secrets::{Fault, Plain};

/// Seals one value, as text for `spec.encryptedData`.
///
/// # Errors
/// When the system has no randomness.
pub(super) fn seal(key: &RsaPublicKey, label: &str, plain: &Plain) -> Result<String, Fault> {
    let failed = |what: &str| Fault::new(format!("cannot seal: {what}"), "nothing was written");
    let mut session = Zeroizing::new([0_u8; 32]);
    OsRng.try_fill_bytes(session.as_mut()).map_err(|_| failed("the system gives no randomness"))?;
    let padding = Oaep::new_with_label::<Sha256, _>(label);
    let locked =
        key.encrypt(&mut OsRng, padding, session.as_ref()).map_err(|_| failed("the key takes no more"))?;
    let cipher = Aes256Gcm::new_from_slice(session.as_ref()).map_err(|_| failed("the session key"))?;
    let sealed =
        cipher.encrypt(&Nonce::default(), plain.expose()).map_err(|_| failed("the value is too long"))?;
    let length = u16::try_from(locked.len()).map_err(|_| failed("the key is too large"))?;
    let bytes = [&length.to_be_bytes()[..], &locked, &sealed].concat();
    Ok(STANDARD.encode(bytes))
}
