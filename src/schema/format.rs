//! The forms of text that the API asks for: names, keys, addresses.

use std::net::IpAddr;

use crate::letters::{ALNUM, DOTTED, LOWER, Letters};

/// A form of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `a-z`, `0-9` and `-`, at most 63.
    Label,
    /// Labels joined by dots, at most 253.
    Subdomain,
    /// The value of a label.
    LabelValue,
    /// The key of a label: perhaps a subdomain and a slash, then a name.
    Qualified,
    /// The name of a port.
    PortName,
    /// A key of a ConfigMap or a Secret.
    ConfigKey,
    /// An IP address.
    Ip,
    /// An IP range.
    Cidr,
    /// A path from the root.
    Absolute,
    /// The name of an environment variable.
    EnvName,
    /// The name of an HTTP header.
    Header,
    /// An image reference.
    Image,
    /// A label that starts with a letter.
    Dns1035,
    /// A host name, perhaps with `*.` before it.
    Host,
    /// One part of a URL path.
    Segment,
    /// When a CronJob runs.
    Cron,
    /// A subdomain in any case.
    Driver,
    /// A search domain of a resolver.
    Search,
    /// The key of an annotation.
    Annotation,
}

impl Format {
    /// In the order of `xtask/src/schemas/table.rs`.
    const ALL: [Self; 19] = [
        Self::Label,
        Self::Subdomain,
        Self::LabelValue,
        Self::Qualified,
        Self::PortName,
        Self::ConfigKey,
        Self::Ip,
        Self::Cidr,
        Self::Absolute,
        Self::EnvName,
        Self::Header,
        Self::Image,
        Self::Dns1035,
        Self::Host,
        Self::Segment,
        Self::Cron,
        Self::Driver,
        Self::Search,
        Self::Annotation,
    ];

    /// The format of a number in the table.
    #[must_use]
    pub fn numbered(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Image)
    }

    /// Whether text has this form.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Label => is_label(text),
            Self::Subdomain => is_subdomain(text),
            Self::LabelValue => text.is_empty() || is_name(text),
            Self::Qualified => is_qualified(text),
            Self::Annotation => is_qualified_by(ALNUM, text),
            Self::PortName => is_port_name(text),
            Self::ConfigKey => is_config_key(text),
            Self::Ip => text.parse::<IpAddr>().is_ok(),
            Self::Cidr => is_cidr(text),
            Self::Absolute => text.starts_with('/'),
            Self::EnvName => text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'='),
            Self::Header => text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            Self::Image => text.trim() == text,
            Self::Dns1035 => is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase()),
            Self::Host => {
                is_subdomain(text.strip_prefix("*.").unwrap_or(text)) && text.parse::<IpAddr>().is_err()
            }
            Self::Segment => !text.contains(['/', '%']) && text != "." && text != "..",
            Self::Cron => is_cron(text),
            Self::Driver => text.len() <= 63 && are_labels(ALNUM, text),
            Self::Search => text == "." || is_subdomain(text.replace('_', "-").trim_end_matches('.')),
        }
    }

    /// What it asks for, in words.
    #[must_use]
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Label => "a name of a-z, 0-9 and -, at most 63 long",
            Self::Subdomain | Self::Driver => "names of a-z, 0-9 and -, joined by dots, at most 253 long",
            Self::LabelValue => "letters, digits, - _ and . between letters or digits, at most 63 long",
            Self::Qualified | Self::Annotation => "a key such as app or example.com/app",
            Self::PortName => "a port's name: a-z, 0-9 and - with at least one letter, at most 15 long",
            Self::ConfigKey => "letters, digits, - _ and . only, at most 253 long",
            Self::Ip => "an IP address",
            Self::Cidr => "an IP range such as 10.0.0.0/8",
            Self::Absolute => "a path that starts with /",
            Self::EnvName => "a name of printable characters without =",
            Self::Header => "a header's name: letters, digits and -",
            Self::Image => "an image reference without blanks around it",
            Self::Dns1035 => "a name of a-z, 0-9 and - that starts with a letter, at most 63 long",
            Self::Host => "a host name, not an address",
            Self::Segment => "a name without / and %",
            Self::Cron => "five fields such as 0 3 * * *, or @daily",
            Self::Search => "a domain",
        }
    }
}

/// The letters of a label.
const LABEL: Letters = LOWER.and(Letters::of("-"));

fn ends_alphanumeric(text: &str) -> bool {
    let is = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is(text.as_bytes().first()) && is(text.as_bytes().last())
}

