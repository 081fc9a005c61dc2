//! Whether a Secret is what its type says: what the API server demands, and what the program that reads it will.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;

use super::find::stand_in;
use super::kept;
use crate::embedded::{Content, Entry};
use crate::k8s::Object;
use crate::yaml::{Data, Route, Value};

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The API server refuses the object, because it cannot undo the base64.
    NotBase64,
    /// The API server refuses the object.
    Refused,
    /// The API server takes it, and nobody can use it.
    Useless,
}

/// One thing wrong with a Secret. Its words hold nothing of a value.
#[derive(Debug, Clone)]
pub struct Fault<'a> {
    /// How bad.
    pub weight: Weight,
    /// From the document's root.
    pub route: Route,
    /// The value at the route, or the nearest above it that exists.
    pub near: Value<'a>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: &'static str,
}

/// The most bytes of all values together that the API server takes.
const LARGEST: usize = 1 << 20;

/// What is wrong with a Secret, on a day given in seconds since 1970.
#[must_use]
pub fn faults<'a>(object: &Object<'a>, entries: &[Entry<'a>], now: i64) -> Vec<Fault<'a>> {
    let mut found = Vec::new();
    for entry in entries {
        if let Content::NotBase64 = entry.content {
            let message = format!("{} is no base64", entry.key);
            found.push(at(entry, Weight::NotBase64, message, why_not_base64(entry)));
        }
        if !is_key(&entry.key) {
            let message = format!("{:?} is no name of a key", entry.key);
            found.push(at(
                entry,
                Weight::Refused,
                message,
                "letters, digits, - _ and . are allowed, 253 at most, and not . or .. alone",
            ));
        }
    }
    let size: usize = entries.iter().map(|entry| size(&entry.content)).sum();
    if size > LARGEST {
        let message = format!("holds {size} bytes, more than the 1 MiB that a Secret may");
        found.push(on(object, Weight::Refused, message, "split it, or keep the file elsewhere"));
    }
    let typed = Typed { object, entries, now };
    typed.judge(&kept::kind(object), &mut found);
    found
}

fn at<'a>(entry: &Entry<'a>, weight: Weight, message: String, help: &'static str) -> Fault<'a> {
    Fault { weight, route: entry.route.clone(), near: entry.value, message, help }
}

fn on<'a>(object: &Object<'a>, weight: Weight, message: String, help: &'static str) -> Fault<'a> {
    Fault { weight, route: object.route.clone(), near: object.value, message, help }
}

fn is_key(key: &str) -> bool {
    let letters = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (1..=253).contains(&key.len()) && letters && key != "." && !key.starts_with("..")
}

fn size(content: &Content<'_>) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Bytes(count) => *count,
        Content::NotBase64 | Content::NotText => 0,
    }
}

fn why_not_base64(entry: &Entry<'_>) -> &'static str {
    let text = entry.value.as_str().unwrap_or_default();
    if text.contains([' ', '\t']) {
        "a blank stands in it: base64 -w0 writes one line"
    } else if text.contains(['-', '_']) {
        "it has letters of the alphabet for URLs, or is plain text: stringData takes plain text"
    } else if text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).count() % 4 != 0 {
        "its padding is missing, or it is plain text: stringData takes plain text"
    } else {
        "encode it with base64 -w0, or write it under stringData"
    }
}

struct Typed<'t, 'a> {
    object: &'t Object<'a>,
    entries: &'t [Entry<'a>],
    now: i64,
}

