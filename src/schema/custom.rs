//! The definitions of custom resources: found in the stream or given beside it, read only when an object asks for one.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashMap;
use memchr::memmem::Finder;

use super::fault::Fault;
use super::structural::{self, Patterns};
use crate::k8s::{Object, Release};
use crate::letters::DOTTED;
use crate::yaml::stream::parse_document;
use crate::yaml::{Stream, Tree, Value};

/// Streams of definitions that were given beside the stream that is judged.
pub type Given = Arc<Vec<Stream>>;

/// Definitions of some kinds, as text and tree.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    read: Vec<(&'a str, Tree)>,
    written: Vec<Value<'a>>,
    /// The number of each group's and kind's first definition: among those read, then those written.
    first: HashMap<(String, String), usize>,
    patterns: Patterns,
}

/// What may stand between the colon of a key and its value.
const BETWEEN: [char; 5] = [' ', '"', '\'', '\r', '\n'];

/// A custom resource's kind: group and kind.
pub type Kind<'o> = (&'o str, &'o str);

impl<'a> Definitions<'a> {
    /// Looks for definitions of these kinds. A document is parsed only when it names both words of one.
    #[must_use]
    pub fn find(kinds: &BTreeSet<Kind<'_>>, release: &Release<'a>, given: &'a [Stream]) -> Self {
        if kinds.is_empty() {
            return Self::default();
        }
        let bodies = |stream: &'a Stream| stream.documents.iter().map(|document| stream.body(document));
        let texts = release.unread.iter().copied().chain(given.iter().flat_map(bodies));
        let (definition, group) = (Finder::new("CustomResourceDefinition"), Finder::new("group"));
        let names = |text: &str| {
            if definition.find(text.as_bytes()).is_none() {
                return false;
            }
            if let Some(own) = plain_kind(text) {
                return kinds.contains(&own);
            }
            let defines = |after: usize| {
                let own = text[after..].trim_start_matches(['"', '\'', ' ']).strip_prefix(':');
                let own = own.map(|own| own.trim_start_matches(BETWEEN));
                own.is_some_and(|own| {
                    let odd = own.starts_with(['&', '*', '!', '|', '>']);
                    let mut kinds = kinds.iter().filter(|(group, _)| odd || own.starts_with(group));
                    kinds.any(|(_, kind)| is_value(text, kind))
                })
            };
            group.find_iter(text.as_bytes()).any(|at| defines(at + "group".len()))
        };
        let parsed =
            texts.filter(|text| names(text)).filter_map(|text| Some((text, parse_document(text).ok()?)));
        let own = release
            .objects
            .iter()
            .filter(|object| object.is("apiextensions.k8s.io", "CustomResourceDefinition"));
        let written = own.map(|object| object.value).collect();
        let mut all = Self { read: parsed.collect(), written, ..Self::default() };
        for number in 0..all.read.len() + all.written.len() {
            let text = |path: &str| Some(all.numbered(number)?.path(path)?.as_str()?.into_owned());
            if let (Some(group), Some(kind)) = (text("spec.group"), text("spec.names.kind")) {
                all.first.entry((group, kind)).or_insert(number);
            }
        }
        all
    }

    fn numbered(&self, number: usize) -> Option<Value<'_>> {
        match self.read.get(number) {
            Some((text, tree)) => tree.root(text),
            None => self.written.get(number - self.read.len()).copied(),
        }
    }

    /// What is wrong with an object of one of the kinds; `None` when none of the definitions is about it.
    #[must_use]
    pub fn judge<'o>(&self, object: &Object<'o>) -> Option<Vec<Fault<'o>>> {
        let version = object.id.api_version.rsplit_once('/')?.1;
        let key = (object.group().to_owned(), object.id.kind.clone());
        let definition = self.numbered(*self.first.get(&key)?)?;
        let own = definition.path("spec.versions").into_iter().flat_map(Value::items);
        let own =
            own.into_iter().find(|it| it.get("name").and_then(Value::as_str).as_deref() == Some(version));
        // Before v1 one schema was for all versions.
        let schema = own.and_then(|own| own.path("schema.openAPIV3Schema"));
        let schema = schema.or_else(|| definition.path("spec.validation.openAPIV3Schema"))?;
        let keeps = definition.path("spec.preserveUnknownFields").and_then(Value::as_bool) == Some(true);
        Some(structural::faults(object.value, schema, keeps, &self.patterns))
    }
}

