//! What of a Secret's metadata goes over to the object that takes its place.

use serde_json::Map;

use super::external::placeholder;
use crate::k8s::template::HELM4_FILE;
use crate::yaml::{Data, Value};

/// What the server or a client wrote there about one stored object. The annotation of `kubectl apply` holds all values.
const OF_THE_STORED: [&str; 9] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Notes of kustomize and kpt to themselves. An object of another kind that keeps them is renamed by kustomize while
/// the references to it are not.
const OF_KUSTOMIZE: [&str; 4] =
    ["internal.config.kubernetes.io/", "config.kubernetes.io/", "config.k8s.io/", "kustomize.config.k8s.io/"];

/// A map of metadata.
pub type Metadata = Map<String, Data>;

/// The metadata of an object without what belongs to the stored object, to `kubectl apply`, to kustomize, to
/// argocd-vault-plugin, and without Helm 4's file name.
#[must_use]
pub fn kept(object: Value<'_>) -> Metadata {
    let metadata = object.get("metadata").map_or(Data::Null, Value::to_data);
    let Data::Object(mut metadata) = metadata else { return Map::new() };
    metadata.retain(|key, value| !OF_THE_STORED.contains(&key.as_str()) && !value.is_null());
    if let Some(Data::Object(annotations)) = metadata.get_mut("annotations") {
        annotations.retain(|key, _| !is_note(key));
    }
    metadata.retain(|_, value| !value.as_object().is_some_and(Map::is_empty));
    metadata
}

/// Takes the annotation of `kubectl apply` away, which holds all values of the object.
pub fn forget_applied(object: &mut Data) {
    let annotations = object.pointer_mut("/metadata/annotations").and_then(Data::as_object_mut);
    if let Some(annotations) = annotations {
        annotations.remove(LAST_APPLIED);
    }
}

/// Whether an annotation stays behind when its object changes its kind.
#[must_use]
pub fn is_note(key: &str) -> bool {
    let of_plugin = key.starts_with(placeholder::ANNOTATIONS);
    of_plugin
        || key == LAST_APPLIED
        || key == HELM4_FILE
        || OF_KUSTOMIZE.iter().any(|start| key.starts_with(start))
}

/// Adds the file that Helm 4 says the object stands in.
#[must_use]
pub fn with_file(mut metadata: Metadata, object: Value<'_>) -> Metadata {
    let annotations = object.get("metadata").and_then(|it| it.get("annotations"));
    if let Some(file) = annotations.and_then(|it| it.get(HELM4_FILE)).and_then(Value::as_str) {
        annotate(&mut metadata, HELM4_FILE, &file);
    }
    metadata
}

/// Sets an annotation.
pub fn annotate(metadata: &mut Metadata, key: &str, value: &str) {
    let annotations = metadata.entry("annotations").or_insert_with(|| Data::Object(Map::new()));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(key.to_owned(), Data::String(value.to_owned()));
    }
}

/// Sets the namespace, behind the name.
pub fn put_namespace(metadata: &mut Metadata, namespace: &str) {
    if metadata.get("namespace").is_some() {
        return;
    }
    let mut placed = Map::new();
    for (key, value) in std::mem::take(metadata) {
        let is_name = key == "name";
        placed.insert(key, value);
        if is_name {
            placed.insert("namespace".to_owned(), Data::String(namespace.to_owned()));
        }
    }
    placed.entry("namespace").or_insert_with(|| Data::String(namespace.to_owned()));
    *metadata = placed;
}
