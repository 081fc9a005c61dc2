//! SecretProviderClasses of the Secrets Store CSI driver.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use super::Remote;
use crate::secrets::{Fault, metadata};
use crate::yaml::{Data, Value, write};

/// The name of the driver.
const DRIVER: &str = "secrets-store.csi.k8s.io";

/// The types of Secrets that the driver makes
/// (<https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret>).
const TYPES: [&str; 8] = [
    "Opaque",
    "bootstrap.kubernetes.io/token",
    "kubernetes.io/basic-auth",
    "kubernetes.io/dockercfg",
    "kubernetes.io/dockerconfigjson",
    "kubernetes.io/service-account-token",
    "kubernetes.io/ssh-auth",
    "kubernetes.io/tls",
];

/// Who reads the store for the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// HashiCorp Vault, OpenBao.
    Vault,
    /// AWS Secrets Manager.
    Aws,
    /// Google Secret Manager.
    Gcp,
}

impl Provider {
    const fn word(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Aws => "aws",
            Self::Gcp => "gcp",
        }
    }

    /// The parameter that lists what to read, with the list in the provider's own words.
    fn listed(self, remotes: &BTreeMap<String, Remote>) -> (&'static str, Data) {
        let items = remotes.iter();
        match self {
            Self::Vault => {
                let item = |(key, remote): (&String, &Remote)| {
                    let secret_key = remote.property.as_deref().unwrap_or(key);
                    let mut item =
                        json!({"objectName": key, "secretPath": remote.key, "secretKey": secret_key});
                    if let (true, Some(item)) = (remote.is_base64, item.as_object_mut()) {
                        item.insert("encoding".to_owned(), json!("base64"));
                    }
                    item
                };
                ("objects", items.map(item).collect())
            }
            Self::Aws => ("objects", aws(remotes)),
            Self::Gcp => {
                let item = |(key, remote): (&String, &Remote)| {
                    let version = remote.version.as_deref().unwrap_or("latest");
                    json!({"resourceName": format!("{}/versions/{version}", remote.key), "path": key})
                };
                ("secrets", items.map(item).collect())
            }
        }
    }
}

/// One entry for each name in the store; its properties become files by JMESPath.
fn aws(remotes: &BTreeMap<String, Remote>) -> Data {
    let mut by_name: BTreeMap<&str, Vec<(&String, &Remote)>> = BTreeMap::new();
    for (key, remote) in remotes {
        by_name.entry(&remote.key).or_default().push((key, remote));
    }
    let item = |(name, entries): (&str, Vec<(&String, &Remote)>)| {
        let paths: Vec<Data> = entries
            .iter()
            .filter_map(|(key, remote)| {
                let property = remote.property.as_deref()?;
                Some(json!({"path": format!("\"{}\"", property.replace('"', "\\\"")), "objectAlias": key}))
            })
            .collect();
        let mut item = json!({"objectName": name, "objectType": "secretsmanager"});
        if let Some(item) = item.as_object_mut() {
            match entries.first() {
                Some((key, remote)) if remote.property.is_none() => {
                    item.insert("objectAlias".to_owned(), json!(key))
                }
                _ => item.insert("jmesPath".to_owned(), Data::Array(paths)),
            };
        }
        item
    };
    by_name.into_iter().map(item).collect()
}

/// The SecretProviderClass that makes the Secret out of these places of a store.
///
/// # Errors
/// When the driver makes no Secrets of its type, or the provider cannot give a value back as it was.
pub fn provider_class(
    object: Value<'_>,
    provider: Provider,
    parameters: &BTreeMap<String, String>,
    remotes: &BTreeMap<String, Remote>,
) -> Result<Data, Fault> {
    let text = |value: Option<Value<'_>>| value.and_then(Value::as_str).map(std::borrow::Cow::into_owned);
    let name = text(object.get("metadata").and_then(|it| it.get("name"))).unwrap_or_default();
    let kind = text(object.get("type")).unwrap_or_else(|| TYPES[0].to_owned());
    if !TYPES.contains(&kind.as_str()) {
        let what = format!("the Secrets Store CSI driver makes no Secrets of type {kind}");
        return Err(Fault::new(what, "an ExternalSecret can: external: {kind: ExternalSecret}"));
    }
    if let Some((key, _)) = remotes.iter().find(|(_, it)| it.is_base64 && provider != Provider::Vault) {
        let what = format!("{key} is no text, and provider {} cannot decode it", provider.word());
        return Err(Fault::new(what, "an ExternalSecret can: external: {kind: ExternalSecret}"));
    }
    let kept = metadata::kept(object);
    let (parameter, listed) = provider.listed(remotes);
    let mut all: Map<String, Data> =
        parameters.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    all.insert(parameter.to_owned(), Data::String(write::document(&listed, "\n")));
    let mut synced = Map::new();
    synced.insert("secretName".to_owned(), json!(name));
    synced.insert("type".to_owned(), json!(kind));
    for part in ["labels", "annotations"] {
        if let Some(marks) = kept.get(part) {
            synced.insert(part.to_owned(), marks.clone());
        }
    }
    let data: Vec<Data> = remotes.keys().map(|key| json!({"objectName": key, "key": key})).collect();
    synced.insert("data".to_owned(), Data::Array(data));
    Ok(json!({
        "apiVersion": "secrets-store.csi.x-k8s.io/v1", "kind": "SecretProviderClass",
        "metadata": metadata::with_file(kept, object),
        "spec": {"provider": provider.word(), "parameters": all, "secretObjects": [synced]},
    }))
}

/// The volume that a pod has to mount for the driver to make the Secret of a class.
#[must_use]
pub fn driver_volume(volume: &str, class: &str) -> Data {
    json!({"name": volume, "csi": {
        "driver": DRIVER, "readOnly": true, "volumeAttributes": {"secretProviderClass": class},
    }})
}
