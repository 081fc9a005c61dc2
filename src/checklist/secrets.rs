//! Secret values: where they stand and whether pods can read them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::setting::Holder;
use super::{Facts, Place, Reply};
use crate::embedded::{self, Content};
use crate::secrets::find::Finder;
use crate::secrets::find::name::{self, Named};
use crate::secrets::find::value::{self, Looks};
use crate::yaml::Value;

/// Looks at variables, options, ConfigMaps, annotations and custom resources.
pub fn in_secrets(facts: &Facts<'_>) -> Reply {
    let finder = Finder::new(facts.release());
    let suspects = facts.release().objects.iter().flat_map(|object| finder.in_object(object));
    let exposed = suspects.map(|it| Place { object: it.object, line: it.line, what: it.words() });
    let places: Vec<Place> = exposed.collect();
    let looked = facts.settings.iter().filter(|setting| setting.holder != Holder::Secret).count();
    if looked == 0 && places.is_empty() {
        return Reply::unknown("the stream sets no variable, option or ConfigMap key");
    }
    Reply::judged(places, looked, "setting", ", judged by their names and values")
}

/// Base64 that decodes, once, to a value without a stray line end.
pub fn encoding(facts: &Facts<'_>) -> Reply {
    let mut keys = 0;
    let (mut places, mut twice) = (Vec::new(), Vec::new());
    for object in facts.of_kind("", "Secret") {
        for entry in embedded::entries(object) {
            keys += 1;
            let key = &entry.key;
            let wrong = match &entry.content {
                Content::NotBase64 => "is no base64",
                Content::NotText => "is no text",
                Content::Text(text) if has_stray_end(key, text) => "ends with a line end",
                Content::Text(text) if is_encoded_twice(text) => {
                    twice.push(facts.on(object, entry.value, format!("{key} is base64 of base64")));
                    continue;
                }
                Content::Text(_) | Content::Bytes(_) => continue,
            };
            places.push(facts.on(object, entry.value, format!("{key} {wrong}")));
        }
    }
    if keys == 0 {
        return Reply::unknown("the stream holds no Secret with data");
    }
    if places.is_empty() && !twice.is_empty() {
        // Some programs want it so: a Fernet key is base64 itself.
        let why = format!("{} of {keys} values may be encoded twice", twice.len());
        return Reply { places: twice, ..Reply::unknown(why) };
    }
    places.extend(twice);
    Reply::judged(places, keys, "value", "")
}

/// Decodes again to words: random letters hardly ever do.
fn is_encoded_twice(text: &str) -> bool {
    let text = text.trim_end();
    let inner = (text.len() >= 12).then(|| STANDARD.decode(text).ok()).flatten();
    inner.is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')))
}

/// One line with a line end, as `echo` without `-n` leaves it. Files may end so.
fn has_stray_end(key: &str, text: &str) -> bool {
    let lines = text.matches('\n').count();
    !key.contains('.') && lines == 1 && text.ends_with('\n') && text.len() > 1
}

/// What signs tokens: named by variables and by keys of Secrets.
pub fn jwt_keys(facts: &Facts<'_>) -> Reply {
    let (mut found, mut elsewhere) = (0, 0);
    let mut places = Vec::new();
    for setting in facts.settings.iter().filter(|setting| is_jwt(&setting.name)) {
        match setting.holder {
            Holder::Secret if setting.value.trim().is_empty() => places.push(setting.shown("is empty")),
            Holder::Secret => found += 1,
            _ if value::judge(&setting.value, Named::Key) != Looks::Harmless => {
                places.push(setting.shown("is in plain text"))
            }
            _ => {}
        }
    }
    for workload in facts.pods() {
        let object = facts.release().object_of(workload);
        for part in &workload.parts {
            for entry in part.get("env").into_iter().flat_map(Value::items) {
                let text = |path: &str| entry.path(path).and_then(Value::as_str).unwrap_or_default();
                let (secret, key) = (text("valueFrom.secretKeyRef.name"), text("valueFrom.secretKeyRef.key"));
                if secret.is_empty() || !(is_jwt(&text("name")) || is_jwt(&key)) {
                    continue;
                }
                let namespace = object.id.namespace.as_deref();
                let mut secrets = facts.of_kind("", "Secret");
                match secrets.find(|it| it.id.name == secret && it.id.namespace.as_deref() == namespace) {
                    None => elsewhere += 1,
                    Some(secret) if embedded::entries(secret).iter().any(|it| it.key == key) => found += 1,
                    Some(secret) => {
                        let name = &secret.id.name;
                        places.push(facts.at(workload, part, format!("Secret/{name} has no key {key}")));
                    }
                }
            }
        }
    }
    match (places.is_empty(), found, elsewhere) {
        (false, ..) => Reply::no(format!("not so at {} places", places.len()), places),
        (true, _, 1..) => Reply::unknown("they come from a Secret that is not part of the stream"),
        (true, 0, 0) => Reply::unknown("nothing in the stream names such a key"),
        (true, ..) => Reply::yes(format!("keys and references to keys: {found}")),
    }
}

fn is_jwt(name: &str) -> bool {
    let words = name::words(name);
    let signs = words.contains("jwt") || words.contains("signing_key") || words.contains("token_secret");
    signs && name::is_secret(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_base64_is_seen() {
        assert!(is_encoded_twice("aHVudGVyMmh1bnRlcjI="));
        assert!(!is_encoded_twice("hunter2hunter2hunter2!") && !is_encoded_twice("x8Kq2pLm9RtVbN3sWz7Y"));
    }
}
