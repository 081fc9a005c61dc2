//! References instead of values: ExternalSecrets of the External Secrets Operator, and SecretProviderClasses of the
//! Secrets Store CSI driver.

mod interval;
pub(super) mod placeholder;
mod provider_class;

use std::collections::BTreeMap;

use serde_json::{Map, json};

pub use interval::refresh_interval;
pub use placeholder::{is_reference, migrate};
pub use provider_class::{Provider, driver_volume, provider_class};

use super::{Fault, Secret, metadata};
use crate::yaml::{Data, Value};

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Store {
    /// `metadata.name`.
    pub name: String,
    /// Of one namespace, or of all.
    pub kind: StoreKind,
}

/// The kind of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreKind {
    /// In the namespace.
    #[default]
    SecretStore,
    /// For all namespaces.
    ClusterSecretStore,
}

/// A version of the operator's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiVersion {
    /// Served since 0.16; the only one since 0.17.
    #[default]
    V1,
    /// Its schema has defaults that are written out here: Argo CD sees drift where they are missing.
    V1Beta1,
}

/// What takes the place of a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// An ExternalSecret.
    ExternalSecret {
        /// Of this version.
        api_version: ApiVersion,
        /// As the server prints it: `1h0m0s`.
        refresh_interval: String,
    },
    /// A SecretProviderClass.
    ProviderClass {
        /// Who reads the store.
        provider: Provider,
        /// What it needs beside the objects.
        parameters: BTreeMap<String, String>,
    },
}

/// Where the value of one key is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remote {
    /// The name in the store.
    pub key: String,
    /// The property under that name.
    pub property: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// What the store holds is base64 of the value: of values that are no text.
    pub is_base64: bool,
}

impl StoreKind {
    const fn word(self) -> &'static str {
        match self {
            Self::SecretStore => "SecretStore",
            Self::ClusterSecretStore => "ClusterSecretStore",
        }
    }
}

impl ApiVersion {
    const fn word(self) -> &'static str {
        match self {
            Self::V1 => "external-secrets.io/v1",
            Self::V1Beta1 => "external-secrets.io/v1beta1",
        }
    }
}

/// Whether a store must hold the value as base64 text: when it is no UTF-8, or holds a zero byte.
#[must_use]
pub fn needs_base64(plain: &super::Plain) -> bool {
    plain.expose_text().is_none_or(|text| text.contains('\0'))
}

/// The ExternalSecret of a Secret whose values are kept in these places, one for each key.
///
/// # Errors
/// When the Secret has no keys, or cannot be read.
pub fn external_secret(
    object: Value<'_>,
    store: &Store,
    (api_version, refresh_interval): (ApiVersion, &str),
    remotes: &BTreeMap<String, Remote>,
    adopted: bool,
) -> Result<Data, Fault> {
    let name =
        object.get("metadata").and_then(|it| it.get("name")).and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(Fault::new(
            "an ExternalSecret needs a name, and the object has none",
            "give it metadata.name",
        ));
    }
    if remotes.is_empty() {
        return Err(Fault::new(
            "an ExternalSecret needs a key, and the object has none",
            "keep it: to: keep",
        ));
    }
    let kept = metadata::kept(object);
    let own = metadata::with_file(kept.clone(), object);
    let mut template = Map::new();
    // The server's defaults: a template without data of its own takes all keys over.
    template.insert("engineVersion".to_owned(), json!("v2"));
    template.insert("mergePolicy".to_owned(), json!("Replace"));
    if let Some(kind) = object.get("type").and_then(Value::as_str) {
        template.insert("type".to_owned(), Data::String(kind.into_owned()));
    }
    let marks: Map<String, Data> =
        kept.into_iter().filter(|(key, _)| key == "labels" || key == "annotations").collect();
    if !marks.is_empty() {
        template.insert("metadata".to_owned(), Data::Object(marks));
    }
    let mut target = Map::new();
    target.insert("name".to_owned(), Data::String(name.into_owned()));
    // An owner takes what it owns with it: an adopted Secret must outlive a roll-back.
    target.insert("creationPolicy".to_owned(), json!(if adopted { "Orphan" } else { "Owner" }));
    target.insert("deletionPolicy".to_owned(), json!("Retain"));
    if let Some(immutable) = object.get("immutable").and_then(Value::as_bool) {
        target.insert("immutable".to_owned(), Data::Bool(immutable));
    }
    target.insert("template".to_owned(), Data::Object(template));
    let data: Vec<Data> = remotes.iter().map(|(key, remote)| entry(key, remote, api_version)).collect();
    Ok(json!({
        "apiVersion": api_version.word(), "kind": "ExternalSecret", "metadata": own,
        "spec": {
            "refreshInterval": refresh_interval,
            "secretStoreRef": {"name": store.name, "kind": store.kind.word()},
            "target": target,
            "data": data,
        },
    }))
}

fn entry(key: &str, remote: &Remote, api_version: ApiVersion) -> Data {
    let mut reference = Map::new();
    reference.insert("key".to_owned(), json!(remote.key));
    if let Some(property) = &remote.property {
        reference.insert("property".to_owned(), json!(property));
    }
    if let Some(version) = &remote.version {
        reference.insert("version".to_owned(), json!(version));
    }
    let decoding = match (remote.is_base64, api_version) {
        (true, _) => Some("Base64"),
        (false, ApiVersion::V1Beta1) => Some("None"),
        (false, ApiVersion::V1) => None,
    };
    if let Some(decoding) = decoding {
        reference.insert("decodingStrategy".to_owned(), json!(decoding));
    }
    if api_version == ApiVersion::V1Beta1 {
        reference.insert("conversionStrategy".to_owned(), json!("Default"));
        reference.insert("metadataPolicy".to_owned(), json!("None"));
    }
    json!({"secretKey": key, "remoteRef": reference})
}

/// The keys of a Secret, with which of them a store must hold as base64.
///
/// # Errors
/// When the Secret cannot be read.
pub fn keys(object: Value<'_>) -> Result<BTreeMap<String, bool>, Fault> {
    let secret = Secret::read(object)?;
    Ok(secret.values.iter().map(|(key, plain)| (key.clone(), needs_base64(plain))).collect())
}
