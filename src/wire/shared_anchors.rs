//! Helm 4 cuts a `kind: List` into documents and leaves each alias where it stood, its anchor in another document. Helm itself
//! cannot read that back; here the alias is replaced by a copy of what it stands for.

use std::collections::HashMap;
use std::ops::Range;

use crate::k8s::template;
use crate::yaml::stream::{self, ParseOptions, Stream, Warning};
use crate::yaml::{Tree, Value};

/// More aliases than any template shares; a document of nothing but aliases must end.
const MOST: usize = 256;

/// What stands behind each anchor, by template and name; `None` once it is defined twice.
type Definitions = HashMap<(String, String), Option<String>>;

/// Reads a refused stream with the aliases replaced that Helm 4 cut off, each with a warning. `None` where that is not what is
/// wrong, or in doubt: the alias stands in no document of Helm 4's, or its template defines the anchor twice or not at all.
#[must_use]
pub fn mend(text: &str, options: ParseOptions<'_>) -> Option<Stream> {
    let mut definitions = Definitions::new();
    let mut whole = String::with_capacity(text.len());
    let mut warnings = Vec::new();
    for range in documents(text) {
        let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..range.start]).count();
        let at = whole.len();
        let separator = range.start..body_start(text, &range)?;
        whole.push_str(&text[separator.clone()]);
        let body = &text[separator.end..range.end];
        let first = line + memchr::memchr_iter(b'\n', text[separator].as_bytes()).count();
        let (body, tree, found) = mended(body, first, &definitions)?;
        whole.push_str(&body);
        warnings.extend(found.into_iter().map(|warning| (at, warning)));
        if let (Some(root), Some(file)) = (tree.root(&body), file_of(&body)) {
            anchored(root, &mut |name, value| define(&mut definitions, file, name, value));
        }
    }
    let mut stream = stream::parse(whole, options).ok()?;
    for (at, warning) in warnings {
        let document = stream.documents.iter_mut().find(|document| document.body.end > at)?;
        document.warnings.push(warning);
    }
    Some(stream)
}

/// From each separator line to the next.
fn documents(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut starts: Vec<usize> =
        memchr::memmem::find_iter(text.as_bytes(), "\n---").map(|at| at + 1).collect();
    starts.insert(0, 0);
    starts.push(text.len());
    starts.into_iter().scan(None, |last, start| Some(last.replace(start).map(|last| last..start))).flatten()
}

/// Behind the separator line, when nothing but a comment shares it.
fn body_start(text: &str, document: &Range<usize>) -> Option<usize> {
    let Some(rest) = text[document.clone()].strip_prefix("---") else { return Some(document.start) };
    let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let shared = rest[..end].trim();
    (shared.is_empty() || shared.starts_with('#')).then_some(document.start + 3 + end)
}

/// A document's body with every alias replaced that has no anchor in it.
fn mended(body: &str, line: usize, definitions: &Definitions) -> Option<(String, Tree, Vec<Warning>)> {
    let mut body = body.to_owned();
    let mut warnings = Vec::new();
    let limit = body.len().saturating_mul(2).saturating_add(1 << 20);
    for _ in 0..MOST {
        let error = match stream::parse_document(&body) {
            Ok(tree) => return Some((body, tree, warnings)),
            Err(error) => error,
        };
        let alias = alias_at(&body, error.offset)?;
        let name = body[alias.clone()].strip_prefix('*')?.to_owned();
        let copy = definitions.get(&(file_of(&body)?.to_owned(), name.clone()))?.as_ref()?;
        body.replace_range(alias, copy);
        let message = format!("alias *{name} replaced by a copy: Helm 4 left its anchor in another document");
        warnings.push(Warning { message, line: line + error.line - 1 });
        if body.len() > limit {
            return None;
        }
    }
    None
}

