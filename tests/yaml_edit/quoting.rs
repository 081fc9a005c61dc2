//! Strings that are written come back the same, through our reader and through one that is not ours.

use hardtack::yaml::write::document;
use serde_json::json;
use yaml_rust2::{Yaml, YamlLoader};

use crate::dice::Dice;
use crate::model::{check, data, set};
use crate::strings::{GLUE, ODD, random};

fn through_another_reader(text: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    documents.remove(0)
}

#[track_caller]
fn comes_back(text: &str) {
    let nested = json!({"k": text, text: [text, {"l": text}]});
    let written = document(&nested, "\n");
    assert_eq!(data(&written), nested, "{text:?} was written as {written:?}");
    let read = through_another_reader(&written);
    if text != "k" {
        assert_eq!(read["k"].as_str(), Some(text), "{text:?} was written as {written:?}");
    }
    assert_eq!(read[text][0].as_str(), Some(text), "{text:?} was written as {written:?}");
    assert_eq!(read[text][1]["l"].as_str(), Some(text), "{text:?} was written as {written:?}");
}

#[track_caller]
fn comes_back_otherwise(text: &str) {
    let nested = json!({"k": text, text: [text]});
    let written = document(&nested, "\r\n");
    assert_eq!(data(&written), nested, "{text:?} was written as {written:?}");
    let flow = check("a: {b: 1}\n", &[set("a.b", json!(text))]);
    assert_eq!(through_another_reader(&flow)["a"]["b"].as_str(), Some(text), "{text:?} in {flow:?}");
}

#[test]
fn odd_strings_come_back() {
    for one in ODD {
        comes_back(one);
        comes_back_otherwise(one);
        for glue in GLUE {
            comes_back(&format!("{one}{glue}"));
            comes_back(&format!("{glue}{one}"));
        }
    }
}

#[test]
fn random_strings_come_back() {
    let mut dice = Dice::new(17);
    for number in 0..40_000 {
        let text = random(&mut dice);
        comes_back(&text);
        if number % 8 == 0 {
            comes_back_otherwise(&text);
        }
    }
}

#[test]
fn quotes_stand_only_where_a_reader_needs_them() {
    let written = document(
        &json!({
            "plain": ["nginx", "nginx:1.27", "/bin/sh", "$(A)", "a b", "5Mi", "1.2.3-alpine", "a,b", "(x)", "_a", "a'b", "ALL"],
            "quoted": ["", "yes", "Y", "1.20", "12:30", "2001-01-01", "-a", "a: b", "a #b", "a:", "a ", "0x1F", "é", "<<", "~", "."],
        }),
        "\n",
    );
    let (plain, quoted) = written.split_once("quoted:\n").expect("two lists");
    assert!(!plain.contains('"') && !plain.contains("'\n"), "{plain}");
    assert!(quoted.lines().all(|line| line.starts_with("  - \"")), "{quoted}");
}

#[test]
fn text_of_several_lines_is_a_literal_where_that_is_safe() {
    let lines = |text: &str| document(&json!({"k": text}), "\n");
    assert_eq!(lines("a\nb\n"), "k: |\n  a\n  b\n");
    assert_eq!(lines("a\n\n  b: #c"), "k: |-\n  a\n\n    b: #c\n");
    assert_eq!(lines("a\nb\n\n"), "k: \"a\\nb\\n\\n\"\n");
    assert_eq!(lines(" a\nb"), "k: \" a\\nb\"\n");
    assert_eq!(lines("a \nb"), "k: \"a \\nb\"\n");
    assert_eq!(lines("a\n\tb"), "k: \"a\\n\\tb\"\n");
}

#[test]
fn a_quoted_value_keeps_its_quotes_and_new_ones_follow_their_neighbours() {
    assert_eq!(check("a: 'x'\n", &[set("a", json!("it's"))]), "a: \"it's\"\n");
    assert_eq!(
        check("a: 'x'\n", &[set("b", json!("yes")), set("c", json!("z"))]),
        "a: 'x'\nb: 'yes'\nc: z\n"
    );
    assert_eq!(check("a: \"x\"\n", &[set("b", json!("yes"))]), "a: \"x\"\nb: \"yes\"\n");
    assert_eq!(check("- 'x'\n", &[crate::model::append("", json!("no"))]), "- 'x'\n- 'no'\n");
}
