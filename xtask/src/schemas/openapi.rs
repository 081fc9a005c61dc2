//! The published document as a model of types.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::enums::Enums;
use super::server::Server;

/// What one version of Kubernetes serves.
pub struct Version {
    pub minor: u16,
    pub patch: u16,
    /// By apiVersion and kind.
    pub kinds: BTreeMap<(String, String), Kind>,
    /// By published name.
    pub definitions: BTreeMap<String, Definition>,
}

/// A kind that can be created.
pub struct Kind {
    pub definition: String,
    pub namespaced: bool,
}

/// A type with fields.
#[derive(Default)]
pub struct Definition {
    pub fields: BTreeMap<String, Field>,
}

/// One field.
pub struct Field {
    pub of: Type,
    pub required: bool,
}

/// What a value has to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    Any,
    String,
    Bool,
    Int32,
    Int64,
    Number,
    Bytes,
    Time,
    MicroTime,
    Quantity,
    IntOrString,
    /// Words, and whether the empty text is refused too.
    Enum {
        words: Vec<String>,
        filled: bool,
    },
    /// Text of a format, and whether the empty text is refused too.
    Text {
        format: u8,
        filled: bool,
    },
    Range {
        wide: bool,
        least: i64,
        most: i64,
    },
    PortOrName {
        zero: bool,
    },
    CountOrPercent,
    /// A quantity that is not negative.
    Amount {
        positive: bool,
    },
    /// The keys that tell items apart, if the list is a map; `repeats` if the API server takes two that are alike.
    List {
        item: Box<Type>,
        keys: Vec<String>,
        repeats: bool,
    },
    /// What the values are, and the format of the keys.
    Map {
        of: Box<Type>,
        keys: Option<u8>,
    },
    /// A definition, by name.
    Named(String),
}

/// Reads the document of a version.
pub fn read(version: &str, text: &[u8], enums: &Enums, server: &Server) -> Result<Version> {
    let document: Value = serde_json::from_slice(text)?;
    let all = document["definitions"].as_object().context("no definitions")?;
    let mut definitions = BTreeMap::new();
    for (name, schema) in all {
        let mut definition = definition(name, schema, enums).with_context(|| format!("{version}: {name}"))?;
        server.lay_over(name, &mut definition)?;
        definitions.insert(name.clone(), definition);
    }
    let mut numbers = version.trim_start_matches("v1.").split('.').map(str::parse);
    let (Some(minor), Some(patch)) = (numbers.next(), numbers.next()) else {
        bail!("{version} is no version")
    };
    Ok(Version { minor: minor?, patch: patch?, kinds: kinds(&document)?, definitions })
}

/// The kinds that the paths let one create.
fn kinds(document: &Value) -> Result<BTreeMap<(String, String), Kind>> {
    let mut kinds = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().context("no paths")? {
        let post = &operations["post"];
        let kind = &post["x-kubernetes-group-version-kind"];
        if path.contains("{name}") || !kind.is_object() {
            continue;
        }
        let text = |key: &str| kind[key].as_str().context("a kind without names");
        let (group, version, kind) = (text("group")?, text("version")?, text("kind")?);
        let parameters = post["parameters"].as_array().into_iter().flatten();
        let body = parameters
            .clone()
            .find(|parameter| parameter["in"] == "body")
            .context("a post without a body")?;
        let definition = reference(&body["schema"]).context("a body without a type")?;
        let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
        let namespaced = path.contains("{namespace}");
        kinds.insert((api_version, kind.to_owned()), Kind { definition, namespaced });
    }
    Ok(kinds)
}

fn definition(name: &str, schema: &Value, enums: &Enums) -> Result<Definition> {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut definition = Definition::default();
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        let words = enums.get(&(name.to_owned(), field.clone()));
        let of = of(schema, words.map(Vec::as_slice)).with_context(|| field.clone())?;
        definition.fields.insert(
            field.clone(),
            Field { of, required: required.contains(field.as_str()) && !name.ends_with("Status") },
        );
    }
    Ok(definition)
}

fn of(schema: &Value, words: Option<&[String]>) -> Result<Type> {
    if let Some(name) = reference(schema) {
        return Ok(special(&name).unwrap_or(Type::Named(name)));
    }
    Ok(match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), None) => {
            words.map_or(Type::String, |words| Type::Enum { words: words.to_vec(), filled: false })
        }
        (Some("string"), Some("byte")) => Type::Bytes,
        (Some("boolean"), None) => Type::Bool,
        (Some("integer"), Some("int32")) => Type::Int32,
        (Some("integer"), Some("int64")) => Type::Int64,
        (Some("number"), Some("double")) => Type::Number,
        (Some("array"), None) => {
            let keys = schema["x-kubernetes-list-map-keys"].as_array().into_iter().flatten();
            let keys = keys.filter_map(Value::as_str).map(str::to_owned).collect();
            Type::List { item: Box::new(of(&schema["items"], words)?), keys, repeats: false }
        }
        (Some("object"), None) if schema["additionalProperties"].is_object() => {
            Type::Map { of: Box::new(of(&schema["additionalProperties"], words)?), keys: None }
        }
        (Some("object"), None) => Type::Any,
        other => bail!("no type is known for {other:?}"),
    })
}

fn reference(schema: &Value) -> Option<String> {
    Some(schema["$ref"].as_str()?.strip_prefix("#/definitions/")?.to_owned())
}

/// Definitions that read their JSON themselves.
fn special(name: &str) -> Option<Type> {
    let short = name.strip_prefix("io.k8s.apimachinery.pkg.").unwrap_or(name);
    Some(match short {
        "api.resource.Quantity" => Type::Quantity,
        "util.intstr.IntOrString" => Type::IntOrString,
        "apis.meta.v1.Time" => Type::Time,
        "apis.meta.v1.MicroTime" => Type::MicroTime,
        "apis.meta.v1.FieldsV1" | "runtime.RawExtension" => Type::Any,
        _ if short.contains(".apiextensions.v1.JSON") && !short.ends_with("JSONSchemaProps") => Type::Any,
        _ => return None,
    })
}
