//! Placeholders of argocd-vault-plugin, with its modifiers.

use super::{Ask, Found, Malformed, Modifier, Placeholder, Reference, shorten};

/// The placeholder that begins at the `<` at `at`.
pub(super) fn read(text: &str, at: usize, annotated: bool) -> Option<Found> {
    let rest = &text[at + 1..];
    if !annotated && !rest.starts_with("path:") {
        return None;
    }
    let length = rest.find(['>', '<', '\n', '\r'])?;
    if !rest[length..].starts_with('>') {
        return None;
    }
    let mut stages = rest[..length].split('|');
    let head = stages.next().unwrap_or_default().trim_matches(' ');
    let (path, key, version) = match head.strip_prefix("path:") {
        Some(place) => {
            // Without a key it is some other markup.
            let (path, rest) = place.split_once('#')?;
            let (key, version) = match rest.split_once('#') {
                Some((key, version)) => (key, Some(version)),
                None => (rest, None),
            };
            (Some(path), key.trim(), version.map(str::trim))
        }
        None if annotated && is_key(head) => (None, head, None),
        None => return None,
    };
    let shown = shorten(&format!("<{head}>"));
    let reference =
        placeholder(path, key, version, stages).map_err(|what| Malformed { shown: shown.clone(), what });
    let reference = reference.map(|placeholder| Reference { ask: Ask::Placeholder(placeholder), shown });
    Some(Found { range: at..at + length + 2, reference })
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn placeholder<'t>(
    path: Option<&str>,
    key: &str,
    version: Option<&str>,
    stages: impl Iterator<Item = &'t str>,
) -> Result<Placeholder, String> {
    let blank = |text: &str| text.trim().is_empty() || text.contains(char::is_control);
    if path.is_some_and(blank) || blank(key) || version.is_some_and(blank) {
        return Err("path, key and version must not be empty".to_owned());
    }
    if version.is_some_and(|version| version.contains('#')) {
        return Err("it has more parts than path, key and version".to_owned());
    }
    Ok(Placeholder {
        path: path.map(str::to_owned),
        key: key.to_owned(),
        version: version.map(str::to_owned),
        modifiers: stages.map(Modifier::read).collect::<Result<_, _>>()?,
    })
}
