//! Streams that are odd but read alike by everyone: each with its data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use hardtack::yaml::Data;
use hardtack::yaml::stream::{self, Content, ParseOptions};
use serde_json::json;

fn documents(text: &str) -> Vec<Data> {
    let read = |parse: fn(String, ParseOptions<'_>) -> _| {
        let stream: Result<stream::Stream, _> = parse(text.to_owned(), ParseOptions::default());
        let stream = stream.unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        stream
            .documents
            .iter()
            .filter_map(|it| stream.root(it))
            .map(|root| root.to_data())
            .collect::<Vec<_>>()
    };
    let both = read(stream::parse);
    assert_eq!(both, read(stream::parse_with_fallback_only), "{text:?}");
    both
}

fn check(cases: &[(&str, Data)]) {
    for (text, data) in cases {
        assert_eq!(documents(text), std::slice::from_ref(data), "{text:?}");
    }
}

#[test]
fn ends_and_lines() {
    check(&[
        ("a: 1", json!({"a": 1})),
        ("a: 1\r\nb:\r\n- x\r\n", json!({"a": 1, "b": ["x"]})),
        ("a: 1\r\nb: 2", json!({"a": 1, "b": 2})),
        ("a: 1\n\n# c\n  # d\n\n", json!({"a": 1})),
        ("a: 1\n...\n", json!({"a": 1})),
        ("a: 1\n  \nb: 2\n \n", json!({"a": 1, "b": 2})),
        ("--- # c\na: 1\n", json!({"a": 1})),
        ("# b\n---# c\na: 1\n", json!({"a": 1})),
        ("---  \na: 1\n", json!({"a": 1})),
        ("\u{feff}a: 1\nb: 2\n", json!({"a": 1, "b": 2})),
        ("\u{feff}---\na: 1\n", json!({"a": 1})),
        ("---\n\u{feff}a: 1\n", json!({"a": 1})),
        ("--- {a: 1}\n", json!({"a": 1})),
        ("--- |\n  x\n", json!("x\n")),
        ("--- !!map\na: 1\n", json!({"a": 1})),
        ("--- \"x\"\n", json!("x")),
    ]);
}

#[test]
fn empty_and_null_values() {
    check(&[
        ("a:\n  b:\n", json!({"a": {"b": null}})),
        ("a: # t\nb: 1\n", json!({"a": null, "b": 1})),
        ("a:\n  # x\n  # y\nb: 1\n", json!({"a": null, "b": 1})),
        ("a: null\nb: ~ # t\nc: {}\nd: { } # c\n", json!({"a": null, "b": null, "c": {}, "d": {}})),
        ("a: {b: true}\n", json!({"a": {"b": true}})),
        ("a: {\n  b: true,\n}\n", json!({"a": {"b": true}})),
        ("a: {b: }\n", json!({"a": {"b": null}})),
        ("a: {b}\n", json!({"a": {"b": null}})),
        ("drop:\nadd: []\n", json!({"drop": null, "add": []})),
    ]);
}

#[test]
fn json_documents() {
    check(&[
        ("{\"a\":{\"b\":[1,{}],\"c\":\"d\"}}", json!({"a": {"b": [1, {}], "c": "d"}})),
        ("{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}\n", json!({"a": {"b": [1]}})),
        ("{\n\t\"a\": {\n\t\t\"b\": [\n\t\t\t1\n\t\t]\n\t}\n}\n", json!({"a": {"b": [1]}})),
        ("{\"securityContext\":{},\"x\":[{}]}", json!({"securityContext": {}, "x": [{}]})),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("a:\n- b\n-\n- c: 1\n", json!({"a": ["b", null, {"c": 1}]})),
        (
            "a:\n  -\n    name: x\n  -   name: z\n      b: 1\n",
            json!({"a": [{"name": "x"}, {"name": "z", "b": 1}]}),
        ),
        ("a: [{b: 1}, {c: 2}]\n", json!({"a": [{"b": 1}, {"c": 2}]})),
        ("a:\n - b:\n    c: 1\n", json!({"a": [{"b": {"c": 1}}]})),
        ("  a:\n    b: 1\n  c:\n  - 2\n", json!({"a": {"b": 1}, "c": [2]})),
        ("- - a\n  - b\n-\n  - c\n", json!([["a", "b"], ["c"]])),
        ("a: [\nb,\nc\n]\n", json!({"a": ["b", "c"]})),
        ("command: [\n\"a\", \"b\"\n]\nx: 1\n", json!({"command": ["a", "b"], "x": 1})),
        ("a: [{name: A, value: \"x: y # z\"}]\n", json!({"a": [{"name": "A", "value": "x: y # z"}]})),
    ]);
}

