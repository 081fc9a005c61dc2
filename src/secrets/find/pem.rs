//! Private keys in PEM.

use std::ops::Range;

use super::{Confidence, Hit, Kind};

/// The fewest letters of base64 that make a key.
const SHORTEST: usize = 40;

/// A key whose first line holds the `PRIVATE KEY` at a range, with a body.
pub(super) fn at(text: &str, mark: Range<usize>) -> Option<Hit> {
    let before = &text[text.floor_char_boundary(mark.start.saturating_sub(40))..mark.start];
    let start = mark.start - (before.len() - before.rfind("-----BEGIN ")?);
    let rest = text[mark.end..].strip_prefix(" BLOCK").unwrap_or(&text[mark.end..]);
    let body = rest.strip_prefix("-----")?;
    let length = body.find("-----END").unwrap_or(body.len());
    let letters = body[..length].bytes().filter(u8::is_ascii_alphanumeric).count();
    let close = body[length..].find("KEY").map_or(0, |at| at + "KEY".len());
    let close = if close > 0 {
        close + body[length + close..].bytes().take_while(|byte| *byte == b'-').count()
    } else {
        0
    };
    let end = text.len() - body.len() + length + close;
    let elsewhere = body[..length].contains("...") || body[..length].contains("{{");
    if letters < SHORTEST || elsewhere {
        return None;
    }
    Some(Hit::new(Kind::PrivateKey, Confidence::Certain, text, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Option<Hit> {
        let start = text.find("PRIVATE KEY")?;
        at(text, start..start + "PRIVATE KEY".len())
    }

    #[test]
    fn a_key_has_a_body() {
        let key = |kind: &str, body: &str| {
            format!("a: -----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----\nb")
        };
        for kind in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "] {
            let text = key(kind, &"MIIEow".repeat(10));
            let hit = judged(&text).unwrap();
            assert_eq!(hit.span, 3..text.len() - 2, "{kind}");
        }
        assert_eq!(judged(&key("RSA ", "...")), None);
        assert_eq!(judged(&key("RSA ", &"a".repeat(SHORTEST - 1))), None);
        assert!(judged(&key("RSA ", &"a".repeat(SHORTEST))).is_some());
        assert_eq!(judged("-----BEGIN PUBLIC KEY-----"), None);
        assert_eq!(judged("if line.contains(\"PRIVATE KEY\")"), None);
    }
}
