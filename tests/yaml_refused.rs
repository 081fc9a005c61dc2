//! Streams that are refused, each with the place and the reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::{Duration, Instant};

use hardtack::yaml::YamlError;
use hardtack::yaml::stream::{self, ParseOptions};

/// Input, document, line, column and a part of the message.
type Case<'a> = (&'a str, usize, usize, usize, &'a str);

fn refusal(text: &str) -> YamlError {
    match stream::parse(text.to_owned(), ParseOptions::default()) {
        Err(error) => error,
        Ok(stream) => {
            let data: Vec<_> =
                stream.documents.iter().map(|it| stream.root(it).map(|root| root.to_data())).collect();
            panic!("{text:?} was read as {data:?}")
        }
    }
}

fn check(cases: &[Case<'_>]) {
    for (text, document, line, column, message) in cases {
        let error = refusal(text);
        assert!(error.message.contains(message), "{text:?}: {error:?}");
        assert_eq!(
            (error.document, error.line, error.column),
            (*document, *line, *column),
            "{text:?}: {error:?}"
        );
        assert!(
            !error.help.is_empty() && !error.help.ends_with('.') && !error.message.ends_with('.'),
            "{error:?}"
        );
        let fallback = stream::parse_with_fallback_only((*text).to_owned(), ParseOptions::default());
        assert_eq!(fallback.unwrap_err(), error, "{text:?}");
    }
}

#[test]
fn line_breaks_that_only_some_readers_see() {
    check(&[
        ("kind: ConfigMap\n\rkind: Pod\n", 1, 2, 1, "a carriage return"),
        ("a: 1 # \u{2028}kind: Pod", 1, 1, 8, "U+2028"),
        ("a: 1 # \u{2029}kind: Pod", 1, 1, 8, "U+2029"),
        ("# \u{2028}kind: Pod", 1, 1, 3, "U+2028"),
        ("a: x\u{2028}y", 1, 1, 5, "U+2028"),
        ("a\u{2028}b: x", 1, 1, 2, "U+2028"),
        ("a: |\n  x\u{2028}y", 1, 2, 4, "U+2028"),
        ("a: |\n  x\u{85}y", 1, 2, 4, "U+0085"),
        ("a: 1 # \u{85}kind: Pod", 1, 1, 8, "U+0085"),
        ("a: 'x\u{85}y'", 1, 1, 6, "U+0085"),
        ("a: 'x \u{2028}y'", 1, 1, 7, "U+2028"),
        ("a: \"x\u{2028}\n  y\"", 1, 1, 6, "U+2028"),
        ("a: x\u{feff}y", 1, 1, 5, "byte order mark"),
        ("a: 1\n\u{feff}b: 2", 1, 2, 1, "byte order mark"),
        ("a: 1\n\u{feff}---\nb: 2", 1, 2, 1, "byte order mark"),
        ("a: 1\n---\nx\u{feff}: 2", 2, 3, 2, "byte order mark"),
        ("a: 1\n\u{feff}# c\n", 1, 2, 1, "byte order mark"),
    ]);
}

#[test]
fn streams_that_readers_cut_differently() {
    check(&[
        ("a: 1\n...\nb: 2\n", 1, 3, 1, "after the ..."),
        ("a: 1\n---\nb: 1\n...\nb: 2\n", 2, 5, 1, "after the ..."),
        ("a: 1\n---\n...\n", 2, 3, 1, "no document began"),
        ("---# c\nkind: Pod", 1, 1, 1, "starts with ---"),
        ("---kind: Pod", 1, 1, 1, "starts with ---"),
        ("a: 'x\n-----BEGIN CERTIFICATE-----\n'", 1, 2, 1, "starts with ---"),
        ("a: 1\n---\nb: 2\n---c", 2, 4, 1, "starts with ---"),
        ("%YAML 1.1\n---\na: 1\n", 1, 1, 1, "directive"),
        ("%TAG ! x\n---\na: 1\n", 1, 1, 1, "directive"),
        ("a: 1\n---\n%YAML 1.2\n---\nb: 1\n", 2, 3, 1, "directive"),
        ("{\"a\": 1}{\"b\": 2}", 1, 1, 9, "after the end"),
        ("{\"a\": 1}\n{\"b\": 2}", 1, 2, 1, "after the end"),
        ("  a: 1\nb: 2\n", 1, 2, 1, "after the end"),
        ("- a\nb: 2\n", 1, 2, 1, "invalid YAML"),
        ("--- a: 1\n", 1, 1, 5, "separator"),
        ("--- - 1\n", 1, 1, 5, "separator"),
    ]);
}

#[test]
fn bytes_that_yaml_does_not_hold() {
    check(&[
        ("a: \0", 1, 1, 4, "U+0000"),
        ("a: \u{1b}[0m", 1, 1, 4, "U+001B"),
        ("a: \u{7f}", 1, 1, 4, "U+007F"),
        ("a: 1\n---\n'\u{9f}'", 2, 3, 2, "U+009F"),
        ("a: \u{ffff}", 1, 1, 4, "U+FFFF"),
    ]);
}

#[test]
fn broken_syntax() {
    for (text, line) in [
        ("a:\n\tb: 1\n", 2),
        ("a: \"x\\q\"\n", 1),
        ("a: \"x\\/y\"\n", 1),
        ("a: \"\\ud83d\\ude00\"\n", 1),
        ("a: \"x\n", 2),
        ("a: 'x\n", 2),
        ("a: [1, 2\nb: 3\n", 2),
        ("a: {b: 1\n", 1),
        ("a: b: c\n", 1),
        ("\"x\ny\": 1\n", 2),
        ("a: \"x\ny\"\n", 2),
        ("{}key: v\n", 1),
        ("a: [a]#c\n", 1),
        ("a: 1\n  b: 2\n", 2),
        ("a:\n  - b\n - c\n", 3),
        ("a: |\n  x\n y\n", 3),
        ("a: | x\n", 1),
        ("a: |\n    \n  x\n", 3),
        ("a: |\n  x\n\ty\n", 3),
        ("a: @b\n", 1),
        ("a: {b\n  : c}\n", 2),
        ("a: {\"b\n  c\": d}\n", 2),
        ("a: !a#b c\n", 1),
        ("a: {b: !c}\n", 1),
        ("a: {?x: y}\n", 1),
        ("a: [b, c?d]\n", 1),
        ("a: [:8080]\n", 1),
        ("a: `b`\n", 1),
        ("a: %b\n", 1),
        ("a: 'b'c\n", 1),
        ("a: b\n  # c\n  d\n", 3),
    ] {
        let error = refusal(text);
        assert_eq!(error.line, line, "{text:?}: {error:?}");
        assert!(!error.help.is_empty(), "{error:?}");
    }
    let long = format!("{}: 1\n", "k".repeat(1025));
    assert_eq!(refusal(&long).line, 1);
    assert!(refusal("|\nx\n").message.contains("first column"));
}

#[test]
fn data_that_kubernetes_cannot_take() {
    check(&[
        ("a: .inf\n", 1, 1, 4, "infinity"),
        ("a: [-.Inf]\n", 1, 1, 5, "infinity"),
        ("a: .NaN\n", 1, 1, 4, "infinity"),
        ("~: 1\n", 1, 1, 1, "key is null"),
        ("null: 1\n", 1, 1, 1, "key is null"),
        ("a: {: 1}\n", 1, 1, 5, "key is null"),
        ("? [a]\n: 1\n", 1, 1, 3, "key is a list"),
        ("? {a: 1}\n: 1\n", 1, 1, 3, "key is a map"),
        ("18446744073709551615: 1\n", 1, 1, 1, "key is an integer above"),
        ("1: a\n\"1\": b\n", 1, 2, 1, "two keys"),
        ("true: a\n\"true\": b\n", 1, 2, 1, "two keys"),
        ("a: *b\n", 1, 1, 4, "no anchor before"),
        ("a: &a {b: *a}\n", 1, 1, 11, "alias of itself"),
        ("<<: 1\n", 1, 1, 5, "merge key"),
        ("<<: [{a: 1}, b]\n", 1, 1, 5, "merge key"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n  <<: *a\n", 1, 4, 3, "two merge keys"),
        ("a: &a {b: 1}\nc:\n  b: 2\n  <<: *a\n", 1, 3, 3, "stands above"),
        ("a: !!int x\n", 1, 1, 10, "tag"),
        ("a: !!binary /w==\n", 1, 1, 13, "tag"),
        ("a: &a:b 1\n", 1, 1, 4, "name of an anchor"),
    ]);
}

#[test]
fn aliases_that_explode() {
    let bomb = |open: &str, close: &str| {
        let mut text = String::from("a0: &a0 {x: 1}\n");
        for level in 1..=9 {
            let list = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} {open}{list}{close}\n"));
        }
        text
    };
    for text in [bomb("[", "]"), bomb("{<<: [", "]}")] {
        assert!(refusal(&text).message.contains("many times larger"), "{text}");
    }
    let mut chain = String::from("a0: &a0 [1]\n");
    for level in 1..400 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert!(!refusal(&chain).message.is_empty());
}

#[test]
fn nesting_beyond_255() {
    let block =
        |depth: usize| (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    let flow = |depth: usize| format!("{}{}\n", "[".repeat(depth), "]".repeat(depth));
    let dashes = |depth: usize| format!("{}x\n", "- ".repeat(depth));
    for nest in [&block as &dyn Fn(usize) -> String, &flow, &dashes] {
        for read in [stream::parse, stream::parse_with_fallback_only] {
            let fine = read(nest(255), ParseOptions::default());
            assert!(fine.is_ok(), "{fine:?}");
            assert!(read(nest(256), ParseOptions::default()).unwrap_err().message.contains("255 deep"));
        }
    }
}

#[test]
fn floods_are_answered_in_linear_time() {
    let many = 100_000;
    for (name, unit, count) in [
        ("brackets", "[", many),
        ("braces", "{a: ", many),
        ("dashes", "- ", many),
        ("question marks", "? ", many),
        ("duplicate keys", "a: 1\n", 2 * many),
        ("escaped quotes", "\\\"", 5 * many),
        ("comments", "# c\n", 5 * many),
        ("colons", ":", many),
        ("anchors", "&a ", many),
        ("tags", "!a ", many),
        ("separators", "---\n", many),
        ("quotes", "'", many),
        ("list items", "- a\n", 2 * many),
        ("empty entries", "? \n", many),
        ("flow items", "a, ", many),
        ("flow entries", "a: b, ", many),
        ("tabs", "\t", many),
        ("blanks and tabs", " \t", many),
        ("byte order marks", "\u{feff}", many),
    ] {
        for prefix in ["", "a: ", "a: \"", "a:\n", "!x {", "a: &x [b,\t", "a: &x 'b'\t", "# "] {
            let time = |count: usize| {
                let text = format!("{prefix}{}", unit.repeat(count));
                let start = Instant::now();
                drop(stream::parse(text, ParseOptions::default()));
                start.elapsed()
            };
            // Eight times the input; quadratic would be 64 times. A busy machine gets more than one chance.
            let linear = || {
                let (small, large) = (time(count / 8), time(count));
                large < small * 40 + Duration::from_millis(40)
            };
            assert!((0..5).any(|_| linear()), "{name} after {prefix:?}");
        }
    }
    let continued = format!("a: b\n{}", "  c\n".repeat(5 * many));
    assert!(stream::parse(continued, ParseOptions::default()).is_ok());
    let distinct: String = (0..2 * many).map(|key| format!("key{key}: 1\n")).collect();
    let start = Instant::now();
    let stream = stream::parse(distinct, ParseOptions::default()).unwrap();
    assert_eq!(stream.root(&stream.documents[0]).unwrap().entries().len(), 2 * many);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn brackets_close_what_they_open() {
    for text in ["a: [b}\n", "a: {b: c]\n", "a: [{b: c]}\n"] {
        let (error, fallback) =
            (refusal(text), stream::parse_with_fallback_only(text.to_owned(), ParseOptions::default()));
        assert_eq!(fallback.unwrap_err(), error, "{text:?}");
    }
}

#[test]
fn a_tab_before_a_further_line_of_plain_text() {
    for text in ["a: b\n \tc\n", "a: b\n  c\n \td\n"] {
        assert!(refusal(text).message.contains("a tab"), "{text:?}");
    }
}

#[test]
fn what_aliases_stand_for_counts_as_depth() {
    let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(100), "]".repeat(100));
    let text = |deepest: &str| {
        let (one, two, three) = (nested("x"), nested("*a"), nested(deepest));
        format!("a: &a {one}\nb: &b {two}\nc: {three}\n")
    };
    assert!(refusal(&text("*b")).message.contains("deep"));
    assert!(stream::parse(text("*a"), ParseOptions::default()).is_ok());
}