/// The group and kind of a definition where its lines leave no doubt, as they nearly always do.
fn plain_kind(text: &str) -> Option<(&str, &str)> {
    let (_, spec) = text.split_once("\nspec:\n")?;
    let (mut group, mut names) = (None, false);
    for line in spec.lines() {
        let line = line.strip_prefix("  ")?;
        if !line.starts_with(' ') {
            names = line == "names:";
            group = group.or(line.strip_prefix("group: "));
        } else if let (true, Some(group), Some(kind)) = (names, group, line.strip_prefix("  kind: ")) {
            let plain = |text: &str| DOTTED.has_all(text);
            return (plain(group) && plain(kind)).then_some((group, kind));
        }
    }
    None
}

/// Whether a word stands behind a colon somewhere, quoted or not: definitions are large and speak of other kinds.
fn is_value(text: &str, word: &str) -> bool {
    let mut places = memchr::memmem::find_iter(text.as_bytes(), word.as_bytes());
    places.any(|at| {
        let ends = !text[at + word.len()..].starts_with(|next: char| next.is_ascii_alphanumeric());
        ends && text[..at].trim_end_matches(BETWEEN).ends_with(':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::Scope;
    use crate::yaml::stream::{ParseOptions, parse};

    /// What is wrong with `replicas: x` of a Fleet, where this stands beside it.
    fn faults(definition: &str) -> Option<usize> {
        let fleet = "apiVersion: example.com/v1\nkind: Fleet\nmetadata: {name: a}\nreplicas: x\n";
        let stream = parse(fleet.to_owned(), ParseOptions::default()).unwrap();
        let given = [parse(definition.to_owned(), ParseOptions::default()).unwrap()];
        let release = Release::gather(&stream, Scope::default());
        let kinds = BTreeSet::from([("example.com", "Fleet")]);
        let found = Definitions::find(&kinds, &release, &given);
        found.judge(&release.objects[0]).map(|faults| faults.len())
    }

    #[test]
    fn a_definition_is_found_however_its_group_is_written() {
        let schema = "{openAPIV3Schema: {type: object, properties: {replicas: {type: integer}}}}";
        let definition = |group: &str, kind: &str| {
            format!(
                "kind: CustomResourceDefinition\nspec:\n  {group}\n  names: {{kind: {kind}}}\n  versions: [{{name: v1, schema: {schema}}}]\n"
            )
        };
        for group in [
            "group: example.com",
            "group:  'example.com'",
            "\"group\": \"example.com\"",
            "group : example.com",
            "group:\n    example.com",
            "group: &g example.com",
            "group: !!str example.com",
            "group: >-\n    example.com",
        ] {
            assert_eq!(faults(&definition(group, "Fleet")), Some(1), "{group}");
        }
        assert_eq!(faults(&definition("group: example.org", "Fleet")), None);
        assert_eq!(faults(&definition("group: example.com", "Ship")), None);
    }

    #[test]
    fn a_kind_is_plain_where_only_the_spec_can_own_it() {
        let fleet = Some(("example.com", "Fleet"));
        for (spec, wanted) in [
            ("spec:\n  group: example.com\nNAMES", fleet),
            ("spec:\n  group: example.com\n  names:\n    plural: fleets\n    kind: Fleet\n", fleet),
            ("spec:\n  a:\n    group: example.org\n  - b\n  group: example.com\nNAMES", fleet),
            ("a:\n  group: example.org\nspec:\n  group: example.com\n  c:\n    kind: Ship\nNAMES", fleet),
            ("spec:\nNAMESstatus:\n  group: example.com\n", None),
            ("spec:\n  group: 'example.com'\nNAMES", None),
            ("spec:\n  group: &g example.com\nNAMES", None),
            ("spec:\n    group: example.com\nNAMES", None),
            ("spec:\n  group: example.com # com\nNAMES", None),
            ("spec:\n  group: example.com\n  names:\n    kind: \"Fleet\"\n", None),
            ("spec:\n  group: example.com\n  names:\n      kind: Fleet\n", None),
            ("spec: {group: example.com}\nNAMES", None),
        ] {
            let text = format!("kind: X\n{}", spec.replace("NAMES", "  names:\n    kind: Fleet\n"));
            assert_eq!(plain_kind(&text), wanted, "{text}");
        }
    }
}
