//! Credentials within base64, and within JSON within that, as deep as [`DEEPEST`].

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::name::Named;
use super::{Confidence, Hit, Kind, authorization, formats, text};
use crate::letters::BASE64;

/// How many layers are undone.
pub const DEEPEST: u8 = 3;
/// The longest text that is decoded, in bytes.
pub const LONGEST: usize = 256 * 1024;
/// The shortest: `user:pw` in base64.
const SHORTEST: usize = 8;

const URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text within base64, when it is text.
#[must_use]
pub fn decoded(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() < SHORTEST || value.len() > LONGEST {
        return None;
    }
    let letters = |byte: u8| BASE64.has(byte) || matches!(byte, b'\n' | b'\r');
    if !value.bytes().all(letters) {
        return None;
    }
    let packed: Vec<u8> = value.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let bytes = STANDARD.decode(&packed).or_else(|_| URL_SAFE.decode(&packed)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.bytes().all(|byte| byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t')).then_some(text)
}

/// What a named value holds in base64: the login of a registry, a key, a file.
pub(super) fn in_value(value: &str, named: Named, depth: u8) -> Option<Hit> {
    if depth >= DEEPEST || value.len() < SHORTEST {
        return None;
    }
    if named == Named::Hardly
        && let Some(password) = authorization::login(value)
    {
        let hit = Hit::new(Kind::Registry, Confidence::Certain, value, 0..value.len());
        return Some(Hit { plain: password, ..hit });
    }
    let inner = decoded(value)?;
    worst(find(&inner, depth + 1))
}

/// What a whole text holds when it is base64.
pub(super) fn in_whole(value: &str, depth: u8) -> Option<Hit> {
    let inner = (depth < DEEPEST).then(|| decoded(value)).flatten()?;
    worst(find(&inner, depth + 1)).map(|hit| Hit { span: 0..value.len(), ..hit })
}

fn find(inner: &str, depth: u8) -> Vec<Hit> {
    let mut hits = formats::find(inner);
    hits.extend(text::find(inner, text::Style::Plain, depth));
    hits.extend(in_whole(inner, depth));
    hits
}

fn worst(hits: Vec<Hit>) -> Option<Hit> {
    hits.into_iter().max_by_key(|hit| hit.confidence)
}
