use super::*;
use crate::k8s::Scope;
use crate::secrets::Plain;
use crate::yaml::stream::{ParseOptions, parse};

/// Answers every question with one value, and counts.
struct One(&'static str, usize);

impl Stores for One {
    fn answer(&mut self, _: &Question) -> Result<Answer, Failure> {
        self.1 += 1;
        Ok(Answer { held: Held::Text(Plain::from(self.0.to_owned())), source: "one".to_owned() })
    }
}

fn run(text: &str, value: &'static str) -> (Result<Option<Resolved>, Unresolved>, usize) {
    let stream = parse(text.to_owned(), ParseOptions::default()).unwrap();
    let release = Release::gather(&stream, Scope::default());
    let mut one = One(value, 0);
    (resolve(&stream, &release, &mut one), one.1)
}

fn secret(value: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  v: {value}\n")
}

#[test]
fn nothing_to_resolve_is_nothing_done() {
    let (resolved, asked) = run(&secret("plain"), "x");
    assert!(resolved.unwrap().is_none() && asked == 0);
}

#[test]
fn quotes_around_a_reference() {
    let fits = |text: &str, value| {
        let text = serde_json::to_string(text).unwrap();
        run(&secret(&text), value).0.is_ok()
    };
    for (text, value, expected) in [
        ("a \"hardtack://a/b\"", "x\"", false),
        ("a \"hardtack://a/b\"", "x\\", false),
        ("a \"hardtack://a/b\"", "x'", true),
        ("a 'hardtack://a/b'", "x'", false),
        ("\"a\" hardtack://a/b", "x\"", true),
        ("\"it's\" hardtack://a/b", "x'", true),
        ("\"a\\\"hardtack://a/b\"", "x\"", false),
        ("\"a\nhardtack://a/b", "x\"", true),
        ("a hardtack://a/b", "x\ry", false),
        ("hardtack://a/b", "x\ry\"'", true),
        (" hardtack://a/b\n", "x\ny", true),
    ] {
        assert_eq!(fits(text, value), expected, "{text:?} {value:?}");
    }
}

#[test]
fn an_empty_value_and_a_wrong_place_are_told_with_the_place() {
    let (resolved, _) = run(&secret("hardtack://a/b"), "");
    let Err(Unresolved::References(troubles)) = resolved else { panic!() };
    assert_eq!(
        troubles[0].to_string(),
        "hardtack://a/b in Secret/s, line 5, stringData.v: one has an empty value"
    );
    let (resolved, asked) = run(&secret("hardtack://a/b").replace("Secret", "ConfigMap"), "x");
    assert!(resolved.is_err() && asked == 0);
}

#[test]
fn a_reference_is_seen_in_escapes_and_in_base64() {
    let decoded = "v: aGFyZHRhY2s6Ly9hL2I=";
    for text in [
        secret("\"hardtack:\\x2f/a/b\""),
        secret("x").replace("stringData:\n  v: x", &format!("data:\n  {decoded}")),
        secret("x").replace("stringData:\n  v: x", "data:\n  v: |\n    aGFyZHRhY2s6\n    Ly9hL2I="),
    ] {
        let (resolved, asked) = run(&text, "x");
        assert!(resolved.unwrap().is_some() && asked == 1, "{text}");
    }
    let other = secret("x").replace("stringData:\n  v: x", "data:\n  v: cGxhaW4=");
    assert_eq!(run(&other, "x").1, 0);
}
