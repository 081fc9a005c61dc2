//! A Kubernetes Secret as the API server stores it, and whether it may change its form.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Plain;
use crate::yaml::Value;

/// The type of a Secret that names none.
pub const OPAQUE: &str = "Opaque";

/// The most bytes that all values may have together
/// (`MaxSecretSize` in <https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/types.go>).
pub const MAX_SIZE: usize = 1 << 20;

/// Go's `base64.StdEncoding`: bits behind the last byte do not count, padding does. Line ends are taken out before.
const AS_THE_SERVER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// A Secret, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secret {
    /// `metadata.name`; empty when missing.
    pub name: String,
    /// `metadata.namespace`, when the object names one.
    pub namespace: Option<String>,
    /// `type`, when the object names one.
    pub kind: Option<String>,
    /// `immutable`, when the object says it.
    pub immutable: Option<bool>,
    /// `metadata.labels`.
    pub labels: BTreeMap<String, String>,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
    /// The decoded values by key; `stringData` takes the place of `data`.
    pub values: BTreeMap<String, Plain>,
}

/// Why a Secret cannot be read. The API server refuses it too.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// `data`, `stringData`, labels or annotations hold something that is no text.
    #[error("{place} is no text")]
    NoText {
        /// `stringData.port`.
        place: String,
    },
    /// `data` holds something that is no base64.
    #[error("data.{key} is no base64 as the API server reads it")]
    NoBase64 {
        /// The key.
        key: String,
    },
    /// A map is none.
    #[error("{place} is no map")]
    NoMap {
        /// `data`.
        place: &'static str,
    },
    /// A key that Secrets cannot have.
    #[error("{key:?} is no key of a Secret: up to 253 letters, digits, '-', '_' and '.'")]
    Key {
        /// The key.
        key: String,
    },
    /// More than a Secret can hold.
    #[error("its values have more than {MAX_SIZE} bytes together")]
    TooLarge,
    /// Some values are encrypted and some are not.
    #[error("it is half encrypted: {key} is in plain text beside values that SOPS encrypted")]
    HalfEncrypted {
        /// The first plain key.
        key: String,
    },
}

/// Why a Secret keeps its form, whatever a policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The controller of service accounts fills it.
    ServiceAccountToken,
    /// The control plane reads it by its form.
    BootstrapToken,
    /// Helm's own record of a release.
    HelmRelease,
    /// SOPS encrypted it already.
    Encrypted,
    /// It holds no values: something in the cluster fills it, or nothing does.
    Empty,
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServiceAccountToken => "the controller of service accounts fills it",
            Self::BootstrapToken => "the control plane reads bootstrap tokens as they are",
            Self::HelmRelease => "it is Helm's record of a release",
            Self::Encrypted => "it is encrypted already",
            Self::Empty => "it holds no values",
        })
    }
}

impl Secret {
    /// Reads an object of kind Secret.
    ///
    /// # Errors
    /// [`Unreadable`]: the API server would refuse it.
    pub fn read(object: Value<'_>) -> Result<Self, Unreadable> {
        let metadata = object.get("metadata");
        let text = |value: Option<Value<'_>>, key: &str| {
            value.and_then(|it| it.get(key)).and_then(Value::as_str).map(std::borrow::Cow::into_owned)
        };
        let mut secret = Self {
            name: text(metadata, "name").unwrap_or_default(),
            namespace: text(metadata, "namespace").filter(|it| !it.is_empty()),
            kind: text(Some(object), "type").filter(|it| !it.is_empty()),
            immutable: object.get("immutable").and_then(Value::as_bool),
            labels: texts(metadata, "labels")?,
            annotations: texts(metadata, "annotations")?,
            values: BTreeMap::new(),
        };
        for (key, value) in map(object, "data")? {
            let text = written(&format!("data.{key}"), value)?;
            let bytes = decode(&text).ok_or_else(|| Unreadable::NoBase64 { key: key.clone() })?;
            secret.values.insert(checked(key)?, bytes);
        }
        for (key, value) in map(object, "stringData")? {
            let text = written(&format!("stringData.{key}"), value)?;
            secret.values.insert(checked(key)?, Plain::from(text));
        }
        let size: usize = secret.values.values().map(|value| value.expose().len()).sum();
        if size > MAX_SIZE { Err(Unreadable::TooLarge) } else { Ok(secret) }
    }

    /// The type: [`OPAQUE`] when the object names none.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.kind.as_deref().unwrap_or(OPAQUE)
    }
}

