//! How a pod reads a key of a ConfigMap, and how it reads it once the key is in a Secret: same names, same order, same files.

use serde_json::{Map, json};

use super::uses::items;
use crate::k8s::Workload;
use crate::yaml::{Data, Edit, Op, Value};

/// A key that moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved<'m> {
    /// The ConfigMap.
    pub map: &'m str,
    /// The key, of both.
    pub key: &'m str,
    /// The Secret.
    pub secret: &'m str,
}

/// What changes in one pod template; nothing when it does not read the key.
pub(super) fn edits(workload: &Workload<'_>, moved: Moved<'_>) -> Vec<Edit> {
    let mut all = Vec::new();
    for part in &workload.parts {
        for (index, variable) in items(part.get("env")).enumerate() {
            let Some(reference) = variable.path("valueFrom.configMapKeyRef") else { continue };
            if names(reference, moved.map) && text(reference, "key").as_deref() == Some(moved.key) {
                let from = part.route.key("env").index(index).key("valueFrom");
                let mut new = json!({"name": moved.secret, "key": moved.key});
                keep(reference, "optional", &mut new);
                all.push(Edit { route: from.key("configMapKeyRef"), op: Op::Remove });
                all.push(Edit { route: from.key("secretKeyRef"), op: Op::Set(new) });
            }
        }
        if let Some(list) = part.get("envFrom").and_then(|list| env_from(list, moved)) {
            all.push(Edit { route: part.route.key("envFrom"), op: Op::Set(list) });
        }
    }
    for (index, volume) in items(workload.get("volumes")).enumerate() {
        if let Some(new) = changed_volume(&volume.to_data(), moved) {
            all.push(Edit { route: workload.route.key("volumes").index(index), op: Op::Set(new) });
        }
    }
    all
}

fn text(value: Value<'_>, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(std::borrow::Cow::into_owned)
}

fn names(reference: Value<'_>, name: &str) -> bool {
    text(reference, "name").as_deref() == Some(name)
}

fn keep(old: Value<'_>, key: &str, new: &mut Data) {
    if let (Some(value), Some(new)) = (old.get(key), new.as_object_mut()) {
        new.insert(key.to_owned(), value.to_data());
    }
}

/// The Secret comes right behind the ConfigMap: what overrides the one overrides the other.
fn env_from(list: Value<'_>, moved: Moved<'_>) -> Option<Data> {
    let mut new = Vec::new();
    let mut changed = false;
    let all: Vec<Value<'_>> = list.items().collect();
    for (place, item) in all.iter().enumerate() {
        new.push(item.to_data());
        let Some(reference) = item.get("configMapRef").filter(|it| names(*it, moved.map)) else { continue };
        let next = all.get(place + 1).and_then(|next| next.get("secretRef"));
        if next.is_some_and(|next| names(next, moved.secret)) {
            continue;
        }
        let mut secret = json!({"name": moved.secret});
        keep(reference, "optional", &mut secret);
        let mut entry = Map::new();
        if let Some(prefix) = item.get("prefix") {
            entry.insert("prefix".to_owned(), prefix.to_data());
        }
        entry.insert("secretRef".to_owned(), secret);
        new.push(Data::Object(entry));
        changed = true;
    }
    changed.then_some(Data::Array(new))
}

/// A volume of the ConfigMap becomes one of both.
fn changed_volume(volume: &Data, moved: Moved<'_>) -> Option<Data> {
    let mut new = volume.as_object()?.clone();
    if let Some(Data::Object(mut config)) = new.get("configMap").cloned() {
        let mode = config.remove("defaultMode");
        let sources = split(&Data::Object(config), moved)?;
        new.remove("configMap");
        let mut projected = Map::new();
        if let Some(mode) = mode {
            projected.insert("defaultMode".to_owned(), mode);
        }
        projected.insert("sources".to_owned(), Data::Array(sources));
        new.insert("projected".to_owned(), Data::Object(projected));
        return Some(Data::Object(new));
    }
    let sources = new.get_mut("projected")?.get_mut("sources")?.as_array_mut()?;
    let mut changed = false;
    let mut all = Vec::new();
    for source in std::mem::take(sources) {
        match source.get("configMap").and_then(|config| split(config, moved)) {
            Some(parts) => {
                changed = true;
                all.extend(parts);
            }
            None => all.push(source),
        }
    }
    *sources = all;
    changed.then_some(Data::Object(new))
}

/// A source of the ConfigMap as one of what stays and one of the Secret's key; `None` when it does not hold the key.
fn split(config: &Data, moved: Moved<'_>) -> Option<Vec<Data>> {
    if config.get("name").and_then(Data::as_str) != Some(moved.map) {
        return None;
    }
    let of_key = |item: &Data| item.get("key").and_then(Data::as_str) == Some(moved.key);
    let mut rest = config.clone();
    let taken: Vec<Data> = match rest.get_mut("items").and_then(Data::as_array_mut) {
        Some(items) => {
            let (taken, left) = std::mem::take(items).into_iter().partition(|item| of_key(item));
            *items = left;
            taken
        }
        None => vec![json!({"key": moved.key, "path": moved.key})],
    };
    if taken.is_empty() {
        return None;
    }
    let mut secret = json!({"name": moved.secret, "items": taken});
    if let (Some(optional), Some(secret)) = (config.get("optional"), secret.as_object_mut()) {
        secret.insert("optional".to_owned(), optional.clone());
    }
    let is_empty = rest.get("items").and_then(Data::as_array).is_some_and(Vec::is_empty);
    let mut parts = if is_empty { Vec::new() } else { vec![json!({"configMap": rest})] };
    parts.push(json!({"secret": secret}));
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVED: Moved<'static> = Moved { map: "c", key: "k", secret: "s" };

    #[test]
    fn volumes_keep_their_files() {
        let whole = json!({"name": "v", "configMap": {"name": "c", "defaultMode": 256, "optional": true}});
        assert_eq!(
            changed_volume(&whole, MOVED),
            Some(json!({"name": "v", "projected": {"defaultMode": 256, "sources": [
                {"configMap": {"name": "c", "optional": true}},
                {"secret": {"name": "s", "items": [{"key": "k", "path": "k"}], "optional": true}}]}}))
        );
        let only =
            json!({"name": "v", "configMap": {"name": "c", "items": [{"key": "k", "path": "p", "mode": 1}]}});
        assert_eq!(
            changed_volume(&only, MOVED),
            Some(json!({"name": "v", "projected": {"sources": [
                {"secret": {"name": "s", "items": [{"key": "k", "path": "p", "mode": 1}]}}]}}))
        );
        for other in [
            json!({"name": "v", "configMap": {"name": "c", "items": [{"key": "o", "path": "o"}]}}),
            json!({"name": "v", "configMap": {"name": "d"}}),
            json!({"name": "v", "emptyDir": {}}),
        ] {
            assert_eq!(changed_volume(&other, MOVED), None, "{other}");
        }
        let again = changed_volume(&whole, MOVED).unwrap();
        let second = Moved { key: "l", ..MOVED };
        let sources = changed_volume(&again, second).unwrap()["projected"]["sources"].clone();
        assert_eq!(sources.as_array().unwrap().len(), 3, "{sources}");
    }
}
