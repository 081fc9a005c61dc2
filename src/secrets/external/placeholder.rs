//! Placeholders of argocd-vault-plugin in the values of a Secret: `<path:PATH#KEY#VERSION>`, or `<KEY>` of an object whose
//! annotation names the path. They become references of an ExternalSecret; the plugin is no longer developed.

use super::Remote;
use crate::secrets::{Fault, Plain, Secret};

/// Where annotations of the plugin begin.
pub const ANNOTATIONS: &str = "avp.kubernetes.io/";
const PATH: &str = "avp.kubernetes.io/path";
const VERSION: &str = "avp.kubernetes.io/secret-version";

/// Whether a value holds a reference of any kind rather than a secret.
#[must_use]
pub fn is_reference(secret: &Secret, plain: &Plain) -> bool {
    let Some(text) = plain.expose_text() else { return false };
    let bare = secret.annotations.contains_key(PATH) && text.starts_with('<') && text.ends_with('>');
    bare || ["<path:", "ref+", "hardtack://"].iter().any(|mark| text.contains(mark))
}

/// Where the value of a key is kept by its placeholder; `None` when it is a value and no reference.
///
/// # Errors
/// When it is a reference that an ExternalSecret cannot take over.
pub fn migrate(secret: &Secret, key: &str, plain: &Plain) -> Result<Option<Remote>, Fault> {
    if !is_reference(secret, plain) {
        return Ok(None);
    }
    let left = |why: &str| {
        let help = "write the ExternalSecret for it by hand, or resolve references first: --resolve";
        Fault::new(format!("the reference in {key} cannot become one of an ExternalSecret: {why}"), help)
    };
    let text = plain.expose_text().unwrap_or_default().trim();
    let inside = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let inside =
        inside.filter(|it| !it.contains(['<', '>'])).ok_or_else(|| left("it is only a part of the value"))?;
    let mut parts = inside.split('|').map(str::trim);
    let place = parts.next().unwrap_or_default();
    let mut is_base64 = false;
    for modifier in parts {
        match modifier {
            "base64decode" if !is_base64 => is_base64 = true,
            other => {
                let word = other.split_whitespace().next().unwrap_or_default();
                return Err(left(&format!("it goes through {word}")));
            }
        }
    }
    let (path, rest) = match place.strip_prefix("path:") {
        Some(place) => place.split_once('#').ok_or_else(|| left("it names no key"))?,
        None => (secret.annotations.get(PATH).map_or("", String::as_str), place),
    };
    let (property, version) = match rest.split_once('#') {
        Some((property, version)) => (property, Some(version)),
        None => (rest, secret.annotations.get(VERSION).map(String::as_str)),
    };
    if path.trim().is_empty() || property.trim().is_empty() {
        return Err(left("it names no path and key"));
    }
    Ok(Some(Remote {
        key: path.trim().to_owned(),
        property: Some(property.trim().to_owned()),
        version: version.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()),
        is_base64,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(text: &str, annotations: &[(&str, &str)]) -> Result<Option<Remote>, String> {
        let annotations =
            annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let secret = Secret { annotations, ..Secret::default() };
        migrate(&secret, "k", &Plain::from(text.to_owned())).map_err(|fault| fault.what)
    }

    #[test]
    fn placeholders_say_where_the_value_is() {
        let of = |key: &str, property: &str, version: Option<&str>, is_base64: bool| {
            Ok(Some(Remote {
                key: key.to_owned(),
                property: Some(property.to_owned()),
                version: version.map(str::to_owned),
                is_base64,
            }))
        };
        assert_eq!(remote("<path:kv/data/shop#password>", &[]), of("kv/data/shop", "password", None, false));
        assert_eq!(
            remote("<path:kv/data/shop#password#3>\n", &[]),
            of("kv/data/shop", "password", Some("3"), false)
        );
        assert_eq!(remote("<path:kv/shop#p12 | base64decode>", &[]), of("kv/shop", "p12", None, true));
        let annotated = [("avp.kubernetes.io/path", "kv/shop"), ("avp.kubernetes.io/secret-version", "2")];
        assert_eq!(remote("<password>", &annotated), of("kv/shop", "password", Some("2"), false));
        assert_eq!(remote("<password>", &[]), Ok(None), "a value like any other");
        assert_eq!(remote("hunter2", &annotated), Ok(None));
    }

    #[test]
    fn what_an_external_secret_cannot_say_is_an_error() {
        for (text, why) in [
            ("postgres://shop:<path:kv/shop#password>@db", "it is only a part of the value"),
            ("<path:kv/shop#a><path:kv/shop#b>", "it is only a part of the value"),
            ("<path:kv/shop#a | jsonPath {.b}>", "it goes through jsonPath"),
            ("<path:kv/shop>", "it names no key"),
            ("<path:#a>", "it names no path and key"),
            ("ref+vault://kv/shop#/password", "it is only a part of the value"),
        ] {
            let what = remote(text, &[]).unwrap_err();
            assert!(what.ends_with(why) && !what.contains("kv/shop"), "{text}: {what}");
        }
    }
}
