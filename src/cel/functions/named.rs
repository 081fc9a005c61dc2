//! `format.…`: the formats of text that Kubernetes names.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::url::Url;
use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::value::{Outcome, Val};

/// A format, by its place in the list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format(usize);

type Fits = fn(&str) -> bool;

const FORMATS: &[(&str, Fits, &str)] = &[
    ("dns1123Label", |it| label(it, false, false), "no DNS label (RFC 1123)"),
    ("dns1123Subdomain", |it| subdomain(it, false), "no DNS subdomain (RFC 1123)"),
    ("dns1035Label", |it| label(it, true, false), "no DNS label (RFC 1035)"),
    ("qualifiedName", qualified, "no qualified name"),
    ("dns1123LabelPrefix", |it| label(it, false, true), "no start of a DNS label (RFC 1123)"),
    ("dns1123SubdomainPrefix", |it| subdomain(it, true), "no start of a DNS subdomain (RFC 1123)"),
    ("dns1035LabelPrefix", |it| label(it, true, true), "no start of a DNS label (RFC 1035)"),
    ("labelValue", |it| it.is_empty() || name(it), "no label value"),
    ("uri", |it| Url::parse(it).is_some(), "no URI"),
    ("uuid", uuid, "does not match the UUID format"),
    ("byte", byte, "invalid base64"),
    ("date", |it| date(it), "invalid date"),
    ("datetime", datetime, "invalid datetime"),
];

/// A label; what is a prefix to generated names may end in a dash.
fn label(it: &str, letter_first: bool, is_prefix: bool) -> bool {
    let it = if is_prefix { it.strip_suffix('-').unwrap_or(it) } else { it };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = it.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let starts = if letter_first { first.is_ascii_lowercase() } else { plain(*first) };
    bytes.len() <= 63 && starts && plain(*last) && bytes.iter().all(|byte| plain(*byte) || *byte == b'-')
}

fn subdomain(it: &str, is_prefix: bool) -> bool {
    let it = if is_prefix { it.strip_suffix('-').unwrap_or(it) } else { it };
    let part = |it: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = it.bytes().next().is_some_and(plain) && it.bytes().last().is_some_and(plain);
        ends && it.bytes().all(|byte| plain(byte) || byte == b'-')
    };
    it.len() <= 253 && it.split('.').all(part)
}

fn name(it: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    let ends = it.bytes().next().is_some_and(plain) && it.bytes().last().is_some_and(plain);
    it.len() <= 63 && ends && it.bytes().all(|byte| plain(byte) || b"-_.".contains(&byte))
}

fn qualified(it: &str) -> bool {
    match it.split_once('/') {
        Some((prefix, rest)) => subdomain(prefix, false) && name(rest),
        None => name(it),
    }
}

fn uuid(it: &str) -> bool {
    let hex: String = it.chars().filter(|c| *c != '-').collect();
    let parts: Vec<usize> = it.split('-').map(str::len).collect();
    hex.len() == 32
        && hex.chars().all(|c| c.is_ascii_hexdigit())
        && (parts == [8, 4, 4, 4, 12] || parts == [32])
}

fn byte(it: &str) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    !it.is_empty() && GeneralPurpose::new(&STANDARD, config).decode(it).is_ok()
}

fn date(it: &str) -> bool {
    it.len() == 10 && chrono::NaiveDate::parse_from_str(it, "%Y-%m-%d").is_ok()
}

fn datetime(it: &str) -> bool {
    let (day, time) = it.split_at_checked(10).unwrap_or(("", ""));
    let separator = time.chars().next().is_some_and(|c| "Tt".contains(c));
    separator && date(day) && chrono::DateTime::parse_from_rfc3339(it).is_ok()
}

/// The format of that name.
///
/// # Errors
/// None: the name is of this list.
pub fn format<'a>(name: &str) -> Outcome<'a> {
    let place = FORMATS.iter().position(|(known, ..)| *known == name);
    Ok(place.map_or(Val::Null, |place| Val::Format(Format(place))))
}

/// `format.named`: an optional, for names that come from elsewhere.
pub fn named<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let Some(name) = args.first().and_then(text) else { return wrong("format.named", args) };
    Ok(match format(name)? {
        Val::Null => Val::Optional(None),
        format => Val::some(format),
    })
}

/// `validate`: none where the text fits, else what is wrong with it.
pub fn validate<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::Format(Format(place)), it] = args else { return wrong("validate", args) };
    let (Some(it), Some((_, fits, message))) = (text(it), FORMATS.get(*place)) else {
        return wrong("validate", args);
    };
    budget.charge_text(it.len() * 4)?;
    Ok(match fits(it) {
        true => Val::Optional(None),
        false => Val::some(Val::list(vec![Val::text(message)])),
    })
}
