//! The keys of a ConfigMap or Secret.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::{Fault, File, Format};
use crate::k8s::Object;
use crate::yaml::{Kind, Route, Value};

/// One key and what pods see under it.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key.
    pub key: String,
    /// From the document's root to the value.
    pub route: Route,
    /// The value as written.
    pub value: Value<'a>,
    /// What it holds, base64 undone.
    pub content: Content<'a>,
    /// Whether it belongs to a Secret, so that nothing of it may be shown.
    pub secret: bool,
    /// Whether base64 was undone, so that lines of the content are not lines of the stream.
    decoded: bool,
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes that are no UTF-8: so many.
    Bytes(usize),
    /// What should be base64 and is none.
    NotBase64,
    /// A map or list where Kubernetes wants text.
    NotText,
}

/// Base64 as Go reads it: what the last letter holds beyond whole bytes does not matter, padding does.
const GO: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The maps that hold keys; `stringData` wins over `data`.
const MAPS: [&str; 3] = ["stringData", "data", "binaryData"];

/// Whether an object is a ConfigMap or a Secret.
#[must_use]
pub fn is_holder(object: &Object<'_>) -> bool {
    object.is("", "ConfigMap") || object.is("", "Secret")
}

/// The keys of a ConfigMap or Secret in the order they are written; none of anything else.
#[must_use]
pub fn entries<'a>(object: &Object<'a>) -> Vec<Entry<'a>> {
    if !is_holder(object) {
        return Vec::new();
    }
    let secret = object.is("", "Secret");
    let mut found: Vec<Entry<'a>> = Vec::new();
    for map in MAPS.into_iter().filter(|map| secret || *map != "stringData") {
        let decoded = if secret { map == "data" } else { map == "binaryData" };
        let Some(values) = object.value.get(map) else { continue };
        for (key, value) in values.entries() {
            if value.is_null() || found.iter().any(|entry| entry.key == key) {
                continue;
            }
            let route = object.route.key(map).key(key.clone().into_owned());
            let content = if decoded { decode(value) } else { text(value) };
            found.push(Entry { key: key.into_owned(), route, value, content, secret, decoded });
        }
    }
    found.sort_by_key(|entry| entry.value.node().start);
    found
}

fn text(value: Value<'_>) -> Content<'_> {
    value.scalar().map_or(Content::NotText, |scalar| Content::Text(scalar.into_key()))
}

fn decode(value: Value<'_>) -> Content<'_> {
    let Content::Text(packed) = text(value) else { return Content::NotText };
    // Go's decoder passes over line ends and nothing else.
    let packed: Vec<u8> = packed.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    match GO.decode(packed).map(String::from_utf8) {
        Ok(Ok(text)) => Content::Text(Cow::Owned(text)),
        Ok(Err(bytes)) => Content::Bytes(bytes.as_bytes().len()),
        Err(_) => Content::NotBase64,
    }
}

impl<'a> Entry<'a> {
    /// The text it holds.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads the file under the key, in the format named or the one its name ends in.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn file(&self, format: Option<Format>) -> Result<File, Fault> {
        let Some(format) = format.or_else(|| Format::of_name(&self.key)) else {
            let what = format!("the name {} ends in no known format: name the format", self.key);
            return Err(Fault::new(what, None));
        };
        match &self.content {
            Content::Text(text) => File::parse(text, format),
            Content::Bytes(_) => Err(Fault::new("not UTF-8", None)),
            Content::NotBase64 => Err(Fault::new("not base64", None)),
            Content::NotText => Err(Fault::new("a map or list where Kubernetes wants text", None)),
        }
    }

    /// The line of the stream on which a line of the content (from 1) stands: certain only in a literal (`|`) or in
    /// text of one line.
    #[must_use]
    pub fn line_in(&self, object: &Object<'a>, line: usize) -> Option<usize> {
        let value = self.value.resolved();
        let start = object.line_of(value);
        match value.node().kind {
            _ if self.decoded => None,
            Kind::Literal => Some(start + line),
            _ if !value.raw().contains('\n') && line == 1 => Some(start),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::{Release, Scope};
    use crate::yaml::Stream;

    fn stream(text: &str) -> Stream {
        crate::yaml::stream::parse(text.to_owned(), Default::default()).unwrap()
    }

    #[test]
    fn a_secret_is_decoded_and_string_data_wins() {
        let stream = stream(
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: YQ==\n  b: 'Yg\n    =='\n  c: /w==\n  \
             d: '!'\n  e: [1]\nstringData: {b: x}\n",
        );
        let release = Release::gather(&stream, Scope::default());
        let found = entries(&release.objects[0]);
        let shown: Vec<_> = found.iter().map(|entry| (entry.key.as_str(), entry.content.clone())).collect();
        let wanted = vec![
            ("a", Content::Text("a".into())),
            ("c", Content::Bytes(1)),
            ("d", Content::NotBase64),
            ("e", Content::NotText),
            ("b", Content::Text("x".into())),
        ];
        assert_eq!(shown, wanted);
        assert_eq!(found[4].route.to_string(), "stringData.b");
    }

    #[test]
    fn a_line_of_a_literal_is_a_line_of_the_stream() {
        let text = "---\n# c\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.yaml: |\n\n    x: 1\n    \
                    z: 2\n  b.yaml: >\n    x: 1\n  c.json: '{\"x\": 1}'\nbinaryData:\n  d.yaml: eDogMQo=\n";
        let stream = stream(text);
        let release = Release::gather(&stream, Scope::default());
        let object = &release.objects[0];
        let lines: Vec<_> = entries(object)
            .iter()
            .map(|entry| {
                let file = entry.file(None).unwrap();
                let last = if entry.key == "a.yaml" { "z" } else { "x" };
                let line = file.line_of(&Route::root().key(last));
                (line, entry.line_in(object, line))
            })
            .collect();
        assert_eq!(lines, [(3, Some(10)), (1, None), (1, Some(13)), (1, None)]);
        assert_eq!(text.lines().nth(9), Some("    z: 2"));
    }
}
