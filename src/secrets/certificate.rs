//! Certificates in Secrets and ConfigMaps: whether they parse, belong to their key, stand in order, and when they end.

use rustls::crypto::ring::sign::any_supported_type;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::embedded::Entry;
use crate::yaml::{Route, Value};

/// What is wrong with a TLS Secret, or could not be looked at.
#[derive(Debug, Clone)]
pub enum Fault<'a> {
    /// It cannot be served.
    Wrong {
        /// From the document's root.
        route: Route,
        /// The value there.
        near: Value<'a>,
        /// What is wrong.
        message: String,
        /// What to do next.
        help: &'static str,
    },
    /// It could not be looked at, and why.
    Unknown(String),
}

/// When a certificate holds, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// `notBefore`.
    pub from: i64,
    /// `notAfter`.
    pub until: i64,
}

/// The mark of every certificate in PEM.
const MARK: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// The most certificates of one text that are looked at: a bundle of roots has some 150.
const MOST: usize = 200;

/// When the certificates in a text hold, in their order; those that do not parse are left out.
#[must_use]
pub fn periods(text: &str) -> Vec<Period> {
    // Nearly every text has none.
    if memchr::memmem::find(text.as_bytes(), MARK).is_none() {
        return Vec::new();
    }
    let period = |der: CertificateDer<'static>| {
        let (_, certificate) = X509Certificate::from_der(&der).ok()?;
        let validity = certificate.validity();
        Some(Period { from: validity.not_before.timestamp(), until: validity.not_after.timestamp() })
    };
    let all = CertificateDer::pem_slice_iter(text.as_bytes()).take(MOST).filter_map(Result::ok);
    all.filter_map(period).collect()
}

/// What is wrong with `tls.crt` and `tls.key`. Keys that are missing or empty are none of this: what is to be filled
/// later, or by others, often starts so.
#[must_use]
pub fn faults<'a>(entries: &[Entry<'a>]) -> Vec<Fault<'a>> {
    let text = |key: &str| {
        entries.iter().find(|entry| entry.key == key && entry.text().is_some_and(|it| !it.trim().is_empty()))
    };
    let (certificate, key) = (text("tls.crt"), text("tls.key"));
    let mut found = Vec::new();
    let chain = certificate.map(|entry| chain(entry, &mut found)).unwrap_or_default();
    let Some(key_entry) = key else { return found };
    let key_text = key_entry.text().unwrap_or_default().as_bytes();
    match PrivateKeyDer::from_pem_slice(key_text) {
        Err(_) if memchr::memmem::find(key_text, b"ENCRYPTED").is_some() => {
            found.push(Fault::Unknown(
                "tls.key is encrypted: cannot check whether it is the certificate's".to_owned(),
            ));
        }
        Err(_) => found.push(wrong(
            key_entry,
            "tls.key is no private key in PEM",
            "write the key, not the certificate",
        )),
        Ok(key) if !chain.is_empty() => found.extend(mismatch(key_entry, chain, &key)),
        Ok(_) => {}
    }
    found
}

fn wrong<'a>(entry: &Entry<'a>, message: impl Into<String>, help: &'static str) -> Fault<'a> {
    Fault::Wrong { route: entry.route.clone(), near: entry.value, message: message.into(), help }
}

/// The certificates of `tls.crt`; empty when there is something wrong with them.
fn chain<'a>(entry: &Entry<'a>, found: &mut Vec<Fault<'a>>) -> Vec<CertificateDer<'static>> {
    let text = entry.text().unwrap_or_default().as_bytes();
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).take(MOST).collect();
    let chain = match all {
        Ok(chain) if !chain.is_empty() => chain,
        _ => {
            found.push(wrong(
                entry,
                "tls.crt is no certificate in PEM",
                "it begins with -----BEGIN CERTIFICATE-----",
            ));
            return Vec::new();
        }
    };
    let parsed: Result<Vec<_>, _> =
        chain.iter().map(|der| X509Certificate::from_der(der).map(|(_, it)| it)).collect();
    let Ok(parsed) = parsed else {
        found.push(wrong(
            entry,
            "tls.crt holds something that is no X.509 certificate",
            "have it issued again",
        ));
        return Vec::new();
    };
    let follows = |pair: &[X509Certificate<'_>]| pair[0].issuer().as_raw() == pair[1].subject().as_raw();
    if let Some(at) = parsed.windows(2).position(|pair| !follows(pair)) {
        let help = "the leaf comes first, and each certificate is followed by the one of its issuer";
        let message = match parsed[0].is_ca() && parsed.iter().any(|it| !it.is_ca()) {
            true => "tls.crt does not begin with the leaf".to_owned(),
            false => format!("certificate {} in tls.crt is not followed by its issuer's", at + 1),
        };
        found.push(wrong(entry, message, help));
    }
    chain
}

/// Whether the key is not the leaf's; what cannot be compared is said, not held against it.
fn mismatch<'a>(
    entry: &Entry<'a>,
    chain: Vec<CertificateDer<'static>>,
    key: &PrivateKeyDer<'_>,
) -> Option<Fault<'a>> {
    let unknown =
        || Fault::Unknown("tls.key is of a kind that cannot be compared with tls.crt here".to_owned());
    let Ok(key) = any_supported_type(key) else { return Some(unknown()) };
    match CertifiedKey::new(chain, key).keys_match() {
        Ok(()) => None,
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Some(wrong(
            entry,
            "tls.key is not the key of tls.crt",
            "take both from the same issue of the certificate",
        )),
        Err(_) => Some(unknown()),
    }
}
