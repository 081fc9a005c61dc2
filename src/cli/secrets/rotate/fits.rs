//! Whether a value is one that may be replaced by what is wanted.

use super::Order;
use crate::secrets::replace::Standing;
use crate::secrets::{Fault, Plain, certificate, kept};

/// Refuses what is no value of its own, unless it is forced.
pub(super) fn check(
    order: &Order<'_>,
    standing: &Standing<'_>,
    current: Option<&Plain>,
) -> Result<(), Fault> {
    if order.wanted.force {
        return Ok(());
    }
    let (key, text) = (order.key, current.and_then(Plain::expose_text).unwrap_or_default());
    if key == "tls.key" && standing.keys.iter().any(|known| known == "tls.crt") {
        let help = "have a new certificate issued for a new key, and set both";
        return Err(Fault::new("tls.crt is the certificate of this key, and of no other", help));
    }
    if kept::is_reference(text) {
        let help = "make the new value in the store that it names; --force puts one in its place";
        return Err(Fault::new(format!("{key} holds a reference, and the value stands elsewhere"), help));
    }
    if !certificate::periods(text).is_empty() {
        return Err(Fault::new(format!("{key} is a certificate"), "its issuer makes the next one"));
    }
    if kept::is_structured(text) && order.wanted.key_pair.is_none() {
        let help = "--key-pair ed25519 (ec-p256, rsa-2048, …) makes a new pair; --force puts characters in its place";
        return Err(Fault::new(format!("{key} is a key in a form of its own"), help));
    }
    Ok(())
}
