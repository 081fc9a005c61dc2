//! Addresses on the web, taken apart as Go takes them apart: Kubernetes' verdicts hang on it.

use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

/// An address, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    user: Option<String>,
    host: String,
    path: String,
    query: String,
    fragment: String,
}

impl Url {
    /// Reads an address that starts with a scheme or a slash.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parts(text)?;
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        Some(Self { fragment: fragment.to_owned(), ..Self::parts(rest)? })
    }

    fn parts(text: &str) -> Option<Self> {
        if text.is_empty() || text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return None;
        }
        let (scheme, rest) = scheme_of(text)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            user: None,
            host: String::new(),
            path: String::new(),
            query: query.to_owned(),
            fragment: String::new(),
        };
        if text == "*" {
            url.path = "*".to_owned();
            return Some(url);
        }
        if !rest.starts_with('/') {
            return (!scheme.is_empty()).then_some(url);
        }
        let mut path = rest;
        if let Some(authority) = rest.strip_prefix("//").filter(|_| !scheme.is_empty()) {
            let end = authority.find('/').unwrap_or(authority.len());
            path = &authority[end..];
            let (user, host) = authority[..end]
                .rsplit_once('@')
                .map_or((None, &authority[..end]), |(user, host)| (Some(user), host));
            url.user = user.map(str::to_owned);
            url.host = host_of(host)?;
            if user.is_some_and(|user| !is_user(user) || unescaped(user, false).is_none()) {
                return None;
            }
        }
        unescaped(path, false)?;
        url.path = path.to_owned();
        Some(url)
    }

    fn port_and_name(&self) -> (&str, &str) {
        let colon =
            self.host.rfind(':').filter(|at| self.host[at + 1..].bytes().all(|byte| byte.is_ascii_digit()));
        let colon = colon.filter(|at| !self.host.starts_with('[') || self.host[..*at].ends_with(']'));
        let (name, port) =
            colon.map_or((self.host.as_str(), ""), |at| (&self.host[..at], &self.host[at + 1..]));
        let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        (port, name)
    }

    /// As written, when every character may stand there; else escaped anew.
    fn escaped_path(&self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,/:;=@[]%".contains(&byte);
        if self.path.bytes().all(plain) {
            return self.path.clone();
        }
        let bytes = unescaped(&self.path, false).unwrap_or_default();
        let mut out = String::new();
        for byte in bytes {
            match byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
                true => out.push(char::from(byte)),
                false => out.push_str(&format!("%{byte:02X}")),
            }
        }
        out
    }
}

/// The scheme, which may be missing, and what follows; `None` for a colon with nothing before it.
fn scheme_of(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

fn is_user(user: &str) -> bool {
    user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte))
}

fn host_of(host: &str) -> Option<String> {
    let port = match host.rfind('[') {
        Some(0) => {
            let end = host.rfind(']')?;
            let inner = host[1..end].split("%25").next()?;
            inner.parse::<std::net::Ipv6Addr>().ok()?;
            &host[end + 1..]
        }
        Some(_) => return None,
        None => host.rfind(':').map_or("", |at| &host[at..]),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if !port.is_empty() && (!port.starts_with(':') || !digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let plain =
        |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte);
    if !host.bytes().all(plain) {
        return None;
    }
    String::from_utf8(unescaped(host, true)?).ok()
}

/// The bytes that `%XX` stand for; `None` where two hexadecimal digits are missing. In a host only bytes beyond ASCII
/// and `%25` may be escaped.
fn unescaped(text: &str, is_host: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            out.push(*first);
            continue;
        }
        let hex = |byte: u8| char::from(byte).to_digit(16);
        let [high, low, ..] = tail else { return None };
        let byte = u8::try_from(hex(*high)? * 16 + hex(*low)?).ok()?;
        if is_host && byte < 0x80 && byte != b'%' {
            return None;
        }
        out.push(byte);
        rest = &tail[2..];
    }
    Some(out)
}

/// `isURL`
pub fn is_url<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("isURL", args) };
    budget.charge_text(it.len())?;
    Ok(Val::Bool(Url::parse(it).is_some()))
}

/// `url`
pub fn url<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("url", args) };
    budget.charge_text(it.len())?;
    let parsed = Url::parse(it).ok_or_else(|| Failure::new("url() of text that is no URL"))?;
    Ok(Val::Url(parsed.into()))
}

fn get<'a>(name: &str, args: &[Val<'a>], get: impl Fn(&Url) -> String) -> Outcome<'a> {
    let [Val::Url(url)] = args else { return wrong(name, args) };
    Ok(Val::text(get(url)))
}

/// `getScheme`
pub fn scheme<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getScheme", args, |url| url.scheme.clone())
}

/// `getHost`: with the port.
pub fn host<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getHost", args, |url| url.host.clone())
}

/// `getHostname`: without the port.
pub fn hostname<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getHostname", args, |url| url.port_and_name().1.to_owned())
}

/// `getPort`
pub fn port<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getPort", args, |url| url.port_and_name().0.to_owned())
}

/// `getEscapedPath`
pub fn escaped_path<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    get("getEscapedPath", args, Url::escaped_path)
}

/// `getQuery`: the values of each name, in their order.
pub fn query<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::Url(url)] = args else { return wrong("getQuery", args) };
    let mut found: Vec<(String, Vec<Val<'a>>)> = Vec::new();
    for pair in url.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        budget.charge(1 + found.len() / 10 + pair.len() / 10)?;
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| String::from_utf8(unescaped(&text.replace('+', " "), false)?).ok();
        let (Some(name), Some(value)) = (plain(name), plain(value)) else { continue };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(Val::text(value)),
            None => found.push((name, vec![Val::text(value)])),
        }
    }
    Ok(Val::map(found.into_iter().map(|(name, values)| (Val::text(name), Val::list(values))).collect()))
}