/// Why an object of kind Secret keeps its form, if it does. Looks at types and marks only, so that an object which
/// cannot be read as a Secret (an encrypted one) is told too.
///
/// # Errors
/// [`Unreadable::HalfEncrypted`].
pub fn fixed(object: Value<'_>) -> Result<Option<Fixed>, Unreadable> {
    match object.get("type").and_then(Value::as_str).as_deref() {
        Some("kubernetes.io/service-account-token") => return Ok(Some(Fixed::ServiceAccountToken)),
        Some("bootstrap.kubernetes.io/token") => return Ok(Some(Fixed::BootstrapToken)),
        Some(kind) if kind.starts_with("helm.sh/release.") => return Ok(Some(Fixed::HelmRelease)),
        _ => {}
    }
    let maps = ["data", "stringData"].into_iter().filter_map(|name| object.get(name));
    let entries: Vec<_> = maps.flat_map(Value::entries).collect();
    if entries.is_empty() {
        return Ok(Some(Fixed::Empty));
    }
    let open = entries.iter().find(|(_, value)| !is_encrypted(*value) && !is_empty(*value));
    let any = entries.iter().any(|(_, value)| is_encrypted(*value));
    match open {
        Some((key, _)) if any => Err(Unreadable::HalfEncrypted { key: key.to_string() }),
        _ if any || object.get("sops").is_some() => Ok(Some(Fixed::Encrypted)),
        _ => Ok(None),
    }
}

/// Whether SOPS wrote this text in the place of a value.
#[must_use]
pub fn is_sops_text(text: &str) -> bool {
    text.starts_with("ENC[AES256_GCM,data:")
}

/// Base64 as the API server decodes it: line ends do not count, nor do bits behind the last byte; anything else does.
#[must_use]
pub fn decode(text: &str) -> Option<Plain> {
    let plain = |text: &[u8]| AS_THE_SERVER.decode(text).ok().map(Plain::new);
    if !text.contains(['\r', '\n']) {
        return plain(text.as_bytes());
    }
    let mut digits = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    digits.extend(text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')));
    plain(&digits)
}

/// Base64 as the API server prints it.
#[must_use]
pub fn encode(plain: &Plain) -> String {
    AS_THE_SERVER.encode(plain.expose())
}

/// Whether a Secret or ConfigMap may have this key.
#[must_use]
pub fn is_key(key: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=253).contains(&key.len()) && key.bytes().all(known) && key != "." && !key.starts_with("..")
}

fn is_encrypted(value: Value<'_>) -> bool {
    value.as_str().is_some_and(|text| is_sops_text(&text))
}

/// SOPS leaves these alone.
fn is_empty(value: Value<'_>) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.is_empty())
}

fn checked(key: String) -> Result<String, Unreadable> {
    if is_key(&key) { Ok(key) } else { Err(Unreadable::Key { key }) }
}

fn map<'a>(object: Value<'a>, name: &'static str) -> Result<Vec<(String, Value<'a>)>, Unreadable> {
    let Some(value) = object.get(name) else { return Ok(Vec::new()) };
    if !value.is_map() {
        return Err(Unreadable::NoMap { place: name });
    }
    Ok(value.entries().into_iter().map(|(key, value)| (key.into_owned(), value)).collect())
}

fn written(place: &str, value: Value<'_>) -> Result<String, Unreadable> {
    match value.as_str() {
        Some(text) => Ok(text.into_owned()),
        None if value.is_null() => Ok(String::new()),
        None => Err(Unreadable::NoText { place: place.to_owned() }),
    }
}

