//! Credentials that are known by their form alone, wherever they stand.
//!
//! One pass looks for what they all hold; what it finds is then checked by hand.

use std::ops::Range;

use super::marks::Marks;
use super::vendors::{VENDORS, Vendor};
use super::{Confidence, Hit, Kind, hash, jwt, pem, stand_in, url};
use crate::letters::{ALNUM, BASE64, DASHED, DOTTED, Letters};

/// Checks what stands around a mark, which is at that range of the text.
type Check = fn(&str, Range<usize>) -> Option<Hit>;

/// Marks that no vendor's table describes.
const MARKS: &[(&str, Check)] = &[
    ("://", url::userinfo),
    ("@tcp(", url::go_dsn),
    ("@unix(", url::go_dsn),
    ("eyJ", jwt::at),
    ("PRIVATE KEY", pem::at),
    ("T3BlbkFJ", open_ai),
    ("Q~", entra),
    (":AA", telegram),
    ("sig=", shared_access),
    (".atlasv1.", terraform),
    ("$2a$", hash::bcrypt),
    ("$2b$", hash::bcrypt),
    ("$2y$", hash::bcrypt),
    ("$apr1$", hash::crypt),
    ("$5$", hash::crypt),
    ("$6$", hash::crypt),
    ("{SHA}", hash::ldap),
    ("{SSHA}", hash::ldap),
];

/// How many starts of tokens the vendors have.
const STARTS: usize = {
    let (mut count, mut vendor) = (0, 0);
    while vendor < VENDORS.len() {
        count += VENDORS[vendor].starts.len();
        vendor += 1;
    }
    count
};

/// Those starts, then the marks.
static FORMS: Marks<{ STARTS + MARKS.len() }> = {
    let (mut words, mut count, mut vendor) = ([""; STARTS + MARKS.len()], 0, 0);
    while vendor < VENDORS.len() {
        let (starts, mut start) = (VENDORS[vendor].starts, 0);
        while start < starts.len() {
            words[count] = starts[start];
            start += 1;
            count += 1;
        }
        vendor += 1;
    }
    while count < words.len() {
        words[count] = MARKS[count - STARTS].0;
        count += 1;
    }
    Marks::new(words, false)
};

/// The shortest text that can hold one: `a://:p@h`.
const SHORTEST: usize = 8;

/// What stands in a text, in its order, none within another.
#[must_use]
pub fn find(text: &str) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    if text.len() < SHORTEST {
        return hits;
    }
    for (number, mark) in FORMS.find_in(text) {
        if hits.last().is_some_and(|last| mark.start < last.span.end) {
            continue;
        }
        let hit = match number.checked_sub(STARTS) {
            Some(number) => MARKS[number].1(text, mark),
            None => vendor_of(number).and_then(|vendor| vendor_token(text, mark, vendor)),
        };
        hits.extend(hit);
    }
    hits
}

/// The vendor whose tokens have the start of that number.
fn vendor_of(number: usize) -> Option<&'static Vendor> {
    let mut before = 0;
    VENDORS.iter().find(|vendor| {
        before += vendor.starts.len();
        number < before
    })
}

/// A token that is its start, then so many letters of its kind, and stands alone.
fn vendor_token(text: &str, start: Range<usize>, vendor: &Vendor) -> Option<Hit> {
    let bytes = text.as_bytes();
    let mut length = vendor.letters.run(&bytes[start.end..]);
    while length > 0 && matches!(bytes[start.end + length - 1], b'.' | b'-' | b'/') {
        length -= 1;
    }
    let end = start.end + length;
    let fits = length >= vendor.min && length <= vendor.max && stands_alone(bytes, start.start, end);
    let tail = &text[start.end..end];
    (fits && is_drawn(tail)).then(|| token(vendor.what, text, start.start..end))
}

/// Letters of more than one kind: prose and names have one.
fn is_drawn(tail: &str) -> bool {
    let lower = tail.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = tail.bytes().any(|byte| byte.is_ascii_uppercase());
    let digits = tail.bytes().filter(u8::is_ascii_digit).count();
    (lower && upper) || digits >= 2
}

