//! The places of an object that hold references.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::k8s::Object;
use crate::secrets::reference::{Ask, Found, find, may_hold};
use crate::yaml::{Route, Step, Value};

/// A text that holds references.
#[derive(Debug, Clone)]
pub struct Site {
    /// From the document's root.
    pub route: Route,
    /// Line of the stream, from 1.
    pub line: usize,
    /// What kind of place it is.
    pub slot: Slot,
    /// The text, out of base64 where it stands in it.
    pub text: String,
    /// The references in it.
    pub found: Vec<Found>,
}

/// What kind of place a text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// `stringData` of a Secret.
    Text,
    /// `data` of a Secret, with the references inside the base64.
    Encoded,
    /// `data` of a Secret, with the references as they are.
    Raw,
    /// Anywhere else.
    Elsewhere,
}

/// What argocd-vault-plugin reads on an object.
const ANNOTATIONS: &str = "avp.kubernetes.io/";

/// An annotation of argocd-vault-plugin.
#[must_use]
pub fn annotation(object: &Object<'_>, name: &str) -> Option<String> {
    object.annotation(&format!("{ANNOTATIONS}{name}")).map(String::from)
}

/// Custom resources whose controller reads references itself.
const READERS: &[(&str, &str)] = &[
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
    ("digitalis.io", "ValsSecret"),
    ("digitalis.io", "DbSecret"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    // What it would accept is described there, not meant.
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
];

/// The places of an object that hold references, in the order of its text.
#[must_use]
pub fn of(object: &Object<'_>) -> Vec<Site> {
    let is_secret = object.is("", "Secret");
    let annotated = annotation(object, "path").is_some();
    let raw = object.value.raw();
    // JSON made by Go writes < as an escape.
    let escaped = memchr::memmem::find(raw.as_bytes(), b"\\u003c").is_some();
    let shows = escaped || may_hold(raw, annotated);
    if !(shows || is_secret && encodes(object, annotated))
        || READERS.iter().any(|(group, kind)| object.is(group, kind))
    {
        return Vec::new();
    }
    let ignored = annotation(object, "ignore").is_some_and(|word| word == "true");
    let mut walk = Walk { object, is_secret, annotated, ignored, sites: Vec::new() };
    walk.value(object.value, &object.route);
    walk.sites
}

/// Whether base64 in the data of a Secret, or an escape, may hide a reference.
fn encodes(object: &Object<'_>, annotated: bool) -> bool {
    if object.value.raw().contains('\\') {
        return true;
    }
    let data = object.value.get("data").map(Value::entries).unwrap_or_default();
    let texts = data.into_iter().filter_map(|(_, value)| value.as_str());
    texts.filter_map(|text| decode(&text)).any(|text| may_hold(&text, annotated))
}

struct Walk<'o> {
    object: &'o Object<'o>,
    is_secret: bool,
    annotated: bool,
    /// The chart says that its placeholders are none.
    ignored: bool,
    sites: Vec<Site>,
}

impl Walk<'_> {
    fn value(&mut self, value: Value<'_>, route: &Route) {
        if value.is_map() {
            for (key, below) in value.entries() {
                let route = route.key(key.to_string());
                self.text(&key, below, &route, Slot::Elsewhere);
                self.value(below, &route);
            }
        } else if value.is_seq() {
            for (index, item) in value.items().enumerate() {
                self.value(item, &route.index(index));
            }
        } else if let Some(text) = value.as_str() {
            let slot = self.slot(route);
            if slot != Slot::Raw {
                self.text(&text, value, route, slot);
            } else if !self.text(&text, value, route, Slot::Raw)
                && let Some(decoded) = decode(&text)
            {
                self.text(&decoded, value, route, Slot::Encoded);
            }
        }
    }

    /// Notes the references of a text, if it has some.
    fn text(&mut self, text: &str, near: Value<'_>, route: &Route, slot: Slot) -> bool {
        if !may_hold(text, self.annotated) {
            return false;
        }
        let mut found = find(text, self.annotated && !is_annotation_of_plugin(route));
        if self.ignored {
            found.retain(|found| {
                !found.reference.as_ref().is_ok_and(|it| matches!(it.ask, Ask::Placeholder(_)))
            });
        }
        if found.is_empty() {
            return false;
        }
        let line = self.object.line_of(near);
        self.sites.push(Site { route: route.clone(), line, slot, text: text.to_owned(), found });
        true
    }

    fn slot(&self, route: &Route) -> Slot {
        match &route.steps()[self.object.route.steps().len()..] {
            [Step::Key(map), Step::Key(_)] if self.is_secret && map == "stringData" => Slot::Text,
            [Step::Key(map), Step::Key(_)] if self.is_secret && map == "data" => Slot::Raw,
            _ => Slot::Elsewhere,
        }
    }
}

fn is_annotation_of_plugin(route: &Route) -> bool {
    matches!(route.steps().last(), Some(Step::Key(key)) if key.starts_with(ANNOTATIONS))
}

/// Text out of base64 as the API server reads it.
fn decode(text: &str) -> Option<String> {
    let lines = memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_some();
    let joined = lines.then(|| text.replace(['\r', '\n'], ""));
    String::from_utf8(STANDARD.decode(joined.as_deref().unwrap_or(text)).ok()?).ok()
}
