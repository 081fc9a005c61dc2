//! The fields of custom resources, and of the few built-in kinds that hold parameters.

use super::finder::{Site, Walk, text_of};
use super::name;
use super::suspect::Holder;
use crate::k8s::Object;
use crate::yaml::{Route, Value};

/// Keys below which only references, ciphertext or the server's own words stand.
const CLOSED: [&str; 10] = [
    "encryptedData",
    "sops",
    "status",
    "valueFrom",
    "secretKeyRef",
    "secretRef",
    "metadata",
    "remoteRef",
    "secretStoreRef",
    "openAPIV3Schema",
];

/// Groups whose objects hold patterns and code, not values.
const OF_PATTERNS: [&str; 3] = ["kyverno.io", "templates.gatekeeper.sh", "constraints.gatekeeper.sh"];

/// The group that workloads stood in before Kubernetes 1.16.
const GONE: &str = "extensions";

/// Whether all fields of an object are looked at.
pub(super) fn are_walked(object: &Object<'_>) -> bool {
    let group = object.group();
    let built_in = !group.contains('.') || group.ends_with(".k8s.io");
    let parameters = object.is("storage.k8s.io", "StorageClass") || object.is("", "PersistentVolume");
    // Workloads of a group that no server serves any more.
    let parameters = parameters || group == GONE;
    parameters || (!built_in && !OF_PATTERNS.contains(&group))
}

pub(super) fn walk(walk: &mut Walk<'_, '_>) {
    let (value, route) = (walk.object.value, walk.object.route.clone());
    below(walk, value, &route, "");
}

/// Every scalar below a value, under the name of its key; that of an entry of a list under the entry's own name.
fn below<'a>(walk: &mut Walk<'_, 'a>, value: Value<'a>, route: &Route, key: &str) {
    if value.is_map() {
        let entry = value.get("name").or_else(|| value.get("key")).and_then(Value::as_str);
        let entry = entry.filter(|_| value.get("value").is_some());
        for (name, child) in value.entries() {
            let own = entry.as_deref().filter(|_| name == "value").unwrap_or(&name);
            let closed =
                CLOSED.contains(&name.as_ref()) || name.ends_with("Ref") || name.ends_with("Selector");
            if closed || own == "secretKey" && selects(child, value) {
                continue;
            }
            below(walk, child, &route.key(name.clone().into_owned()), own);
        }
    } else if value.is_seq() {
        for (index, item) in value.items().enumerate() {
            below(walk, item, &route.index(index), key);
        }
    } else if !walk.found.iter().any(|known| known.route == *route) {
        let holder = if walk.object.group() == GONE { Holder::Variable } else { Holder::Field };
        walk.judge(&Site { holder, container: None, name: key, route: route.clone(), value });
    }
}

/// Whether `secretKey` names a key of a Secret: beside a reference, or a word that itself speaks of a secret.
fn selects(value: Value<'_>, beside: Value<'_>) -> bool {
    let named = ["remoteRef", "secretName", "secret", "name", "sourceRef"]
        .iter()
        .any(|key| beside.get(key).is_some());
    named || text_of(value).is_some_and(|text| name::has_stem(&text))
}

/// The scalar at a byte of the document, and the route to it; `None` in comments and keys.
pub(super) fn locate<'a>(value: Value<'a>, route: &Route, at: usize) -> Option<(Route, Value<'a>)> {
    let node = value.node();
    if at < node.start as usize || at >= node.end as usize {
        return None;
    }
    if value.is_map() && value.node().kind != crate::yaml::Kind::Alias {
        return value
            .own_entries()
            .find_map(|(key, child)| locate(child, &route.key(key.key_text().into_owned()), at));
    }
    if value.is_seq() && value.node().kind != crate::yaml::Kind::Alias {
        return value.items().enumerate().find_map(|(index, item)| locate(item, &route.index(index), at));
    }
    Some((route.clone(), value))
}
