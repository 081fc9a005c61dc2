//! Walks an object: every place in which a credential may stand, each judged by what it is.

use std::borrow::Cow;

use foldhash::HashSet;

use super::name::{self, Named};
use super::suspect::{Holder, Suspect};
use super::{Hit, Kind, Style, arguments, comments, fields, formats, nested, text};
use crate::embedded;
use crate::k8s::{Object, Part, Release, Workload};
use crate::letters::DASHED;
use crate::yaml::tree::Kind as NodeKind;
use crate::yaml::{Route, Scalar, Value};

/// Judges the objects of a release, whose names are no secrets.
#[derive(Debug)]
pub struct Finder<'a> {
    release: &'a Release<'a>,
    names: HashSet<&'a str>,
}

/// What is known while one object is walked.
pub(super) struct Walk<'f, 'a> {
    finder: &'f Finder<'a>,
    pub(super) object: &'f Object<'a>,
    /// Where in the document's text something stands that is known by its form, in bytes.
    forms: Vec<Hit>,
    pub(super) found: Vec<Suspect<'a>>,
}

/// A value to be judged.
pub(super) struct Site<'s, 'a> {
    pub holder: Holder,
    pub container: Option<&'s str>,
    pub name: &'s str,
    pub route: Route,
    pub value: Value<'a>,
}

impl<'a> Finder<'a> {
    /// Takes in the names of a release's objects.
    #[must_use]
    pub fn new(release: &'a Release<'a>) -> Self {
        let names = release.objects.iter().map(|object| object.id.name.as_str());
        Self { release, names: names.filter(|name| name.len() > 2).collect() }
    }