fn texts(metadata: Option<Value<'_>>, name: &'static str) -> Result<BTreeMap<String, String>, Unreadable> {
    let Some(metadata) = metadata else { return Ok(BTreeMap::new()) };
    let entries = map(metadata, name)?.into_iter();
    entries
        .map(|(key, value)| Ok((key.clone(), written(&format!("metadata.{name}.{key}"), value)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::stream::parse_document;

    fn read(text: &str) -> Result<Secret, Unreadable> {
        let tree = parse_document(text).unwrap();
        Secret::read(tree.root(text).unwrap())
    }

    fn why_fixed(text: &str) -> Result<Option<Fixed>, Unreadable> {
        let tree = parse_document(text).unwrap();
        fixed(tree.root(text).unwrap())
    }

    #[test]
    fn string_data_takes_the_place_of_data() {
        let secret = read(
            "kind: Secret\nmetadata: {name: a, namespace: b, labels: {l: '1'}, annotations: {x: z}}\ntype: T\n\
             immutable: true\ndata: {p: b2xk, q: aGk=}\nstringData: {p: new, r: ''}\n",
        )
        .unwrap();
        let values: Vec<(&str, &[u8])> =
            secret.values.iter().map(|(key, value)| (key.as_str(), value.expose())).collect();
        assert_eq!(values, [("p", &b"new"[..]), ("q", b"hi"), ("r", b"")]);
        assert_eq!((secret.name.as_str(), secret.namespace.as_deref()), ("a", Some("b")));
        assert_eq!((secret.type_name(), secret.immutable), ("T", Some(true)));
        assert_eq!(secret.labels["l"], "1");
        assert_eq!(secret.annotations["x"], "z");
    }

    #[test]
    fn base64_is_decoded_as_the_server_does() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("aGk=", b"hi"),
            ("aG\r\nk=\n", b"hi"),
            ("aGl=", b"hi"),
            ("//4A", &[255, 254, 0]),
        ] {
            assert_eq!(decode(text).unwrap().expose(), bytes, "{text:?}");
        }
        for text in ["aGk", "aGk= ", " aGk=", "_-4A", "aGk=aGk=", "a=Gk", "=", "aGk=="] {
            assert_eq!(decode(text), None, "{text:?}");
        }
        assert_eq!(encode(&Plain::new(vec![255, 254, 0])), "//4A");
    }

    #[test]
    fn what_the_server_refuses_is_not_read() {
        for (text, error) in [
            ("data: {a: 1}", "data.a is no text"),
            ("stringData: {port: 5432}", "stringData.port is no text"),
            ("stringData: {debug: yes}", "stringData.debug is no text"),
            ("data: {a: 'no base64'}", "data.a is no base64 as the API server reads it"),
            ("data: [a]", "data is no map"),
            ("metadata: {labels: {a: 1}}", "metadata.labels.a is no text"),
            (
                "data: {'a b': ''}",
                "\"a b\" is no key of a Secret: up to 253 letters, digits, '-', '_' and '.'",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), error, "{text}");
        }
        let large = format!("stringData: {{a: '{}'}}", "x".repeat(MAX_SIZE + 1));
        assert_eq!(read(&large), Err(Unreadable::TooLarge));
        assert!(read("data:\n").unwrap().values.is_empty());
        assert!(read("data: {a: }\n").unwrap().values["a"].expose().is_empty());
    }

    #[test]
    fn what_keeps_its_form_is_told() {
        let enc = "'ENC[AES256_GCM,data:qYCxdA==,iv:Hn6A,tag:GhZD,type:str]'";
        for (text, expected) in [
            (
                "type: kubernetes.io/service-account-token\ndata: {token: YQ==}".to_owned(),
                Some(Fixed::ServiceAccountToken),
            ),
            ("type: bootstrap.kubernetes.io/token\ndata: {a: YQ==}".to_owned(), Some(Fixed::BootstrapToken)),
            ("type: helm.sh/release.v1\ndata: {release: YQ==}".to_owned(), Some(Fixed::HelmRelease)),
            (format!("stringData: {{a: {enc}, empty: ''}}"), Some(Fixed::Encrypted)),
            ("data: {a: ''}\nsops: {mac: x}".to_owned(), Some(Fixed::Encrypted)),
            ("data: {}".to_owned(), Some(Fixed::Empty)),
            ("type: Opaque".to_owned(), Some(Fixed::Empty)),
            ("data: {a: YQ==}".to_owned(), None),
        ] {
            assert_eq!(why_fixed(&text), Ok(expected), "{text}");
        }
        let half = why_fixed(&format!("stringData: {{a: {enc}, b: open}}"));
        assert_eq!(half, Err(Unreadable::HalfEncrypted { key: "b".to_owned() }));
    }

    #[test]
    fn nothing_of_a_value_is_printed() {
        let secret = read("stringData: {a: canary-canary}").unwrap();
        assert!(!format!("{secret:?}").contains("canary"));
    }
}
