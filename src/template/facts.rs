//! The facts that templates may name.

use serde_json::{Map, json};

use crate::k8s::{Object, Part, Release};
use crate::yaml::{Data, Value};

/// What stands where a value must not be shown.
pub const HIDDEN: &str = "a value";

/// Holds a whole Secret where kubectl wrote it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// An object, perhaps one of its containers, and what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'r, 'a> {
    /// The release.
    pub release: &'r Release<'a>,
    /// The object.
    pub object: &'r Object<'a>,
    /// The container.
    pub part: Option<&'r Part<'a>>,
    /// The environment, empty when none is named.
    pub environment: &'r str,
}

impl Facts<'_, '_> {
    /// All of them, with `own` beside them. Of a Secret nobody sees the values, of a container not those of `env`.
    #[must_use]
    pub fn data(&self, own: Map<String, Data>) -> Data {
        let object = self.object;
        let mut whole = object.value.to_data();
        hide(&mut whole, object.is("", "Secret"));
        let metadata = |key: &str| whole.pointer(&format!("/metadata/{key}")).cloned();
        let part = |key: &str| self.part.and_then(|part| part.get(key)).map(Value::to_data);
        let mut all = json!({
            "kind": object.id.kind,
            "name": object.id.name,
            "namespace": object.id.namespace.as_deref().unwrap_or_default(),
            "labels": metadata("labels").unwrap_or(json!({})),
            "annotations": metadata("annotations").unwrap_or(json!({})),
            "container": {
                "name": self.part.map_or("", |part| &part.name),
                "image": self.part.map_or("", Part::image_text),
                "ports": part("ports").unwrap_or(json!([])),
            },
            "release": {
                "name": self.release.scope.name.as_deref().unwrap_or_default(),
                "namespace": self.release.scope.namespace.as_deref().unwrap_or_default(),
            },
            "chart": object.chart().unwrap_or_default(),
            "template": object.template.as_deref().unwrap_or_default(),
            "environment": self.environment,
            "object": whole,
        });
        if let Data::Object(map) = &mut all {
            map.extend(own);
        }
        all
    }
}

/// The shape of the facts: null stands for anything. `own` names those that come beside.
pub(super) fn known(own: &[&str]) -> Data {
    let mut all = json!({
        "kind": "", "name": "", "namespace": "", "labels": null, "annotations": null,
        "container": {"name": "", "image": "", "ports": [{"name": "", "containerPort": 0, "protocol": ""}]},
        "release": {"name": "", "namespace": ""},
        "chart": "", "template": "", "environment": "", "object": null,
    });
    if let Data::Object(map) = &mut all {
        map.extend(own.iter().map(|name| ((*name).to_owned(), json!(""))));
    }
    all
}

fn hide(data: &mut Data, secret: bool) {
    match data {
        Data::Object(map) => {
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    "data" | "stringData" if secret => blank(value),
                    LAST_APPLIED => *value = json!(HIDDEN),
                    "env" => blank_values(value),
                    _ => hide(value, false),
                }
            }
        }
        Data::Array(items) => items.iter_mut().for_each(|item| hide(item, false)),
        _ => {}
    }
}

fn blank(map: &mut Data) {
    if let Data::Object(map) = map {
        map.values_mut().for_each(|value| *value = json!(HIDDEN));
    }
}

fn blank_values(env: &mut Data) {
    let entries = env.as_array_mut().into_iter().flatten();
    for value in entries.filter_map(|entry| entry.get_mut("value")) {
        *value = json!(HIDDEN);
    }
}
