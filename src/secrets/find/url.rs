//! Passwords in URLs and in data source names.

use std::ops::Range;

use super::name::Named;
use super::value::{self, Looks};
use super::{Confidence, Hit, Kind};

/// What ends an authority.
fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b',' | b'|')
}

/// `scheme://user:password@host`, whose `://` stands at a range.
pub(super) fn userinfo(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let length = bytes[mark.end..].iter().position(|byte| ends(*byte)).unwrap_or(bytes.len() - mark.end);
    let authority = &text[mark.end..mark.end + length];
    let (user_part, host) = authority.rsplit_once('@')?;
    let (user, password) = user_part.split_once(':')?;
    let scheme = mark.start > 0 && bytes[mark.start - 1].is_ascii_alphanumeric();
    let start = mark.end + user.len() + 1;
    (scheme && !host.is_empty()).then(|| judged(text, start..start + password.len())).flatten()
}

/// `user:password@tcp(host)/base`.
pub(super) fn go_dsn(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let begins = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b'`');
    let from = bytes[..mark.start].iter().rposition(begins).map_or(0, |at| at + 1);
    let colon = from + text[from..mark.start].find(':')?;
    judged(text, colon + 1..mark.start)
}

/// The password, unless it is expanded later or only shows the form.
fn judged(text: &str, span: Range<usize>) -> Option<Hit> {
    let password = &text[span.clone()];
    let shows_form = password.starts_with(['$', '%', '{', '<', '*', '[', ':'])
        || password.contains("$(")
        || password.contains("${")
        || password.contains("{{")
        || matches!(
            password,
            "" | "..." | "pass" | "PASS" | "password" | "PASSWORD" | "Password" | "passwd" | "pwd" | "pw"
        );
    if shows_form && !matches!(password, "password" | "pass" | "passwd") {
        return None;
    }
    let confidence = match value::judge(password, Named::Password) {
        _ if shows_form => Confidence::Likely,
        Looks::StandIn => Confidence::StandIn,
        _ => Confidence::Certain,
    };
    Some(Hit::new(Kind::Url, confidence, text, span))
}

#[cfg(test)]
mod tests {
    use super::super::formats::find;
    use super::*;

    #[test]
    fn a_password_before_the_host() {
        for (text, password) in [
            ("postgres://shop:hunter2@db:5432/shop", "hunter2"),
            ("redis://:hunter2@redis:6379/0", "hunter2"),
            ("amqp://guest:guest@mq", "guest"),
            ("mongodb://a:p%40ss@h1,h2/db", "p%40ss"),
            ("jdbc:postgresql://a:b1@h/d", "b1"),
            ("x=shop:hunter2@tcp(db:3306)/shop", "hunter2"),
            ("url: \"https://bot:t0k@git/x.git\"", "t0k"),
        ] {
            let hits = find(text);
            assert_eq!(hits.len(), 1, "{text}");
            assert_eq!((hits[0].kind, &text[hits[0].span.clone()]), (Kind::Url, password), "{text}");
        }
    }

    #[test]
    fn no_password_before_the_host() {
        for text in [
            "postgres://shop@db/shop",
            "http://$(USER):$(PASS)@h/",
            "https://user:${PASS}@h",
            "http://h:80/a@b:c@d",
            "redis://{{ .user }}:{{ .pass }}@h",
            "ssh://git@github.com:22/a",
            "http://[::1]:80/",
            "http://<user>:<pass>@h",
            "user:$(PW)@tcp(h:3306)/d",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }
}
