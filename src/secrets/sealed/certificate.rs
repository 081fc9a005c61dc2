//! The certificate of a sealed-secrets controller: what sealing needs of it, and whether it is still good.

use chrono::DateTime;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

use crate::secrets::Fault;

/// The fewest bits of the key.
const SMALLEST: usize = 2048;
/// The most; beyond, one value takes seconds.
const LARGEST: usize = 16384;
/// Controllers make a new key every 30 days: an older certificate works, and is not the newest.
const FRESH_DAYS: i64 = 30;
const DAY: i64 = 86400;

const FETCH: &str = "kubeseal --fetch-cert > pub-cert.pem asks the controller for its certificate";

/// A certificate that values are sealed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub(super) key: RsaPublicKey,
    /// The first second it holds, since 1970.
    not_before: i64,
    /// The last.
    not_after: i64,
}

impl Certificate {
    /// The first certificate of a PEM file, as `kubeseal --fetch-cert` writes it.
    ///
    /// # Errors
    /// When there is none, or its key is not RSA of 2048 to 16384 bits.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::new(what, FETCH);
        let der = match CertificateDer::from_pem_slice(pem) {
            Ok(der) => der,
            Err(_) if contains(pem, "PRIVATE KEY-----") => {
                let help = "remove it from here at once: sealing needs the certificate alone; ";
                return Err(Fault::new(
                    "it holds a private key and no certificate",
                    format!("{help}{FETCH}"),
                ));
            }
            Err(_) if contains(pem, "PUBLIC KEY-----") => {
                return Err(wrong(
                    "it holds a bare public key, which says nothing of its age, and no certificate",
                ));
            }
            Err(_) => return Err(wrong("it holds no certificate in PEM form")),
        };
        let (rest, read) =
            X509Certificate::from_der(&der).map_err(|_| wrong("its first certificate cannot be read"))?;
        if !rest.is_empty() {
            return Err(wrong("bytes follow its first certificate"));
        }
        let key = match read.public_key().parsed() {
            Ok(PublicKey::RSA(key)) => key,
            _ => return Err(wrong("the key of its certificate is not RSA, which sealed-secrets needs")),
        };
        let (modulus, exponent) = (BigUint::from_bytes_be(key.modulus), BigUint::from_bytes_be(key.exponent));
        let bits = modulus.bits();
        if !(SMALLEST..=LARGEST).contains(&bits) {
            let what = format!("its key has {bits} bits; {SMALLEST} to {LARGEST} are taken");
            return Err(Fault::new(what, FETCH));
        }
        let key = RsaPublicKey::new_with_max_size(modulus, exponent, LARGEST)
            .map_err(|_| wrong("the key of its certificate is no RSA key"))?;
        let validity = read.validity();
        Ok(Self {
            key,
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
        })
    }

    /// Bits of its key.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.key.n().bits()
    }

    /// Whether it may be used on a day, given by any of its seconds since 1970; with what is worth saying about it.
    ///
    /// # Errors
    /// When it is expired, or not valid yet.
    pub fn judge(&self, seconds: i64) -> Result<Option<String>, Fault> {
        let day = |seconds: i64| seconds.div_euclid(DAY);
        let (today, first, last) = (day(seconds), day(self.not_before), day(self.not_after));
        if today > last {
            return Err(Fault::new(format!("expired on {}", date(self.not_after)), FETCH));
        }
        if today < first {
            let help = "check the clock or --date; else ";
            return Err(Fault::new(
                format!("not valid before {}", date(self.not_before)),
                format!("{help}{FETCH}"),
            ));
        }
        let age = today - first;
        Ok((age > FRESH_DAYS).then(|| {
            format!(
                "is {age} days old: controllers make a new key every {FRESH_DAYS} days, so this one still opens and is no longer the newest; {FETCH}"
            )
        }))
    }
}

fn date(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| seconds.to_string(), |it| it.format("%Y-%m-%d").to_string())
}

fn contains(pem: &[u8], words: &str) -> bool {
    memchr::memmem::find(pem, words.as_bytes()).is_some()
}
