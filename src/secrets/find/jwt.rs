//! JSON web tokens.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::formats::stands_alone;
use super::{Confidence, Hit, Kind};
use crate::letters::DASHED;

/// The longest part that is decoded.
const LONGEST: usize = 16 * 1024;

/// A token that begins with the `eyJ` at a range: its header must say how it is signed.
pub(super) fn at(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let part = |from: usize| Some(from + DASHED.run(bytes.get(from..)?));
    let header = part(mark.start)?;
    let body = part(after_dot(bytes, header)?)?;
    let end = part(after_dot(bytes, body)?)?;
    if !text[header + 1..].starts_with("ey") || !stands_alone(bytes, mark.start, end) {
        return None;
    }
    decode(&text[mark.start..header])?.get("alg")?;
    let claims = decode(&text[header + 1..body])?;
    let sample = claims.get("name").and_then(|name| name.as_str()) == Some("John Doe");
    let confidence = if sample { Confidence::StandIn } else { Confidence::Certain };
    let expires = claims.get("exp").and_then(serde_json::Value::as_i64);
    Some(Hit { expires, ..Hit::new(Kind::Jwt, confidence, text, mark.start..end) })
}

fn after_dot(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at) == Some(&b'.')).then_some(at + 1)
}

fn decode(part: &str) -> Option<serde_json::Value> {
    let bytes = (part.len() <= LONGEST).then(|| URL_SAFE_NO_PAD.decode(part).ok()).flatten()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(header), part(claims), part("signature-of-the-token"))
    }

    fn judged(text: &str) -> Option<Hit> {
        let start = text.find("eyJ")?;
        at(text, start..start + 3)
    }

    #[test]
    fn a_header_that_says_how_it_is_signed() {
        let text =
            format!("Bearer {};", token(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"sub":"a","exp":1800000000}"#));
        let hit = judged(&text).unwrap();
        assert_eq!((hit.confidence, hit.expires), (Confidence::Certain, Some(1_800_000_000)));
        assert_eq!(hit.span, 7..text.len() - 1);
        assert_eq!(judged(&token(r#"{"typ":"JWT"}"#, r#"{"sub":"a"}"#)), None);
        assert_eq!(judged("eyJhbGciOiJIUzI1NiJ9"), None, "a header alone");
    }

    #[test]
    fn the_sample_of_the_web_stands_in() {
        let text = token(r#"{"alg":"HS256"}"#, r#"{"sub":"1234567890","name":"John Doe"}"#);
        assert_eq!(judged(&text).unwrap().confidence, Confidence::StandIn);
    }
}
