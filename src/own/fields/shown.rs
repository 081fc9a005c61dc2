//! Which values a message may show.

use super::amount::text_of;
use crate::yaml::{Data, Route, Step};

/// Words in the name of what is likely a secret.
const SECRET_WORDS: [&str; 14] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "credential",
    "auth",
    "salt",
    "private",
    "cert",
    "dsn",
    "url",
    "uri",
    "connectionstring",
];

/// Keys under which people write anything, commands with passwords included.
const FREE_TEXT: [&str; 5] = ["env", "args", "command", "annotations", "initContainers"];

const LONGEST: usize = 32;
const LONGEST_IMAGE: usize = 96;

/// A value as a message shows it; `None` when it may be a secret: by the name, by the way to it, or by its looks.
#[must_use]
pub fn shown(value: &Data, name: &str, route: &Route) -> Option<String> {
    let keys = || {
        route.steps().iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_ref()),
            Step::Index(_) => None,
        })
    };
    if is_secret_name(name) || keys().any(|key| is_secret_name(key) || FREE_TEXT.contains(&key)) {
        return None;
    }
    if matches!(value, Data::Bool(_) | Data::Number(_)) {
        return text_of(value);
    }
    let text = value.as_str()?;
    let image = keys().next_back() == Some("image");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '%' | '+');
    let short = text.len() <= if image { LONGEST_IMAGE } else { LONGEST };
    (short && text.chars().all(plain) && (image || !is_like_a_token(text))).then(|| format!("{text:?}"))
}

/// Whether the name is one that secrets have.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Capitals, small letters and digits mixed, as generated values have them.
fn is_like_a_token(text: &str) -> bool {
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    text.len() >= 8
        && has(char::is_ascii_digit)
        && has(char::is_ascii_lowercase)
        && !text.contains(['/', ':', '.'])
        || has(char::is_ascii_digit)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_uppercase)
            && text.len() >= 6
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shows_what_is_no_secret() {
        let at = |path: &'static str| Route::root().path(path);
        for (value, name, route, wanted) in [
            (json!(3), "spec.replicas", at("spec.replicas"), Some("3")),
            (json!("debug"), "LOG_LEVEL", at("data.LOG_LEVEL"), Some("\"debug\"")),
            (json!("512Mi"), "limits.memory", at("limits.memory"), Some("\"512Mi\"")),
            (json!("nginx:1.25-alpine"), "image", at("spec.containers.image"), Some("\"nginx:1.25-alpine\"")),
            (json!("hunter2"), "DB_PASS", at("data.DB_PASS"), None),
            (json!("hunter2"), "value", at("spec.containers.env.value"), None),
            (json!("postgres://a:b@c/d"), "DATABASE", at("data.DATABASE"), None),
            (json!("abcdef0123456789"), "MODEL", at("data.MODEL"), None),
            (json!("aB3xY9"), "MODEL", at("data.MODEL"), None),
            (json!("x".repeat(33)), "MODEL", at("data.MODEL"), None),
            (json!(["a"]), "LIST", at("data.LIST"), None),
        ] {
            assert_eq!(shown(&value, name, &route).as_deref(), wanted, "{name} {value}");
        }
    }
}
