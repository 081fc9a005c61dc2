//! SealedSecrets of bitnami-labs/sealed-secrets, as `kubeseal` writes them.

pub mod certificate;
pub mod scope;
mod value;

pub use certificate::Certificate;
pub use scope::Scope;

use serde_json::{Map, json};

use super::{Fault, Secret, metadata};
use crate::yaml::{Data, Value};

/// The `apiVersion` of a SealedSecret.
pub const API_VERSION: &str = "bitnami.com/v1alpha1";
/// Its `kind`.
pub const KIND: &str = "SealedSecret";
/// On a live Secret, and in a template: the controller may take the Secret over although it did not make it.
pub const MANAGED: &str = "sealedsecrets.bitnami.com/managed";
/// In a template: the Secret stays when its SealedSecret goes.
pub const UNOWNED: &str = "sealedsecrets.bitnami.com/skip-set-owner-references";

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
    let mut encrypted = Map::new();
    for (key, plain) in &secret.values {
        encrypted.insert(key.clone(), Data::String(value::seal(&sealing.certificate.key, &label, plain)?));
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
