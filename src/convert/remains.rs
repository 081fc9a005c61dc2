//! After conversion the output is read again: no value that was locked away may stand in it in plain text.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::work::Work;
use crate::error::Error;
use crate::secrets::external::is_reference;
use crate::secrets::secret;
use crate::yaml::{Kind, Value};

/// A value that was locked away: its place in what was, and its key.
type Name<'n> = (usize, &'n str);
/// What finds one in a text.
type Search<'s, 'n> = &'s dyn Fn(&[u8]) -> Option<Name<'n>>;

/// Shorter values stand everywhere.
const SHORTEST: usize = 6;
/// Below it a word of small letters is as likely a name as a password.
const WORD: usize = 16;

/// Keys whose values are no credentials: the last word of the key.
const OPEN_KEYS: [&str; 24] = [
    "user",
    "username",
    "host",
    "hostname",
    "port",
    "database",
    "db",
    "dbname",
    "name",
    "email",
    "region",
    "bucket",
    "endpoint",
    "schema",
    "driver",
    "type",
    "mode",
    "namespace",
    "server",
    "address",
    "url",
    "realm",
    "issuer",
    "crt",
];

/// Finds what is left.
///
/// # Errors
/// [`Error::Usage`] that names the value by its Secret and key, and the place.
pub(super) fn check(work: &Work<'_, '_>) -> Result<(), Error> {
    let mut names: Vec<(usize, &str)> = Vec::new();
    let mut patterns: Vec<Vec<u8>> = Vec::new();
    for (place, locked) in work.locked.iter().enumerate() {
        for (key, plain) in &locked.secret.values {
            let bytes = plain.expose().trim_ascii();
            let is_open = is_open(key, bytes) || is_reference(&locked.secret, plain);
            if bytes.len() < SHORTEST || is_open {
                continue;
            }
            for pattern in [
                bytes.to_vec(),
                STANDARD.encode(bytes).into_bytes(),
                STANDARD.encode(plain.expose()).into_bytes(),
            ] {
                names.push((place, key));
                patterns.push(pattern);
            }
        }
    }
    if patterns.is_empty() {
        return Ok(());
    }
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
    let searcher = built.map_err(|error| {
        Error::usage(format!("the output cannot be searched: {error}"), "split the stream")
    })?;
    let found = |text: &[u8]| searcher.find(text).map(|hit| names[hit.pattern().as_usize()]);
    for (number, document) in work.stream.documents.iter().enumerate() {
        let separator = if work.changes.with_secrets.contains(&number) {
            ""
        } else {
            &work.stream.text[document.separator.clone()]
        };
        let body = match work.changes.documents.get(&number) {
            Some(edited) => edited.text.as_str(),
            None => work.stream.body(document),
        };
        let whole = found(separator.as_bytes()).or_else(|| found(body.as_bytes()));
        let root = work.changes.root(work.stream, number);
        if let Some((locked, key)) = whole.or_else(|| root.and_then(|root| in_scalars(root, &found))) {
            return Err(left(work, number, locked, key));
        }
    }
    for text in work.changes.added.values().flatten() {
        if let Some((locked, key)) = found(text.as_bytes()) {
            return Err(left(work, work.release.objects[work.locked[locked].object].document, locked, key));
        }
    }
    Ok(())
}

/// In scalars that are written otherwise than they read, and in what kept Secrets hold.
fn in_scalars<'n>(root: Value<'_>, found: Search<'_, 'n>) -> Option<Name<'n>> {
    let is_secret = |map: Value<'_>| map.get("kind").and_then(Value::as_str).as_deref() == Some("Secret");
    if is_secret(root) {
        let data = root.get("data").map(Value::entries).unwrap_or_default();
        let inside = data.iter().find_map(|(_, value)| found(secret::decode(&value.as_str()?)?.expose()));
        if inside.is_some() {
            return inside;
        }
    }
    let node = root.node();
    match node.kind {
        Kind::Map | Kind::FlowMap => root
            .own_entries()
            .find_map(|(key, value)| in_scalars(key, found).or_else(|| in_scalars(value, found))),
        Kind::Seq | Kind::FlowSeq => root.items().find_map(|item| in_scalars(item, found)),
        Kind::Alias | Kind::Empty => None,
        _ => {
            let text: Cow<'_, str> = root.as_str()?;
            found(text.as_bytes())
        }
    }
}

/// Whether a value is no secret by its key or by what it is: then it may well stand elsewhere.
fn is_open(key: &str, bytes: &[u8]) -> bool {
    let lower = key.to_ascii_lowercase();
    let last = lower.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    if text.contains("PRIVATE KEY-----") {
        return false;
    }
    let is_public =
        text.starts_with("-----BEGIN CERTIFICATE-----") || text.starts_with("-----BEGIN PUBLIC KEY-----");
    let is_address = last == "url" && text.contains('@');
    let is_word = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '.' | '_' | '/' | ':');
    let is_plain_word = text.len() < WORD && text.chars().all(is_word);
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.') && text.len() < WORD;
    is_public || is_plain_word || is_number || (OPEN_KEYS.contains(&last) && !is_address)
}

fn left(work: &Work<'_, '_>, document: usize, locked: usize, key: &str) -> Error {
    let locked = &work.locked[locked];
    let holder = work.release.objects[locked.object].with_template();
    let mut objects = work.release.objects.iter().filter(|object| object.document == document);
    let place = match (objects.next(), objects.next()) {
        (Some(object), None) => object.with_template(),
        _ => format!("document {}", document + 1),
    };
    Error::Usage {
        message: format!("{holder}: the value of {key} was locked away and still stands in plain text in {place}"),
        help: "take it out there (rules: {secret-in-env: {fix: true}} moves variables), or keep this Secret: secrets: \
               {objects: [{match: {name: NAME}, to: keep}]}"
            .to_owned(),
    }
}
