//! What a Secret keeps: whether it is plain, whether it stands in for a value, who fills it.

use std::borrow::Cow;

use super::find::name::{self, Named};
use super::find::stand_in;
use crate::embedded::{self, Content};
use crate::k8s::Object;
use crate::yaml::Value;

/// Types that a controller fills or Helm writes for itself.
const OF_OTHERS: [&str; 3] =
    ["kubernetes.io/service-account-token", "helm.sh/release.v1", "bootstrap.kubernetes.io/token"];

/// What a value begins with that only refers to one, or is encrypted.
const REFERENCES: [&str; 7] =
    ["ref+", "secretref+", "<path:", "ENC[", "hardtack://", "vault:", "$ANSIBLE_VAULT;"];

/// The type of a Secret; `Opaque` when it names none.
#[must_use]
pub fn kind<'a>(object: &Object<'a>) -> Cow<'a, str> {
    object.value.get("type").and_then(Value::as_str).unwrap_or(Cow::Borrowed("Opaque"))
}

/// Whether others than the chart fill a Secret, so that its values are none of ours.
#[must_use]
pub fn is_filled_by_others(object: &Object<'_>) -> bool {
    OF_OTHERS.contains(&kind(object).as_ref())
}

/// Whether a value only refers to the value, or is encrypted.
#[must_use]
pub fn is_reference(text: &str) -> bool {
    let text = text.trim_start();
    REFERENCES.iter().any(|start| text.starts_with(start))
}

/// Whether a value is a key in a form of its own, whose letters are not its strength: PEM, a set of web keys.
#[must_use]
pub fn is_structured(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("-----BEGIN") || text.starts_with('{')
}

/// The keys of a Secret that hold a value in plain text; none of another object.
#[must_use]
pub fn keys(object: &Object<'_>) -> Vec<String> {
    let encrypted = object.value.get("sops").is_some();
    if !object.is("", "Secret") || is_filled_by_others(object) || encrypted {
        return Vec::new();
    }
    let plain = |content: &Content<'_>| match content {
        Content::Text(text) => !text.is_empty() && !is_reference(text),
        Content::Bytes(_) => true,
        Content::NotBase64 | Content::NotText => false,
    };
    embedded::entries(object)
        .into_iter()
        .filter(|entry| plain(&entry.content))
        .map(|entry| entry.key)
        .collect()
}

/// Whether the value under a key stands in for the real one. Names of users never do, and the weakest words only under
/// names that speak of a secret.
#[must_use]
pub fn stands_in(key: &str, text: &str) -> bool {
    let words = name::words(key);
    let about = ["user", "username", "login", "email", "name", "host", "url", "database", "db", "id"];
    if about.contains(&words.rsplit('_').next().unwrap_or(&words)) {
        return false;
    }
    let named = name::judge(key).is_some_and(|named| named > Named::Hardly);
    stand_in::is_certain(text) || (named && stand_in::is_in_secret(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_users_never_stand_in() {
        assert!(
            stands_in("password", "postgres") && stands_in("token", "changeme") && stands_in("a", "changeme")
        );
        assert!(stands_in("jwt-secret", "your-production-jwt-secret-64-chars-minimum"));
        assert!(stands_in("jwt-secret", "$(openssl rand -hex 64)"));
        assert!(!stands_in("username", "admin") && !stands_in("postgres-user", "changeme"));
        assert!(
            !stands_in("type", "git")
                && !stands_in("database", "postgres")
                && !stands_in("password", "$(PW)x")
        );
    }
}