#[test]
fn keys() {
    check(&[
        ("\"a\": 1\n'b': 2\n", json!({"a": 1, "b": 2})),
        ("\"kind\": 'Deployment'\n", json!({"kind": "Deployment"})),
        ("? kind\n: Deployment\n? b\n", json!({"kind": "Deployment", "b": null})),
        ("y: 1\n1: 2\n", json!({"true": 1, "1": 2})),
        ("a: 1\nb: 2\na: 3\n", json!({"a": 3, "b": 2})),
        ("a: {b:c: d, \"e\":f}\n", json!({"a": {"b:c": "d", "e": "f"}})),
        ("my key: 1\na.b/c: 2\n", json!({"my key": 1, "a.b/c": 2})),
        ("a : 1\n", json!({"a": 1})),
        ("\"a\" : 1\n", json!({"a": 1})),
        ("<<:\n  a: 1\n  b: 1\nb: 2\n", json!({"b": 2, "a": 1})),
    ]);
}

#[test]
fn values_before_an_insertion() {
    check(&[
        ("a: |\n  x\n  y\nb: 1\n", json!({"a": "x\ny\n", "b": 1})),
        ("a: >\n  x\n  y\n\nb: 1\n", json!({"a": "x y\n", "b": 1})),
        ("a: |+\n  x\n\nb: |-\n  y\n\nc: 1\n", json!({"a": "x\n\n", "b": "y", "c": 1})),
        ("a: |\nb: 1\n", json!({"a": "", "b": 1})),
        ("a: |2\n   x\n  y\n", json!({"a": " x\ny\n"})),
        ("a: |\n  ---\n  kind: ConfigMap\n", json!({"a": "---\nkind: ConfigMap\n"})),
        ("a: x\n  y\n\n  z\nb: 1\n", json!({"a": "x y\nz", "b": 1})),
        ("a: \"x\n  y\"\nb: 1\n", json!({"a": "x y", "b": 1})),
        ("a:\n  x\nb:\n  \"y\"\n", json!({"a": "x", "b": "y"})),
        ("a: ''\nb: \"\"\n", json!({"a": "", "b": ""})),
        ("a: &x\nb: 1\n", json!({"a": null, "b": 1})),
        ("a: x\n  - y\n  & z\n", json!({"a": "x - y & z"})),
    ]);
}

#[test]
fn the_rest() {
    check(&[
        ("a:\t1\n", json!({"a": 1})),
        ("a: 1\t\nb: 2\n", json!({"a": 1, "b": 2})),
        ("a: &x 1\nb: 2\n", json!({"a": 1, "b": 2})),
        ("- &c name: a\n  b: 1\n", json!([{"name": "a", "b": 1}])),
        ("ä: é\nb: \u{1f600}\n", json!({"ä": "é", "b": "\u{1f600}"})),
        ("image: b&c *d\n", json!({"image": "b&c *d"})),
        ("a: 'x\u{2028}y'\n", json!({"a": "x\u{2028}y"})),
        ("# x\u{feff}y\na: 'x\u{feff}y'\n", json!({"a": "x\u{feff}y"})),
        ("a: b#c\nd: e # f\n", json!({"a": "b#c", "d": "e"})),
        ("a: :8080\nb: ::1\nc: http://x:1/\n", json!({"a": ":8080", "b": "::1", "c": "http://x:1/"})),
    ]);
    let comments = format!("a:\n{}- b\n", "# c\n".repeat(150));
    check(&[(&comments, json!({"a": ["b"]}))]);
    let long: String = (0..40_000).map(|line| format!("key{line}: value {line}\n")).collect();
    assert_eq!(documents(&long)[0].as_object().unwrap().len(), 40_000);
}

#[test]
fn documents_without_objects() {
    for text in ["", "# a\n", "---", "---\n---\n---\n", "\n\n", "# a\n---\n# b\n"] {
        assert_eq!(documents(text), [Data::Null; 0], "{text:?}");
        let stream = stream::parse(text.to_owned(), ParseOptions::default()).unwrap();
        assert!(stream.documents.iter().all(|it| matches!(it.content, Content::Nothing)));
    }
    check(&[("- 1\n", json!([1])), ("x\n", json!("x")), ("spec: null\n", json!({"spec": null}))]);
}

/// Found by fuzzing: the comment lies outside the content that is parsed.
#[test]
fn a_byte_order_mark_in_a_comment_behind_the_end() {
    check(&[("a: 1\n...\n# b\u{feff}c\n", json!({"a": 1}))]);
    let refused = stream::parse("a: 1\n...\n# b\u{2028}c\n".to_owned(), ParseOptions::default());
    assert_eq!(refused.expect_err("a line break to some readers").line, 3);
}
