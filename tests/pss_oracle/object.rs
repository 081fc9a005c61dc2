//! Pods as data: places set by path, and the kinds that wrap a pod template.

use hardtack::yaml::Value as Node;
use serde_json::{Map, Value, json};

/// The built-in kinds that hold a pod template, with their API version.
pub const KINDS: [(&str, &str); 9] = [
    ("Pod", "v1"),
    ("PodTemplate", "v1"),
    ("ReplicationController", "v1"),
    ("Deployment", "apps/v1"),
    ("ReplicaSet", "apps/v1"),
    ("DaemonSet", "apps/v1"),
    ("StatefulSet", "apps/v1"),
    ("Job", "batch/v1"),
    ("CronJob", "batch/v1"),
];

/// A pod that is restricted at every version and on every system.
pub fn good_pod() -> Value {
    let context = || json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    json!({
        "metadata": {},
        "spec": {
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "initContainers": [{"name": "first", "image": "i", "securityContext": context()}],
            "containers": [{"name": "main", "image": "i", "securityContext": context()}],
        }
    })
}

/// The text of an object of this kind around a pod template.
pub fn wrapped(kind: &str, template: &Value) -> String {
    let (_, api_version) = KINDS.iter().find(|(name, _)| *name == kind).expect("a kind with a pod");
    let mut object = match kind {
        "Pod" => template.clone(),
        "PodTemplate" => json!({"template": template}),
        "CronJob" => json!({"spec": {"jobTemplate": {"spec": {"template": template}}}}),
        _ => json!({"spec": {"template": template}}),
    };
    let object = object.as_object_mut().expect("a template is a map");
    object.insert("apiVersion".into(), (*api_version).into());
    object.insert("kind".into(), kind.into());
    serde_json::to_string(object).expect("data is JSON")
}

/// The pod template of an object that hardtack has read; `None` for other kinds and where there is none.
pub fn template<'a>(object: Node<'a>) -> Option<Node<'a>> {
    let text = |key| object.get(key).and_then(Node::as_str);
    let (kind, api_version) = (text("kind")?, text("apiVersion")?);
    KINDS.iter().find(|(name, version)| *name == kind && *version == api_version)?;
    match kind.as_ref() {
        "Pod" => Some(object),
        "PodTemplate" => object.get("template"),
        "CronJob" => object.path("spec.jobTemplate.spec.template"),
        _ => object.path("spec.template"),
    }
}

/// Puts a value at a path such as `spec.containers[0].name`, making maps and lists on the way.
pub fn set(object: &mut Value, path: &str, value: Value) {
    let mut at = object;
    for step in path.replace('[', ".[").split('.') {
        at = match step.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            Some(index) => item(at, index.parse().expect("an index")),
            None => {
                if !at.is_object() {
                    *at = Value::Object(Map::new());
                }
                at.as_object_mut().expect("just made").entry(step).or_insert(Value::Null)
            }
        };
    }
    *at = value;
}

fn item(list: &mut Value, index: usize) -> &mut Value {
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    let list = list.as_array_mut().expect("just made");
    while list.len() <= index {
        list.push(Value::Null);
    }
    &mut list[index]
}
