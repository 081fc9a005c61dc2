//! The block parser and the fallback fill equal tables and refuse the same, wherever the block parser does not give up.

use hardtack::yaml::stream::{self, Content, ParseOptions};
use hardtack::yaml::{Kind, Node, Stream, YamlError};

use crate::mutants::{brackets, mutants, seeds, soups};

fn both(text: &str) -> (Result<Stream, YamlError>, Result<Stream, YamlError>) {
    (
        stream::parse(text.to_owned(), ParseOptions::default()),
        stream::parse_with_fallback_only(text.to_owned(), ParseOptions::default()),
    )
}

/// Whether the text was read.
fn agree(text: &str) -> bool {
    let (block, fallback) = both(text);
    let show = |read: &Result<Stream, YamlError>| match read {
        Ok(stream) => format!("{:?}", stream.documents),
        Err(error) => format!("{error:?}"),
    };
    assert_eq!(show(&block), show(&fallback), "{text:?}");
    block.is_ok()
}

pub fn agree_on_seeds_and_charts() {
    for (name, text) in seeds() {
        assert!(agree(&text), "{name} is refused");
        let crlf = text.replace('\n', "\r\n");
        assert!(agree(&crlf), "{name} with CRLF is refused");
    }
}

pub fn agree_on_mutants() {
    let read = mutants(20_000, 1).filter(|text| agree(text)).count();
    assert!(read > 3_000, "only {read} were read at all");
}

pub fn agree_on_words() {
    let read = soups(40_000, 2).filter(|text| agree(text)).count();
    assert!(read > 3_000, "only {read} were read at all");
}

pub fn agree_on_brackets() {
    let read = brackets(20_000, 12).filter(|text| agree(text)).count();
    assert!(read > 3_000, "only {read} were read at all");
}

pub fn spans_hold_together_in_mutants() {
    let mut checked = 0;
    for text in mutants(5_000, 3).chain(soups(10_000, 4)).chain(brackets(10_000, 14)) {
        let Ok(stream) = both(&text).0 else { continue };
        for document in &stream.documents {
            let Content::Parsed(tree) = &document.content else { continue };
            checked += 1;
            check(stream.body(document), &tree.nodes);
        }
    }
    assert!(checked > 2_000, "only {checked} documents were read");
}

fn check(body: &str, nodes: &[Node]) {
    for (index, node) in nodes.iter().enumerate() {
        let (start, end) = (node.start as usize, node.end as usize);
        let raw = &body[start..end];
        assert!(node.next as usize > index && node.next as usize <= nodes.len(), "{node:?} in {body:?}");
        let line =
            body[..start].rfind('\n').map_or(if body.starts_with('\u{feff}') { 3 } else { 0 }, |at| at + 1);
        assert_eq!(usize::from(node.column), start - line, "{node:?} in {body:?}");
        let first = raw.chars().next();
        match node.kind {
            Kind::Plain => assert!(raw.trim() == raw && !raw.is_empty(), "{node:?} in {body:?}"),
            Kind::Single => {
                assert!(raw.len() > 1 && raw.starts_with('\'') && raw.ends_with('\''), "{raw:?} in {body:?}")
            }
            Kind::Double => {
                assert!(raw.len() > 1 && raw.starts_with('"') && raw.ends_with('"'), "{raw:?} in {body:?}")
            }
            Kind::Literal => assert_eq!(first, Some('|'), "{body:?}"),
            Kind::Folded => assert_eq!(first, Some('>'), "{body:?}"),
            Kind::Empty => assert_eq!(raw, "", "{body:?}"),
            Kind::Alias => assert_eq!(first, Some('*'), "{body:?}"),
            Kind::Seq => assert_eq!(first, Some('-'), "{body:?}"),
            Kind::FlowSeq => assert!(raw.starts_with('[') && raw.ends_with(']'), "{raw:?} in {body:?}"),
            Kind::Map | Kind::FlowMap => {}
        }
        for child in &nodes[index + 1..node.next as usize] {
            assert!(
                child.start >= node.start && child.end <= node.end,
                "{child:?} leaves {node:?} in {body:?}"
            );
        }
        if let Some(next) = nodes.get(node.next as usize) {
            assert!(next.start >= node.end, "{next:?} starts within {node:?} in {body:?}");
        }
    }
}