fn alias_at(text: &str, offset: usize) -> Option<Range<usize>> {
    let rest = text.get(offset..).filter(|rest| rest.starts_with('*'))?;
    let end =
        rest[1..].find(|c: char| c.is_whitespace() || "[]{},".contains(c)).map_or(rest.len(), |at| at + 1);
    Some(offset..offset + end)
}

fn define(definitions: &mut Definitions, file: &str, name: &str, value: Value<'_>) {
    let copy = serde_json::to_string(&value.to_data()).ok();
    definitions.entry((file.to_owned(), name.to_owned())).and_modify(|known| *known = None).or_insert(copy);
}

/// The value of the filename annotation in a document that cannot be parsed yet. Helm writes it in quotes on one line.
fn file_of(document: &str) -> Option<&str> {
    let at = document.find(template::HELM4_FILE)? + template::HELM4_FILE.len();
    let value = document[at..].trim_start_matches(['"', '\'']).strip_prefix(':')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split(|c: char| c.is_whitespace() || ",}".contains(c)).next(),
    }
}

/// Calls `found` with each anchor's name and value.
fn anchored(value: Value<'_>, found: &mut impl FnMut(&str, Value<'_>)) {
    let property = value.tree().property(value.index());
    if let Some(anchor) = property.and_then(|property| property.anchor.as_ref()) {
        let written = &value.document_text()[anchor.start as usize..anchor.end as usize];
        found(written.trim_start_matches('&'), value);
    }
    if value.resolved().index() != value.index() {
        return; // an alias: what it stands for is looked at where it stands
    }
    for (key, entry) in value.own_entries() {
        anchored(key, found);
        anchored(entry, found);
    }
    for item in value.items() {
        anchored(item, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKIP: ParseOptions<'static> = ParseOptions { skip: &[] };

    fn document(name: &str, file: &str, labels: &str) -> String {
        let annotation = format!("{}: '{file}'", template::HELM4_FILE);
        format!(
            "kind: ConfigMap\nmetadata:\n  name: {name}\n  labels: {labels}\n  annotations:\n    {annotation}\n"
        )
    }

    #[test]
    fn copies_what_one_earlier_document_of_the_template_defines() {
        let a = document("a", "shop/list.yaml", "&l {x: \"1\", y: no}");
        let [b, c] = ["b", "c"].map(|name| document(name, "shop/list.yaml", "*l"));
        let mended = mend(&format!("{a}---\n{b}---\n{c}"), SKIP).expect("one definition");
        let copy = r#"{"x":"1","true":false}"#;
        let [b, c] = ["b", "c"].map(|name| document(name, "shop/list.yaml", copy));
        assert_eq!(mended.text, format!("{a}---\n{b}---\n{c}"));
        let warned: Vec<_> = mended.documents.iter().map(|document| document.warnings.len()).collect();
        assert_eq!(warned, [0, 1, 1]);
        assert_eq!(mended.documents[1].warnings[0].line, 11);
    }

    #[test]
    fn leaves_what_is_in_doubt() {
        let a = document("a", "shop/list.yaml", "&l {x: z}");
        let b = document("b", "shop/list.yaml", "*l");
        let elsewhere = document("b", "shop/other.yaml", "*l");
        let twice = format!("{a}---\n{}---\n{b}", document("a2", "shop/list.yaml", "&l {x: q}"));
        let plain = b.lines().take(4).collect::<Vec<_>>().join("\n");
        for stream in [format!("{a}---\n{elsewhere}"), twice, format!("{a}---\n{plain}\n"), b.clone()] {
            assert!(mend(&stream, SKIP).is_none(), "{stream}");
        }
    }

    #[test]
    fn ends_on_a_stream_of_aliases() {
        let a = document("a", "shop/list.yaml", "&l {x: z}");
        let many = document("b", "shop/list.yaml", &format!("[{}]", vec!["*l"; MOST + 1].join(", ")));
        assert!(mend(&format!("{a}---\n{many}"), SKIP).is_none());
    }
}
