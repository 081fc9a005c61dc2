//! Which keys an object holds, whatever form the secret has.

use crate::k8s::Object;
use crate::yaml::Value;

/// The form of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Form {
    /// A Secret with its values.
    Plain,
    /// A Secret that sops encrypted.
    Sops,
    /// A SealedSecret.
    Sealed,
    /// An ExternalSecret: the values are elsewhere.
    External,
}

impl Form {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Sops => "sops",
            Self::Sealed => "sealed",
            Self::External => "external",
        }
    }
}

/// A key, and where it stands.
#[derive(Debug, Clone)]
pub struct Held<'a> {
    /// The key in the Secret that pods see.
    pub key: String,
    /// Its value, or what stands for it.
    pub value: Value<'a>,
}

/// The form and keys of an object that is, or becomes, a Secret; `None` for any other.
#[must_use]
pub fn of<'a>(object: &Object<'a>) -> Option<(Form, Vec<Held<'a>>)> {
    let below = |paths: &[&str]| -> Vec<Held<'a>> {
        let mut held: Vec<Held<'a>> = Vec::new();
        for (key, value) in paths.iter().filter_map(|path| object.value.path(path)).flat_map(Value::entries) {
            if !held.iter().any(|known| known.key == key) {
                held.push(Held { key: key.into_owned(), value });
            }
        }
        held
    };
    if object.is("", "Secret") {
        let form = if object.value.get("sops").is_some() { Form::Sops } else { Form::Plain };
        return Some((form, below(&["stringData", "data"])));
    }
    if object.is("bitnami.com", "SealedSecret") {
        return Some((Form::Sealed, below(&["spec.encryptedData"])));
    }
    if object.is("external-secrets.io", "ExternalSecret") {
        let items = object.value.path("spec.data").into_iter().flat_map(Value::items);
        let held = items
            .filter_map(|value| Some(Held { key: value.get("secretKey")?.as_str()?.into_owned(), value }));
        return Some((Form::External, held.collect()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::{Release, Scope};

    #[test]
    fn every_form_names_its_keys() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {x: YQ==, z: YQ==}\nstringData: {x: b}\n---\n\
                    apiVersion: v1\nkind: Secret\nmetadata: {name: b}\ndata: {x: 'ENC[a]'}\nsops: {}\n---\n\
                    apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: c}\nspec: {encryptedData: {x: Ag}}\n---\n\
                    apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: d}\nspec: {data: [{secretKey: x}]}\n---\n\
                    apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e}\ndata: {x: y}\n";
        let stream =
            crate::yaml::stream::parse(text.to_owned(), crate::yaml::stream::ParseOptions::default())
                .unwrap();
        let release = Release::gather(&stream, Scope::default());
        let told: Vec<String> = release
            .objects
            .iter()
            .map(|object| match of(object) {
                None => "none".to_owned(),
                Some((form, held)) => {
                    let keys: Vec<&str> = held.iter().map(|it| it.key.as_str()).collect();
                    format!("{} {}", form.word(), keys.join(" "))
                }
            })
            .collect();
        assert_eq!(told, ["plain x z", "sops x", "sealed x", "external x", "none"]);
    }
}