impl<'a> Typed<'_, 'a> {
    fn judge(&self, kind: &str, found: &mut Vec<Fault<'a>>) {
        match kind {
            "kubernetes.io/dockerconfigjson" => self.registry(".dockerconfigjson", true, found),
            "kubernetes.io/dockercfg" => self.registry(".dockercfg", false, found),
            "kubernetes.io/basic-auth" => self.basic_auth(found),
            "kubernetes.io/ssh-auth" => self.ssh(found),
            "kubernetes.io/tls" => self.tls(found),
            "bootstrap.kubernetes.io/token" => self.bootstrap(found),
            _ => {}
        }
    }

    fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn lacks(&self, key: &str, found: &mut Vec<Fault<'a>>) {
        let message = format!("has no {key}, which its type asks for");
        found.push(on(self.object, Weight::Refused, message, "add the key, or drop the type"));
    }

    fn registry(&self, key: &str, nested: bool, found: &mut Vec<Fault<'a>>) {
        let Some(entry) = self.entry(key) else { return self.lacks(key, found) };
        let Some(text) = entry.text() else { return };
        let help = "kubectl create secret docker-registry writes one";
        let Ok(Data::Object(config)) = serde_json::from_str(text) else {
            found.push(at(entry, Weight::Refused, format!("{key} is no JSON object"), help));
            return;
        };
        let logins = if nested { config.get("auths").and_then(Data::as_object) } else { Some(&config) };
        let Some(logins) = logins.filter(|logins| !logins.is_empty()) else {
            found.push(at(entry, Weight::Useless, format!("{key} holds no login"), help));
            return;
        };
        for (number, login) in logins.values().enumerate() {
            if let Some(wrong) = wrong_login(login) {
                let message = format!("login {} in {key} {wrong}", number + 1);
                found.push(at(entry, Weight::Useless, message, help));
            }
        }
    }

    fn basic_auth(&self, found: &mut Vec<Fault<'a>>) {
        let (user, password) = (self.entry("username"), self.entry("password"));
        match password {
            None if user.is_none() => self.lacks("username or password", found),
            None => found.push(on(
                self.object,
                Weight::Useless,
                "has no password".to_owned(),
                "add the key password",
            )),
            Some(entry) if entry.text() == Some("") => {
                found.push(at(entry, Weight::Useless, "password is empty".to_owned(), "set it"));
            }
            Some(_) => {}
        }
    }

    fn ssh(&self, found: &mut Vec<Fault<'a>>) {
        let key = "ssh-privatekey";
        let Some(entry) = self.entry(key) else { return self.lacks(key, found) };
        let wrong = match entry.text().map(str::trim) {
            None => return,
            Some("") => {
                found.push(at(entry, Weight::Refused, format!("{key} is empty"), "set it"));
                return;
            }
            Some(text) => wrong_ssh_key(text),
        };
        let help = "ssh-keygen -t ed25519 -N '' -f FILE makes one";
        found.extend(wrong.map(|wrong| at(entry, Weight::Useless, format!("{key} {wrong}"), help)));
    }

    fn tls(&self, found: &mut Vec<Fault<'a>>) {
        for key in ["tls.crt", "tls.key"] {
            if self.entry(key).is_none() {
                self.lacks(key, found);
            }
        }
    }

    fn bootstrap(&self, found: &mut Vec<Fault<'a>>) {
        for (key, length) in [("token-id", 6), ("token-secret", 16)] {
            let Some(entry) = self.entry(key) else {
                found.push(on(
                    self.object,
                    Weight::Useless,
                    format!("has no {key}"),
                    "kubeadm token create makes a token",
                ));
                continue;
            };
            let letters =
                |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            if entry.text().is_some_and(|text| text.len() != length || !letters(text)) {
                let message = format!("{key} is not {length} small letters and digits");
                found.push(at(entry, Weight::Useless, message, "kubeadm token create makes a token"));
            }
        }
        if let Some(entry) = self.entry("expiration") {
            let until = entry.text().and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok());
            match until {
                None => found.push(at(
                    entry,
                    Weight::Useless,
                    "expiration is no time".to_owned(),
                    "such as 2027-01-31T00:00:00Z",
                )),
                Some(until) if until.timestamp() < self.now => {
                    found.push(at(
                        entry,
                        Weight::Useless,
                        "expiration is past".to_owned(),
                        "kubeadm token create makes a token",
                    ));
                }
                Some(_) => {}
            }
        }
    }
}

/// What keeps a registry from taking a login.
fn wrong_login(login: &Data) -> Option<&'static str> {
    let text = |key: &str| login.get(key).and_then(Data::as_str).filter(|text| !text.is_empty());
    if text("identitytoken").is_some() || text("registrytoken").is_some() {
        return None;
    }
    let password = match text("auth") {
        None => {
            return text("username")
                .and(text("password"))
                .is_none()
                .then_some("has neither auth nor user and password");
        }
        Some(auth) => STANDARD.decode(auth).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
    };
    match password.as_deref().and_then(|login| login.split_once(':')) {
        None => Some("has an auth that is no user:password in base64"),
        Some((user, password)) if user.is_empty() || password.is_empty() => {
            Some("has an empty user or password")
        }
        Some((_, password)) if stand_in::is_certain(password) => Some("has a stand-in for a password"),
        Some(_) => None,
    }
}