/// Whether no letter or digit touches it. An escaped line end before it does not count.
pub(super) fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let before = match start.checked_sub(1).map(|at| bytes[at]) {
        Some(byte) if word(byte) => {
            matches!(byte, b'n' | b't' | b'r') && start >= 2 && bytes[start - 2] == b'\\'
        }
        _ => true,
    };
    before && !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// A token of a form that nothing else has, or one of those that stand in for it.
pub(super) fn token(what: &'static str, text: &str, span: Range<usize>) -> Hit {
    let confidence = match stand_in::is_token(&text[span.clone()]) {
        true => Confidence::StandIn,
        false => Confidence::Certain,
    };
    Hit::new(Kind::Token(what), confidence, text, span)
}

/// How far back letters of a kind reach from a place.
pub(super) fn run_back(letters: Letters, bytes: &[u8], from: usize) -> usize {
    bytes[..from].iter().rposition(|byte| !letters.has(*byte)).map_or(0, |at| at + 1)
}

/// `sk-…T3BlbkFJ…`.
fn open_ai(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let start = run_back(DASHED, bytes, mark.start);
    let end = mark.end + DASHED.run(&bytes[mark.end..]);
    let fits = text[start..].starts_with("sk-") && mark.start - start >= 20 && end - mark.end >= 20;
    fits.then(|| token("an OpenAI key", text, start..end))
}

/// A client secret of Entra: three letters, a digit, `Q~`, 31 to 34 more.
fn entra(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let letter = |byte: u8| DOTTED.has(byte) || byte == b'~';
    let start = mark.start.checked_sub(4)?;
    let length = bytes[mark.end..].iter().take_while(|byte| letter(**byte)).count();
    let fits = bytes[start..start + 3].iter().all(|byte| letter(*byte))
        && bytes[start + 3].is_ascii_digit()
        && (31..=34).contains(&length)
        && stands_alone(bytes, start, mark.end + length);
    fits.then(|| token("an Azure client secret", text, start..mark.end + length))
}

/// `123456789:AA…`.
fn telegram(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let start = bytes[..mark.start].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    let length = DASHED.run(&bytes[mark.start + 1..]);
    let fits = (5..=16).contains(&(mark.start - start)) && length == 35;
    fits.then(|| token("a Telegram bot token", text, start..mark.start + 1 + length))
}

/// The signature of a shared access URL of Azure.
fn shared_access(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let part = |byte: u8| BASE64.has(byte) || byte == b'%';
    let end = mark.end + bytes[mark.end..].iter().take_while(|byte| part(**byte)).count();
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
    let from = bytes[..mark.start].iter().rposition(ends_word).map_or(0, |at| at + 1);
    let to = bytes[end..].iter().position(ends_word).map_or(bytes.len(), |at| end + at);
    let url = &text[from..to];
    let fits = end - mark.end >= 43 && url.contains("sv=") && (url.contains("se=") || url.contains("sp="));
    fits.then(|| token("an Azure shared access signature", text, mark.end..end))
}

/// `….atlasv1.…`.
fn terraform(text: &str, mark: Range<usize>) -> Option<Hit> {
    let bytes = text.as_bytes();
    let start = run_back(ALNUM, bytes, mark.start);
    let end = mark.end + DASHED.run(&bytes[mark.end..]);
    (mark.start - start == 14 && end - mark.end >= 60)
        .then(|| token("a Terraform Cloud token", text, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_terraform_have_fourteen_letters_and_sixty() {
        let token = |before: usize, after: usize| {
            format!(
                "x {}.atlasv1.{} y",
                "aB3".repeat(9).split_at(before).0,
                "Zq7".repeat(30).split_at(after).0
            )
        };
        let text = token(14, 60);
        let hits = find(&text);
        assert_eq!(hits.len(), 1);
        assert_eq!(hits[0].span, 2..text.len() - 2);
        for (before, after) in [(13, 60), (15, 60), (14, 59)] {
            assert_eq!(find(&token(before, after)), [], "{before} {after}");
        }
        assert_eq!(find(&token(14, 80)).len(), 1);
    }
}