    /// What stands in an object, in the order of its lines. Of a Secret only what stands beside its data.
    #[must_use]
    pub fn in_object(&self, object: &Object<'a>) -> Vec<Suspect<'a>> {
        if object.id.kind == "CustomResourceDefinition" || object.id.kind == "SealedSecret" {
            return Vec::new();
        }
        let range = own_text(object);
        let forms = formats::find(&object.value.document_text()[range.clone()]);
        let forms = forms.into_iter().map(|hit| {
            let span = hit.span.start + range.start..hit.span.end + range.start;
            Hit { span, ..hit }
        });
        let mut walk = Walk { finder: self, object, forms: forms.collect(), found: Vec::new() };
        for workload in self.release.workloads_of(object) {
            walk.pods(workload);
        }
        if object.is("", "ConfigMap") {
            walk.config_map();
        }
        walk.annotations(object.value, &object.route);
        if fields::are_walked(object) {
            fields::walk(&mut walk);
        }
        comments::walk(&mut walk, range);
        walk.rest();
        walk.found.sort_by_key(|suspect| suspect.line);
        walk.found
    }

    /// Whether a value is the name of an object of the release, or of one that is called after it.
    fn names_object(&self, value: &str) -> bool {
        let plain = value.bytes().all(|byte| DASHED.has(byte) && !byte.is_ascii_uppercase() && byte != b'_');
        let after = |dash: usize| self.names.contains(&value[..dash]);
        plain && (self.names.contains(value) || value.match_indices('-').any(|(dash, _)| after(dash)))
    }
}

/// The part of its document's text that is the object's own: all of it, unless it is an item of a list.
fn own_text(object: &Object<'_>) -> std::ops::Range<usize> {
    let node = object.value.node();
    match object.route.steps() {
        [] => 0..object.value.document_text().len(),
        _ => node.start as usize..node.end as usize,
    }
}

impl<'a> Walk<'_, 'a> {
    fn pods(&mut self, workload: &Workload<'a>) {
        for part in &workload.parts {
            self.variables(part);
            let words: Vec<(Route, Value<'a>)> = ["command", "args"]
                .into_iter()
                .flat_map(|list| items(part.value, &part.route, list))
                .collect();
            self.words(&part.name, &words);
            self.handlers(part);
        }
        if !workload.template_route.steps().is_empty() {
            self.annotations(workload.template, &workload.template_route);
        }
    }

    fn variables(&mut self, part: &Part<'a>) {
        for (route, entry) in items(part.value, &part.route, "env") {
            let (Some(name), Some(value)) = (entry.get("name").and_then(Value::as_str), entry.get("value"))
            else {
                continue;
            };
            let container = Some(&*part.name);
            self.judge(&Site {
                holder: Holder::Variable,
                container,
                name: &name,
                route: route.key("value"),
                value,
            });
        }
    }

    /// The words of one command. Only those are looked at twice that could hold an option's value.
    fn words(&mut self, container: &str, words: &[(Route, Value<'a>)]) {
        let texts: Vec<Cow<'a, str>> =
            words.iter().map(|(_, word)| text_of(*word).unwrap_or_default()).collect();
        let refs: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let mut hits = arguments::in_words(&refs);
        for (number, word) in refs.iter().enumerate() {
            if hits.iter().any(|(known, _)| *known == number) {
                continue;
            }
            let forms = self.has_form(words[number].1);
            if word.contains([' ', '\n']) {
                hits.extend(super::in_parts(word, Style::Plain, forms).into_iter().map(|hit| (number, hit)));
            } else if forms {
                hits.extend(formats::find(word).into_iter().map(|hit| (number, hit)));
            }
        }
        for (number, hit) in hits {
            let (route, value) = &words[number];
            let name = hit.name.clone().unwrap_or_else(|| "an argument".to_owned());
            let site = Site {
                holder: Holder::Argument,
                container: Some(container),
                name: &name,
                route: route.clone(),
                value: *value,
            };
            self.add(&site, &texts[number], hit);
        }
    }

    /// Probes and lifecycle handlers: headers and commands.
    fn handlers(&mut self, part: &Part<'a>) {
        let places =
            ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
        for place in places {
            let Some(handler) = part.value.path(place) else { continue };
            let route = part.route.path(place);
            if let Some(exec) = handler.get("exec") {
                let words: Vec<_> = items(exec, &route.key("exec"), "command").collect();
                self.words(&part.name, &words);
            }
            let Some(get) = handler.get("httpGet") else { continue };
            for (route, header) in items(get, &route.key("httpGet"), "httpHeaders") {
                let (Some(name), Some(value)) =
                    (header.get("name").and_then(Value::as_str), header.get("value"))
                else {
                    continue;
                };
                let container = Some(&*part.name);
                self.judge(&Site {
                    holder: Holder::Argument,
                    container,
                    name: &name,
                    route: route.key("value"),
                    value,
                });
            }
        }
    }

    fn config_map(&mut self) {
        for entry in embedded::entries(self.object) {
            let Some(text) = entry.text() else { continue };
            let packed = entry
                .route
                .steps()
                .iter()
                .any(|step| matches!(step, crate::yaml::Step::Key(key) if key == "binaryData"));
            let forms = packed || self.has_form(entry.value);
            let site = Site {
                holder: Holder::ConfigMap,
                container: None,
                name: &entry.key,
                route: entry.route.clone(),
                value: entry.value,
            };
            for hit in super::in_key(&entry.key, text, forms) {
                let line = entry.line_in(self.object, hit.line(text));
                self.add(&site, text, hit);
                if let (Some(line), Some(last)) = (line, self.found.last_mut()) {
                    last.line = line;
                }
            }
        }
    }

    /// The annotations below `metadata` of an object or pod template.
    pub(super) fn annotations(&mut self, of: Value<'a>, route: &Route) {
        let Some(annotations) = of.get("metadata").and_then(|it| it.get("annotations")) else { return };
        let route = route.key("metadata").key("annotations");
        for (key, value) in annotations.entries() {
            let last = key.rsplit('/').next().unwrap_or(&key);
            if key.starts_with("checksum/") || key.starts_with("vault.hashicorp.com/") {
                continue;
            }
            let Some(text) = text_of(value) else { continue };
            let forms = self.has_form(value);
            let site = Site {
                holder: Holder::Annotation,
                container: None,
                name: &key,
                route: route.key(key.clone().into_owned()),
                value,
            };
            let copied = last == "last-applied-configuration" && is_secret(&text);
            let hits = if copied { vec![super::copied(&text)] } else { super::in_named(last, &text, forms) };
            for hit in hits {
                self.add(&site, &text, hit);
            }
        }
    }

    /// Judges a scalar by its name and what it is.
    pub(super) fn judge(&mut self, site: &Site<'_, 'a>) {
        let forms = self.has_form(site.value);
        if !forms && is_short(site.value) && !name::has_stem(site.name) {
            return;
        }
        let Some(text) = text_of(site.value) else { return };
        for hit in super::in_named(site.name, &text, forms) {
            self.add(site, &text, hit);
        }
    }

    /// Whether something that is known by its form stands in a value as it is written.
    pub(super) fn has_form(&self, value: Value<'a>) -> bool {
        let node = value.node();
        let inside = |hit: &Hit| hit.span.start < node.end as usize && hit.span.end > node.start as usize;
        node.kind == NodeKind::Alias || self.forms.iter().any(inside)
    }

    pub(super) fn add(&mut self, site: &Site<'_, 'a>, text: &str, hit: Hit) {
        let name = hit.name.as_deref().unwrap_or(site.name);
        let named = if hit.kind == Kind::Named { name::judge(name) } else { Some(Named::Password) };
        let value = hit.plain.expose_text().unwrap_or_default();
        // A key of a stated use may be a word that is also some object's name.
        let may_name = named < Some(Named::Key) || (named == Some(Named::Key) && value.contains('-'));
        if may_name && self.finder.names_object(value) {
            return;
        }
        let start = self.object.line_of(site.value);
        let line = match site.value.node().kind {
            NodeKind::Literal => start + hit.line(text),
            _ => start,
        };
        self.found.push(Suspect {
            object: self.object.number,
            container: site.container.map(str::to_owned),
            holder: site.holder,
            route: site.route.clone(),
            near: site.value,
            name: site.name.to_owned(),
            whole: hit.is_whole(text),
            hit,
            line,
        });
    }

    /// What is known by its form and stands where nothing else was looked for: other fields, comments.
    fn rest(&mut self) {
        let whole = self.object.value.document_text();
        for hit in std::mem::take(&mut self.forms) {
            let at = hit.span.start;
            let place = fields::locate(self.object.value, &self.object.route, at);
            let known = self.found.iter().any(|it| match &place {
                Some((route, _)) => it.route == *route,
                None => it.holder == Holder::Comment && it.line == self.line_at(at),
            });
            // Comments also show how a URL is written.
            let form = place.is_none()
                && hit.kind == Kind::Url
                && !hit.plain.expose_text().is_some_and(text::is_made);
            if known || form || self.is_secret_data(place.as_ref().map(|(route, _)| route)) {
                continue;
            }
            let line = self.line_at(at);
            let (holder, route, near, name) = match place {
                Some((route, value)) => (Holder::Field, route.clone(), value, route.to_string()),
                None => {
                    (Holder::Comment, self.object.route.clone(), self.object.value, "a comment".to_owned())
                }
            };
            let whole = hit.is_whole(
                whole.get(near.node().start as usize..near.node().end as usize).unwrap_or_default(),
            );
            self.found.push(Suspect {
                object: self.object.number,
                container: None,
                holder,
                route,
                near,
                name,
                hit,
                whole,
                line,
            });
        }
    }

    /// Whether a route leads into what a Secret is there to hold, or to a ConfigMap's key, which was judged.
    fn is_secret_data(&self, route: Option<&Route>) -> bool {
        let below =
            |map: &'static str| route.is_some_and(|route| route.starts_with(&self.object.route.key(map)));
        let holds = embedded::holder::is_holder(self.object);
        holds && (below("data") || below("stringData") || below("binaryData"))
    }

    /// The line of the stream on which a byte of the document stands.
    pub(super) fn line_at(&self, at: usize) -> usize {
        let text = self.object.value.document_text().as_bytes();
        self.object.document_line + memchr::memchr_iter(b'\n', &text[..at.min(text.len())]).count()
    }
}

/// The items of a list below a map, with their routes.
fn items<'a>(
    of: Value<'a>,
    route: &Route,
    list: &'static str,
) -> impl Iterator<Item = (Route, Value<'a>)> + use<'a> {
    let below = route.key(list);
    of.get(list)
        .into_iter()
        .flat_map(Value::items)
        .enumerate()
        .map(move |(index, item)| (below.index(index), item))
}

/// The text of a scalar; numbers and switches are none.
pub(super) fn text_of(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.scalar()? {
        Scalar::Null | Scalar::Bool(_) => None,
        other => Some(other.into_key()),
    }
}

/// Too short, as it is written, to be a list of settings or a file.
fn is_short(value: Value<'_>) -> bool {
    value.raw().len() < 12
}

fn is_secret(json: &str) -> bool {
    let packed: String = json.chars().filter(|c| !c.is_whitespace()).take(nested::LONGEST).collect();
    packed.contains("\"kind\":\"Secret\"")
        && (packed.contains("\"data\":{\"") || packed.contains("\"stringData\":{\""))
}

/// Whether a text is more than one line or field.
pub(super) fn is_file(text: &str) -> bool {
    text.trim().contains('\n') || text.trim_start().starts_with(['{', '['])
}