fn is_label(text: &str) -> bool {
    text.len() <= 63 && ends_alphanumeric(text) && LABEL.has_all(text)
}

fn is_subdomain(text: &str) -> bool {
    are_labels(LOWER, text)
}

/// Labels of these letters and dashes, joined by dots.
fn are_labels(letters: Letters, text: &str) -> bool {
    let mut before = b'.';
    for byte in text.bytes() {
        let fits = match byte {
            b'-' => before != b'.',
            b'.' => letters.has(before),
            byte => letters.has(byte),
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    text.len() <= 253 && letters.has(before)
}

/// The name part of a label's key, or its value.
fn is_name(text: &str) -> bool {
    text.len() <= 63 && ends_alphanumeric(text) && DOTTED.has_all(text)
}

fn is_qualified(text: &str) -> bool {
    is_qualified_by(LOWER, text)
}

/// The same with a subdomain of these letters.
fn is_qualified_by(letters: Letters, text: &str) -> bool {
    match memchr::memchr(b'/', text.as_bytes()) {
        Some(slash) => are_labels(letters, &text[..slash]) && is_name(&text[slash + 1..]),
        None => is_name(text),
    }
}

fn is_port_name(text: &str) -> bool {
    text.len() <= 15
        && ends_alphanumeric(text)
        && !text.contains("--")
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && LABEL.has_all(text)
}

fn is_config_key(text: &str) -> bool {
    text.len() <= 253 && text != "." && !text.starts_with("..") && !text.is_empty() && DOTTED.has_all(text)
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.bytes().all(|byte| byte.is_ascii_digit())
        && length.parse::<u8>().is_ok_and(|length| length <= most)
}

/// Five fields, or one of the words for a common schedule. The names of months and days are let through.
fn is_cron(text: &str) -> bool {
    if let Some(word) = text.strip_prefix('@') {
        let words = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        return words.contains(&word) || word.starts_with("every ");
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'/' | b',' | b'-' | b'?');
    fields.len() == 5 && fields.iter().all(|field| field.bytes().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(format: Format, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(format.fits(text), "{format:?}: {text:?}");
        }
        for text in wrong {
            assert!(!format.fits(text), "{format:?}: {text:?}");
        }
    }

    #[test]
    fn names_are_what_the_server_takes() {
        let long = "a".repeat(64);
        all(Format::Label, &["a", "0a", "a-b"], &["", "A", "-a", "a-", "a.b", "a_b", &long]);
        all(Format::Subdomain, &["a", "a.b-c.0", &long], &["", "a..b", "A.b", "a.b.", ".a", "a_b"]);
        all(Format::LabelValue, &["", "A_b.c-d", "1"], &["-a", "a/b", "a b", &long]);
        all(Format::Qualified, &["app", "example.com/App_1"], &["", "/a", "a/", "a/b/c", "Ex.com/a", "a b"]);
        all(Format::Annotation, &["Example.com/a"], &["a b", ""]);
        all(Format::PortName, &["http", "h2-c", "8a"], &["80", "Http", "a--b", "-a", "abcdefghijklmnop", ""]);
        all(Format::ConfigKey, &["a.b_C-1", ".a"], &["", ".", "..", "..a", "a/b", "a b"]);
        all(Format::Dns1035, &["a1"], &["1a", ""]);
        all(Format::Segment, &["system:node", "A b"], &["a/b", "..", "a%b"]);
        all(Format::Subdomain, &["a--b.c"], &["a-.b", "a.-b", "-", ".", "a-"]);
        all(Format::Driver, &["Ebs.csi.aws.com"], &["a_b", "", "A-.b"]);
    }

    #[test]
    fn addresses_and_schedules_are_what_the_server_takes() {
        all(Format::Ip, &["1.2.3.4", "::1"], &["1.2.3", "a", "1.2.3.4/8", "01.2.3.4"]);
        all(Format::Cidr, &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33", "10.0.0.0/+8", "a/8"]);
        all(Format::Host, &["a.b", "*.a.b"], &["1.2.3.4", "*", "a.*.b", "A.b"]);
        all(
            Format::Cron,
            &["0 3 * * *", "*/5 1,2 1-3 jan MON", "@daily"],
            &["* * * *", "@often", "0 3 * * * *", "a b"],
        );
        all(Format::Absolute, &["/", "/a"], &["a", ""]);
        all(Format::EnvName, &["A", "a.b-c d"], &["A=b", "é"]);
        all(Format::Header, &["X-A"], &["X_A", "a b"]);
        all(Format::Image, &["a:1"], &[" a", "a\n"]);
    }
}
