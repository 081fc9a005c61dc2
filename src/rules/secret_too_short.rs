//! `secret-too-short`.

use crate::embedded::Content;
use crate::k8s::{Object, Release};
use crate::policy::Column;
use crate::policy::matcher::glob;
use crate::rule::Findings;
use crate::secrets::find::name;
use crate::secrets::{LengthClass, kept};
use crate::yaml::Data;

crate::rule! {
    /// A key that signs or encrypts is shorter than its environment asks for.
    ///
    /// # Why
    /// Whoever guesses the key signs tokens of their own; a short one is guessed on a desk.
    ///
    /// # Fix
    /// None: a new key is the operator's to make: `openssl rand -hex 64`.
    ///
    /// # Settings
    /// 64 characters in production, 48 in staging, 32 in development; `minimum` names another number. Looked at are keys of
    /// Secrets like `*jwt*`, `*signing*` and `*encryption*key*`, and those that `keys` names as globs. Bytes that are no
    /// text count twice.
    "secret-too-short", No, [medium, high, critical],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    settings: ["minimum", "keys"],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if !object.is("", "Secret") || kept::is_filled_by_others(object) {
        return;
    }
    let minimum = minimum(findings);
    for entry in findings.entries(object.number).iter() {
        if !name::signs(&entry.key) && !is_named(&entry.key, findings) {
            continue;
        }
        let length = match &entry.content {
            Content::Text(text) if kept::is_structured(text) || kept::is_reference(text) => continue,
            Content::Text(text) => text.trim_end().chars().count(),
            // Random bytes hold twice of what hexadecimal digits do.
            Content::Bytes(count) => 2 * count,
            Content::NotBase64 | Content::NotText => continue,
        };
        if length > 0 && length < minimum {
            let place = object.at("").at_route(entry.route.clone(), entry.value);
            let class = LengthClass::of(length);
            let message = format!("{} has {class}, fewer than {minimum}", entry.key);
            findings.add(place.wrong(message).help("make a new one: openssl rand -hex 64"));
        }
    }
}

fn minimum(findings: &Findings<'_>) -> usize {
    let stated = findings.setting("minimum").and_then(Data::as_u64).and_then(|it| usize::try_from(it).ok());
    stated.unwrap_or(match findings.policy().severities {
        Column::Development => 32,
        Column::Staging => 48,
        Column::Production => 64,
    })
}

fn is_named(key: &str, findings: &Findings<'_>) -> bool {
    let patterns = findings.setting("keys").and_then(Data::as_array).into_iter().flatten();
    patterns.filter_map(Data::as_str).any(|pattern| glob(pattern, key))
}
