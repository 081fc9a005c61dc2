//! What a placeholder of argocd-vault-plugin has done to its value: `| base64decode | jsonPath {.password}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{Held, JsonPath};
use crate::nearest::hint;
use crate::secrets::Plain;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modifier {
    /// Text to base64.
    Base64Encode,
    /// Base64 to what it stands for.
    Base64Decode,
    /// What a path leads to, in JSON text or in what was read of one.
    JsonPath(JsonPath),
    /// JSON text to what it says.
    JsonParse,
    /// YAML text to what it says.
    YamlParse,
    /// Every line but the first begins with so many blanks more.
    Indent(usize),
    /// The digest in hexadecimal.
    Sha256Sum,
}

/// Their names.
const NAMES: [&str; 7] =
    ["base64encode", "base64decode", "jsonPath", "jsonParse", "yamlParse", "indent", "sha256sum"];

/// Deeper than any file is indented.
const DEEPEST: usize = 256;

impl Modifier {
    /// Reads what stands behind a `|`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let alone = |modifier| {
            if rest.is_empty() { Ok(modifier) } else { Err(format!("{name} takes no more words")) }
        };
        match name {
            "base64encode" => alone(Self::Base64Encode),
            "base64decode" => alone(Self::Base64Decode),
            "jsonParse" => alone(Self::JsonParse),
            "yamlParse" => alone(Self::YamlParse),
            "sha256sum" => alone(Self::Sha256Sum),
            "jsonPath" => JsonPath::read(&rest.join(" ")).map(Self::JsonPath),
            "indent" => match rest.as_slice() {
                [number] => number.parse().ok().filter(|blanks| *blanks <= DEEPEST).map(Self::Indent),
                _ => None,
            }
            .ok_or_else(|| format!("indent takes one number of blanks, at most {DEEPEST}")),
            _ => Err(format!(
                "unknown modifier {name:?}: {}",
                hint(name, NAMES, &format!("one of {}", NAMES.join(", ")))
            )),
        }
    }

    /// As placeholders call it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Base64Encode => "base64encode",
            Self::Base64Decode => "base64decode",
            Self::JsonPath(_) => "jsonPath",
            Self::JsonParse => "jsonParse",
            Self::YamlParse => "yamlParse",
            Self::Indent(_) => "indent",
            Self::Sha256Sum => "sha256sum",
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// Why it cannot be done; nothing of the value.
    pub fn apply(&self, held: Held) -> Result<Held, &'static str> {
        let bytes = |held: &Held| match held {
            Held::Text(plain) => Ok(plain.clone()),
            Held::Word(plain) => Ok(plain.clone()),
            Held::Null | Held::Map(_) | Held::List(_) => Err("works on text only"),
        };
        match self {
            Self::Base64Encode => Ok(Held::Text(Plain::from(STANDARD.encode(bytes(&held)?.expose())))),
            Self::Base64Decode => {
                let decoded = decode(bytes(&held)?.expose()).ok_or("the value is no base64")?;
                Ok(Held::Text(decoded))
            }
            Self::JsonPath(path) => {
                let tree = match held {
                    Held::Text(plain) => Held::from_json(plain.expose()).ok_or("the value is no JSON")?,
                    other => other,
                };
                path.of(&tree).ok_or("the path leads nowhere in the value").map(Held::Text)
            }
            Self::JsonParse => Held::from_json(bytes(&held)?.expose()).ok_or("the value is no JSON"),
            Self::YamlParse => bytes(&held)?
                .expose_text()
                .and_then(Held::from_yaml)
                .ok_or("the value is no YAML that every reader reads alike"),
            Self::Indent(blanks) => {
                let plain = bytes(&held)?;
                let text = plain.expose_text().ok_or("the value is no text")?;
                Ok(Held::Text(Plain::from(indented(text, *blanks))))
            }
            Self::Sha256Sum => {
                let digest = Sha256::digest(bytes(&held)?.expose());
                Ok(Held::Text(Plain::from(
                    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
                )))
            }
        }
    }
}

/// As Go's decoder reads base64: line ends count for nothing.
fn decode(text: &[u8]) -> Option<Plain> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    STANDARD.decode(Plain::new(text).expose()).ok().map(Plain::new)
}

fn indented(text: &str, blanks: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        out.push_str(line);
    }
    out
}
