//! SealedSecrets of bitnami-labs/sealed-secrets, as `kubeseal` writes them.

pub mod certificate;
pub mod scope;
mod value;

pub use certificate::Certificate;
pub use scope::Scope;

use rsa::traits::PublicKeyParts as _;
use serde_json::{Map, json};

use super::digest::of_parts;
use super::{Fault, Plain, Secret, metadata};
use crate::yaml::{Data, Value};

/// The `apiVersion` of a SealedSecret.
pub const API_VERSION: &str = "bitnami.com/v1alpha1";
/// Its `kind`.
pub const KIND: &str = "SealedSecret";
/// On a live Secret, and in a template: the controller may take the Secret over although it did not make it.
pub const MANAGED: &str = "sealedsecrets.bitnami.com/managed";
/// In a template: the Secret stays when its SealedSecret goes.
pub const UNOWNED: &str = "sealedsecrets.bitnami.com/skip-set-owner-references";

/// The annotation with digests of the values under the operator's key, as JSON.
pub const DIGESTS: &str = "hardtack.dev/sealed-digests";

/// For whom and where to seal.
#[derive(Debug, Clone, Copy)]
pub struct Sealing<'c> {
    /// The controller's certificate.
    pub certificate: &'c Certificate,
    /// The scope; without one that which the object's annotations ask for, else strict.
    pub scope: Option<Scope>,
    /// The namespace of an object that names none.
    pub namespace: Option<&'c str>,
    /// The live Secret was adopted: the controller may take it over, and it outlives the SealedSecret.
    pub adopted: bool,
    /// With it each value gets a digest by which a later run sees whether it has changed.
    pub digest_key: Option<&'c Plain>,
    /// The SealedSecret of an earlier run: values of the same digest keep their ciphertext.
    pub previous: Option<&'c Data>,
}

/// The SealedSecret of a Secret.
///
/// # Errors
/// When the Secret cannot be read, asks for another scope, or lacks the namespace or name that the scope needs.
pub fn seal(object: Value<'_>, sealing: Sealing<'_>) -> Result<Data, Fault> {
    let secret = Secret::read(object)?;
    let scope = scope_of(&secret, sealing.scope)?;
    let namespace = secret.namespace.as_deref().or(sealing.namespace);
    let label = scope.label(namespace, &secret.name)?;
    let (mut encrypted, mut digests) = (Map::new(), Map::new());
    for (key, plain) in &secret.values {
        let digest = sealing.digest_key.map(|it| digest(it, sealing.certificate, &label, key, plain));
        let kept = digest.as_deref().and_then(|digest| kept(sealing.previous?, key, digest));
        let sealed = match kept {
            Some(kept) => kept.to_owned(),
            None => value::seal(&sealing.certificate.key, &label, plain)?,
        };
        encrypted.insert(key.clone(), Data::String(sealed));
        digests.extend(digest.map(|digest| (key.clone(), Data::String(digest))));
    }
    let mut template_metadata = metadata::kept(object);
    if let (Some(namespace), true) = (namespace, scope != Scope::ClusterWide) {
        metadata::put_namespace(&mut template_metadata, namespace);
    }
    let marks = scope
        .annotation()
        .into_iter()
        .chain(if sealing.adopted { &[MANAGED, UNOWNED][..] } else { &[] }.iter().copied());
    for mark in marks {
        metadata::annotate(&mut template_metadata, mark, "true");
    }
    if !digests.is_empty() {
        metadata::annotate(&mut template_metadata, DIGESTS, &Data::Object(digests).to_string());
    }
    // Equal but for what Helm 4 takes out of the one and does not see in the other: the controller compares them
    // (sealed-secrets #1885).
    let own_metadata = metadata::with_file(template_metadata.clone(), object);
    let mut template = Map::new();
    template.insert("metadata".to_owned(), Data::Object(template_metadata));
    if let Some(kind) = secret.kind {
        template.insert("type".to_owned(), Data::String(kind));
    }
    if let Some(immutable) = secret.immutable {
        template.insert("immutable".to_owned(), Data::Bool(immutable));
    }
    Ok(json!({
        "apiVersion": API_VERSION, "kind": KIND, "metadata": own_metadata,
        "spec": {"encryptedData": encrypted, "template": template},
    }))
}

/// Bound to the key pair and to the place: sealed for another, a value is sealed anew.
fn digest(by: &Plain, certificate: &Certificate, label: &str, key: &str, plain: &Plain) -> String {
    let modulus = certificate.key.n().to_bytes_be();
    let parts = [&modulus[..], label.as_bytes(), key.as_bytes(), plain.expose()];
    of_parts(by, parts.into_iter())
}

/// What is sealed under a key, when it has this digest.
fn kept<'p>(previous: &'p Data, key: &str, digest: &str) -> Option<&'p str> {
    let digests = previous.get("metadata")?.get("annotations")?.get(DIGESTS)?.as_str()?;
    let digests: Map<String, Data> = serde_json::from_str(digests).ok()?;
    (digests.get(key)?.as_str()? == digest).then_some(())?;
    previous.get("spec")?.get("encryptedData")?.get(key)?.as_str()
}

/// The text of [`DIGESTS`] without those of keys that changed, which would vouch for what is no more; `None` when nothing
/// is left.
#[must_use]
pub fn digests_without(text: &str, keys: &[&str]) -> Option<String> {
    let mut digests: Map<String, Data> = serde_json::from_str(text).ok()?;
    digests.retain(|key, _| !keys.contains(&key.as_str()));
    (!digests.is_empty()).then(|| Data::Object(digests).to_string())
}

/// One value for a SealedSecret that is there: it opens in this scope, namespace and name, under whatever key. So the
/// ciphertext of one key may stand under another.
///
/// # Errors
/// When the scope lacks its namespace or name.
pub fn seal_value(
    certificate: &Certificate,
    scope: Scope,
    (namespace, name): (Option<&str>, &str),
    plain: &Plain,
) -> Result<String, Fault> {
    value::seal(&certificate.key, &scope.label(namespace, name)?, plain)
}

fn scope_of(secret: &Secret, wanted: Option<Scope>) -> Result<Scope, Fault> {
    let asked = Scope::asked(|key| secret.annotations.get(key).map(String::as_str));
    match (asked, wanted) {
        (Some(asked), Some(wanted)) if asked != wanted => {
            let what = format!("its annotation asks for {asked} scope, and {wanted} is wanted");
            Err(Fault::new(what, "take the annotation out, or want the same scope"))
        }
        (asked, wanted) => Ok(wanted.or(asked).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