/// What keeps a program from using an SSH key.
fn wrong_ssh_key(text: &str) -> Option<&'static str> {
    let body = text.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("PRIVATE KEY-----"));
    let Some((label, rest)) = body else { return Some("is no private key in PEM") };
    let Some((body, _)) = rest.split_once("-----END") else { return Some("is cut off") };
    if label.starts_with("ENCRYPTED") || body.contains("Proc-Type: 4,ENCRYPTED") {
        return Some("has a passphrase, which nobody is there to type");
    }
    let packed: String = body.split_whitespace().collect();
    let Ok(bytes) = STANDARD.decode(packed) else { return Some("is no private key in PEM") };
    // RFC-less, but fixed: the name of the format, then the name of the cipher with its length.
    match bytes.strip_prefix(b"openssh-key-v1\0") {
        Some(rest) if !rest.starts_with(b"\0\0\0\x04none") => {
            Some("has a passphrase, which nobody is there to type")
        }
        None if label.starts_with("OPENSSH") => Some("is no private key of OpenSSH"),
        None if bytes.first() != Some(&0x30) => Some("is no private key in PEM"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::{Release, Scope};
    use crate::yaml::stream::{ParseOptions, parse};

    fn messages(kind: &str, data: &str) -> Vec<String> {
        let text = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: {kind}\n{data}");
        let stream = parse(text, ParseOptions::default()).unwrap();
        let release = Release::gather(&stream, Scope::default());
        let (object, now) = (&release.objects[0], 1_800_000_000);
        faults(object, &crate::embedded::entries(object), now)
            .into_iter()
            .map(|fault| fault.message)
            .collect()
    }

    #[test]
    fn base64_as_the_api_server_reads_it() {
        assert!(messages("Opaque", "data: {a: \"aHVudG\\nVyMg==\", b: aHVudGVyMh==, c: }\n").is_empty());
        for value in ["aHVudGVyMg", "'aHVud GVyMg=='", "a-b_", "hunter2!"] {
            assert_eq!(messages("Opaque", &format!("data: {{a: {value}}}\n")), ["a is no base64"], "{value}");
        }
    }

    #[test]
    fn names_of_keys_and_size() {
        assert_eq!(messages("Opaque", "stringData: {a b: x, ..c: y}\n").len(), 2);
        let large = format!("stringData: {{a: {}}}\n", "x".repeat(LARGEST + 1));
        assert_eq!(
            messages("Opaque", &large),
            ["holds 1048577 bytes, more than the 1 MiB that a Secret may"]
        );
    }

    #[test]
    fn registries() {
        let config = |json: &str| {
            messages(
                "kubernetes.io/dockerconfigjson",
                &format!("stringData: {{.dockerconfigjson: '{json}'}}\n"),
            )
        };
        let auth =
            |login: &str| format!("{{\"auths\": {{\"r\": {{\"auth\": \"{}\"}}}}}}", STANDARD.encode(login));
        assert!(config(&auth("bot:hunter2")).is_empty());
        assert_eq!(
            config(&auth("bot:changeme")),
            ["login 1 in .dockerconfigjson has a stand-in for a password"]
        );
        assert_eq!(
            config(&auth("bot")),
            ["login 1 in .dockerconfigjson has an auth that is no user:password in base64"]
        );
        assert_eq!(config("{}"), [".dockerconfigjson holds no login"]);
        assert_eq!(config("[]"), [".dockerconfigjson is no JSON object"]);
        assert_eq!(messages("kubernetes.io/dockercfg", ""), ["has no .dockercfg, which its type asks for"]);
    }

    #[test]
    fn other_types() {
        assert_eq!(
            messages("kubernetes.io/basic-auth", "stringData: {password: ''}\n"),
            ["password is empty"]
        );
        assert_eq!(messages("kubernetes.io/basic-auth", "stringData: {username: a}\n"), ["has no password"]);
        assert_eq!(
            messages("kubernetes.io/tls", "stringData: {tls.crt: a}\n"),
            ["has no tls.key, which its type asks for"]
        );
        let pem = |label: &str, bytes: &[u8]| {
            format!(
                "-----BEGIN {label}PRIVATE KEY-----\n{}\n-----END {label}PRIVATE KEY-----",
                STANDARD.encode(bytes)
            )
        };
        assert_eq!(wrong_ssh_key(&pem("OPENSSH ", b"openssh-key-v1\0\0\0\0\x04none\0\0\0")), None);
        assert!(
            wrong_ssh_key(&pem("OPENSSH ", b"openssh-key-v1\0\0\0\0\x0aaes256-ctr"))
                .unwrap()
                .contains("passphrase")
        );
        assert_eq!(wrong_ssh_key(&pem("RSA ", &[0x30, 1, 2])), None);
        assert!(wrong_ssh_key("ssh-rsa AAAA").is_some());
        let token = "stringData: {token-id: abcdef, token-secret: 0123456789abcdef, expiration: '2020-01-01T00:00:00Z'}\n";
        assert_eq!(messages("bootstrap.kubernetes.io/token", token), ["expiration is past"]);
    }
}
