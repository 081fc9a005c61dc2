//! Streams that are read: positions, data and warnings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use hardtack::wire::input::{Input, parse as parse_input};
use hardtack::yaml::stream::{self, Content, ParseOptions};
use hardtack::yaml::{Data, Kind, Stream};
use serde_json::json;

fn parse(text: &str) -> Stream {
    stream::parse(text.to_owned(), ParseOptions::default())
        .unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

fn data(text: &str) -> Data {
    let stream = parse(text);
    let root = stream.documents.iter().find_map(|document| stream.root(document));
    root.map_or(Data::Null, |root| root.to_data())
}

/// Kind, column and text of every node.
fn nodes(text: &str) -> Vec<(Kind, u16, String)> {
    let stream = parse(text);
    let document = stream.documents.iter().find(|it| matches!(it.content, Content::Parsed(_))).unwrap();
    let Content::Parsed(tree) = &document.content else { unreachable!() };
    let body = stream.body(document);
    let raw = |start: u32, end: u32| body[start as usize..end as usize].to_owned();
    tree.nodes.iter().map(|node| (node.kind, node.column, raw(node.start, node.end))).collect()
}

fn expect(text: &str, wanted: &[(Kind, u16, &str)]) {
    let found = nodes(text);
    let found: Vec<_> = found.iter().map(|(kind, column, raw)| (*kind, *column, raw.as_str())).collect();
    assert_eq!(found, wanted, "{text:?}");
}

#[test]
fn spans_end_with_the_content() {
    use Kind::{Empty, Map, Plain, Seq};
    expect(
        "a:\n  b: 1 # c\n\n# d\ne:\n",
        &[
            (Map, 0, "a:\n  b: 1 # c\n\n# d\ne:"),
            (Plain, 0, "a"),
            (Map, 2, "b: 1"),
            (Plain, 2, "b"),
            (Plain, 5, "1"),
            (Plain, 0, "e"),
            (Empty, 2, ""),
        ],
    );
    expect(
        "a:\n- x\n-\n- b: 1\n  c:\n",
        &[
            (Map, 0, "a:\n- x\n-\n- b: 1\n  c:"),
            (Plain, 0, "a"),
            (Seq, 0, "- x\n-\n- b: 1\n  c:"),
            (Plain, 2, "x"),
            (Empty, 1, ""),
            (Map, 2, "b: 1\n  c:"),
            (Plain, 2, "b"),
            (Plain, 5, "1"),
            (Plain, 2, "c"),
            (Empty, 4, ""),
        ],
    );
}

#[test]
fn block_scalars_run_from_header_to_content() {
    use Kind::{Folded, Literal, Map, Plain};
    expect(
        "a: |- # c\n  x\n\n  y\n\n\nb: >+\n  x\n\n\nc: |\n",
        &[
            (Map, 0, "a: |- # c\n  x\n\n  y\n\n\nb: >+\n  x\n\n\nc: |"),
            (Plain, 0, "a"),
            (Literal, 3, "|- # c\n  x\n\n  y"),
            (Plain, 0, "b"),
            (Folded, 3, ">+\n  x\n\n"),
            (Plain, 0, "c"),
            (Literal, 3, "|"),
        ],
    );
}

#[test]
fn flow_collections_include_their_brackets() {
    use Kind::{Double, Empty, FlowMap, FlowSeq, Map, Plain, Single};
    expect(
        "a: {b: [1, 'x'], \"c\": \"d\", e: }\n",
        &[
            (Map, 0, "a: {b: [1, 'x'], \"c\": \"d\", e: }"),
            (Plain, 0, "a"),
            (FlowMap, 3, "{b: [1, 'x'], \"c\": \"d\", e: }"),
            (Plain, 4, "b"),
            (FlowSeq, 7, "[1, 'x']"),
            (Plain, 8, "1"),
            (Single, 11, "'x'"),
            (Double, 17, "\"c\""),
            (Double, 22, "\"d\""),
            (Plain, 27, "e"),
            (Empty, 29, ""),
        ],
    );
}

#[test]
fn anchors_tags_and_aliases_are_properties() {
    let text = "a: &x !!str 1\nb: *x\nc: &y\n- &z d: e\n";
    let stream = parse(text);
    let root = stream.root(&stream.documents[0]).unwrap();
    let of = |key: &str| root.own_entry(key).unwrap().1;
    let property = root.tree().property(of("a").index()).unwrap();
    assert_eq!((property.anchor.clone(), property.tag.clone()), (Some(3..5), Some(6..11)));
    assert_eq!(root.tree().property(of("b").index()).unwrap().target, Some(of("a").index()));
    let item = of("c").items().next().unwrap();
    assert_eq!((item.node().start, item.node().column), (28, 2));
    assert_eq!(root.to_data(), json!({"a": "1", "b": "1", "c": [{"d": "e"}]}));
}

#[test]
fn documents_cover_the_stream() {
    let stream = parse("# a\n---\n---\nb: 1\n...\n# c\n--- # d\n- 1\n");
    let shapes: Vec<_> = stream
        .documents
        .iter()
        .map(|it| (it.separator.clone(), it.line, matches!(it.content, Content::Parsed(_))))
        .collect();
    assert_eq!(shapes, [(0..0, 1, false), (4..8, 3, false), (8..12, 4, true), (25..33, 8, true)]);
}

#[test]
fn reads_what_is_odd_with_a_warning() {
    let stream = parse("a: 1\nb: 2\na: 3\n--- {c: 1}\n");
    assert_eq!(stream.root(&stream.documents[0]).unwrap().to_data(), json!({"a": 3, "b": 2}));
    let lines: Vec<_> = stream.documents.iter().flat_map(|it| &it.warnings).map(|it| it.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn follows_merges() {
    for text in
        ["x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  b: 3\n", "x: &x {a: 1, b: 2}\nz:\n  !!merge <<: *x\n  b: 3\n"]
    {
        assert_eq!(data(text)["z"], json!({"b": 3, "a": 1}), "{text}");
    }
    assert_eq!(data("a: {\"<<\": 1}"), json!({"a": {"<<": 1}}));
}

#[test]
fn reads_scalars_over_several_lines() {
    assert_eq!(data("a: b\n  c\n\n  d\n"), json!({"a": "b c\nd"}));
    assert_eq!(data("a: 'b\n  c'\n"), json!({"a": "b c"}));
    assert_eq!(data("a: \"b\n  c\\\n  d\"\n"), json!({"a": "b cd"}));
    assert_eq!(data("a: [b\n  c, d]\n"), json!({"a": ["b c", "d"]}));
    assert_eq!(data("a: |2\n   x\n"), json!({"a": " x\n"}));
    assert_eq!(data("a:\r\n- |\r\n  x\r\n  y\r\n"), json!({"a": ["x\ny\n"]}));
}

#[test]
fn keys_are_printed_back() {
    assert_eq!(
        data("y: 1\n0777: 1\n1e3: 1\n1.5: 1\n\"no\": 1\n"),
        json!({"true": 1, "511": 1, "1000": 1, "1.5": 1, "no": 1})
    );
}

#[test]
fn aliases_that_helm_4_cut_off_are_copied() {
    let document = |file: &str, rest: &str| {
        format!(
            "kind: ConfigMap\nmetadata:\n  annotations:\n    postrenderer.helm.sh/postrender-filename: {file}\n{rest}"
        )
    };
    let stream = |second: &str| {
        let text =
            format!("{}---\n{}", document("a.yaml", "data: &d\n  x: z\n"), document(second, "data: *d\n"));
        parse_input(Input { name: "a test".to_owned(), text })
    };
    let read = stream("a.yaml").unwrap();
    assert_eq!(read.root(&read.documents[1]).unwrap().to_data()["data"], json!({"x": "z"}));
    assert_eq!(read.documents[1].warnings[0].line, 12);
    assert!(stream("b.yaml").is_err());
}

#[test]
fn keys_are_found_as_they_read_and_the_last_of_two_counts() {
    for (text, key, value) in [
        ("a: 1\nb: 2\na: 3\n", "a", Some(3)),
        ("\"a\": 1\na: 2\n", "a", Some(2)),
        ("{a\n  b, c: 2}\n", "c", Some(2)),
        ("{a b: 1, a\n  b}\n", "a b", None),
        ("0x10: 1\n", "16", Some(1)),
        ("0x10: 1\n", "0x10", None),
        ("on: 1\n", "true", Some(1)),
        ("on: 1\n", "on", None),
        ("only: 1\n", "only", Some(1)),
        ("!!str on: 1\n", "on", Some(1)),
        ("? a\n: 1\n", "a", Some(1)),
        ("m: &m {a: 1}\nb:\n  <<: *m\n", "b", None),
    ] {
        let stream = parse(text);
        let root = stream.root(&stream.documents[0]).unwrap();
        assert_eq!(root.entry(key).and_then(hardtack::yaml::Value::as_i64), value, "{text:?} {key}");
    }
    let twice = parse("{a b: 1, a\n  b}\n");
    assert_eq!(twice.documents[0].warnings.len(), 1, "{:?}", twice.documents[0].warnings);
}

#[test]
fn a_backslash_in_single_quotes_is_one() {
    assert_eq!(data("'k\\: v': 1\n"), json!({"k\\: v": 1}));
    assert_eq!(data("a: 'x\\'\nb: '\\\"'\n"), json!({"a": "x\\", "b": "\\\""}));
}
