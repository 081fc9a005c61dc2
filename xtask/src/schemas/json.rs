//! The published document as strict JSON Schemas in kubeconform's layout: one file of definitions, one file a kind.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Writes `_definitions.json`, and for each kind `kind-group-version.json` that refers to it.
pub fn write(text: &[u8], folder: &Path) -> Result<()> {
    let document: Value = serde_json::from_slice(text)?;
    let mut definitions = document["definitions"].clone();
    for (name, definition) in definitions.as_object_mut().context("no definitions")? {
        strict(definition);
        if name.ends_with(".Quantity") {
            *definition = json!({"type": ["string", "number", "null"]});
        } else if name.ends_with(".IntOrString") {
            *definition = json!({"type": ["string", "integer", "null"]});
        }
    }
    let all = serde_json::to_string(&json!({"definitions": definitions}))?;
    fs::write(
        folder.join("_definitions.json"),
        all.replace("#/definitions/", "_definitions.json#/definitions/"),
    )?;
    for (name, definition) in document["definitions"].as_object().into_iter().flatten() {
        for kind in definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
            let text = |key: &str| kind[key].as_str().unwrap_or_default().to_lowercase();
            let group = text("group").split('.').next().unwrap_or_default().to_owned();
            let file = match group.as_str() {
                "" => format!("{}-{}.json", text("kind"), text("version")),
                _ => format!("{}-{group}-{}.json", text("kind"), text("version")),
            };
            let refers = json!({"$ref": format!("_definitions.json#/definitions/{name}")});
            fs::write(folder.join(file), refers.to_string())?;
        }
    }
    Ok(())
}

/// No field but the known ones; null everywhere, as the API server drops it.
fn strict(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    map.remove("description");
    map.remove("default");
    // A date or a number of 32 bits is no format of JSON Schema that kubeconform knows.
    map.remove("format");
    if map.contains_key("properties") {
        map.insert("additionalProperties".to_owned(), json!(false));
    }
    if let Some(kind) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([kind, "null"]));
    }
    for (key, value) in map.iter_mut() {
        match key.as_str() {
            "properties" => value.as_object_mut().into_iter().flatten().for_each(|(_, it)| strict(it)),
            "items" | "additionalProperties" => strict(value),
            _ => {}
        }
    }
}
