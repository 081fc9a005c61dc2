//! What follows `Authorization`, and logins of the form `user:password`.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::name::Named;
use super::value::{self, Looks};
use super::{Confidence, Hit, Kind};
use crate::letters::{BASE64, DOTTED};
use crate::secrets::Plain;

/// Schemes that carry the credential itself.
const SCHEMES: [&str; 4] = ["Basic", "Bearer", "Token", "ApiKey"];

/// The credential after a header's name that ends at a place of a text.
pub(super) fn after_name(text: &str, end: usize) -> Option<Hit> {
    let rest = &text[end..];
    // At most `": "`, `' '` and the like between name and scheme; or the `value` of the same entry.
    let gap = rest.find(|c: char| c.is_ascii_alphanumeric())?;
    let between =
        |part: &str| part.chars().all(|c| matches!(c, ':' | '=' | ' ' | '"' | '\'' | '\\' | ',' | '\n'));
    let mut start = end + gap;
    if !between(&rest[..gap]) || gap > 40 {
        return None;
    }
    if let Some(more) = text[start..].strip_prefix("value") {
        let gap = more.find(|c: char| c.is_ascii_alphanumeric()).filter(|gap| *gap <= 8)?;
        start += "value".len() + gap;
    }
    in_value(&text[start..]).map(|hit| Hit { span: start + hit.span.start..start + hit.span.end, ..hit })
}

/// `Basic dXNlcjpwYXNz`, `Bearer …` at the start of a text.
pub(super) fn in_value(text: &str) -> Option<Hit> {
    let scheme = SCHEMES
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme)))?;
    let blanks = text[scheme.len()..].bytes().take_while(|byte| *byte == b' ').count();
    let start = scheme.len() + blanks;
    let letters = if scheme == "Basic" { BASE64 } else { DOTTED };
    let length = text.as_bytes()[start..]
        .iter()
        .take_while(|byte| letters.has(**byte) || matches!(byte, b'+' | b'/' | b'=' | b'~'))
        .count();
    let span = start..start + length;
    let token = &text[span.clone()];
    if blanks == 0 || token.is_empty() {
        return None;
    }
    if scheme == "Basic" {
        let password = login(token)?;
        let hit = Hit::new(Kind::Authorization, Confidence::Certain, text, span);
        return Some(Hit { plain: password, ..hit });
    }
    let confidence = match value::judge(token, Named::Token) {
        Looks::Opaque if token.len() >= 8 => Confidence::Likely,
        Looks::StandIn => Confidence::StandIn,
        _ => return None,
    };
    Some(Hit::new(Kind::Authorization, confidence, text, span))
}

/// The password of a login in base64.
pub(super) fn login(encoded: &str) -> Option<Plain> {
    let bytes = STANDARD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    let plain = user.bytes().chain(password.bytes()).all(|byte| (b' '..=b'~').contains(&byte));
    (plain && !password.is_empty() && !value::is_harmless(password)).then(|| Plain::from(password.to_owned()))
}

/// `user:password` in the clear, as curl takes it.
pub(super) fn pair(text: &str, span: Range<usize>) -> Option<Hit> {
    let (user, password) = text[span.clone()].split_once(':')?;
    let start = span.start + user.len() + 1;
    let plain_user =
        !user.is_empty() && user.bytes().all(|byte| DOTTED.has(byte) || matches!(byte, b'@' | b'+'));
    let confidence = match value::judge(password, Named::Password) {
        _ if !plain_user || user.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        Looks::Harmless | Looks::Word => return None,
        Looks::StandIn => Confidence::StandIn,
        Looks::Opaque => Confidence::Likely,
    };
    Some(Hit::new(Kind::Authorization, confidence, text, start..span.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_the_same_entry_follows_the_name() {
        for text in
            ["Authorization: Bearer Zx81kQ99vLp3Tt0m", "Authorization\n  value: \"Bearer Zx81kQ99vLp3Tt0m\""]
        {
            let hit = after_name(text, "Authorization".len()).unwrap();
            assert_eq!(&text[hit.span], "Zx81kQ99vLp3Tt0m", "{text}");
        }
        assert_eq!(after_name("Authorization of Bearer Zx81kQ99vLp3Tt0m", "Authorization".len()), None);
    }

    #[test]
    fn each_scheme_has_its_letters() {
        let token = "Bearer Zx81.kQ99vLp3.Tt0m";
        assert_eq!(&token[in_value(token).unwrap().span], "Zx81.kQ99vLp3.Tt0m");
        // shop:hunter2Xy, at the end of a sentence.
        let login = "Basic c2hvcDpodW50ZXIyWHk=.";
        let hit = in_value(login).unwrap();
        assert_eq!(hit.plain.expose_text(), Some("hunter2Xy"));
        assert_eq!(&login[hit.span], "c2hvcDpodW50ZXIyWHk=");
    }
}
