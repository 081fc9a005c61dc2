//! Rego rules: what ends them, what they cannot reach, what they may not show, and the lists of builtins.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;

use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::own::rego::builtins;
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Error, harden};

const SECRET: &str =
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hunter22, b: canary}\n";

/// What the rules of one module say.
fn said(module: &str, stream: &str) -> Result<Vec<String>, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.rego"), format!("package main\n\nimport rego.v1\n\n{module}\n"))
        .expect("written");
    let text = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  rego:\n    - paths: [a.rego]\n";
    let file = read::from_text(text, "hardtack.yaml").expect("a policy");
    let source = Source::new("hardtack.yaml", folder.path());
    let policy = resolve::load(file, &source, None, "2026-11-20".parse().expect("a date"))?;
    let stream = parse(stream.to_owned(), ParseOptions::default()).expect("a stream");
    let hardened = harden(&stream, &policy, Scope::default())?;
    let own = hardened.plan.findings.iter().filter(|finding| finding.rule.starts_with("rego-"));
    Ok(own.map(|finding| finding.message.clone()).collect())
}

#[test]
fn policies_that_run_away_are_ended_and_named() {
    let many = "n := numbers.range(1, 3000)\n";
    for (module, words) in [
        (
            format!(
                "{many}deny contains \"a\" if {{ some a in n; some b in n; some c in n; a + b + c < 0 }}"
            ),
            "deny takes more than 20000000 steps",
        ),
        (
            "deny_big contains \"a\" if { count(numbers.range(1, 2000000000)) < 0 }".to_owned(),
            "numbers.range gives more than 1000000 numbers",
        ),
        (
            "s := concat(\"\", [\"xxxxxxxxxx\" | some _ in numbers.range(1, 5000)])\n\ndeny_huge contains \"a\" if \
             count(replace(s, \"x\", s)) < 0"
                .to_owned(),
            "deny_huge takes more than 1024 MiB of memory",
        ),
        ("a if b\n\nb if a\n\ndeny contains \"a\" if a".to_owned(), "recursion detected"),
    ] {
        let error = said(&module, SECRET).expect_err(&module).to_string();
        assert!(error.contains(words) && error.contains("a.rego"), "{error}");
    }
}

#[test]
fn values_of_secrets_do_not_show() {
    let found = said("deny contains msg if { msg := sprintf(\"%v\", [input]) }", SECRET).expect("a verdict");
    let [only] = &found[..] else { panic!("{found:?}") };
    assert!(only.contains("***") && !only.contains("hunter22") && !only.contains("canary"), "{only}");
}

#[test]
fn now_is_the_day_that_was_given() {
    let module = "deny contains msg if { msg := sprintf(\"%v\", [time.date(time.now_ns())]) }";
    assert_eq!(said(module, SECRET).expect("a verdict"), ["[2026, 11, 20]"]);
}

#[test]
fn a_walk_keeps_its_lines() {
    let module = "deny contains msg if {\n\t[path, \"canary\"] := walk(\n\t\tinput\n\t)\n\tmsg := concat(\".\", path)\n}\ndeny contains startwith(\"a\", \"a\") if true";
    let error = said(module, SECRET).expect_err("an unknown function").to_string();
    assert!(error.contains("a.rego:11:"), "{error}");
    let found = said(module.rsplit_once('\n').expect("lines").0, SECRET).expect("a verdict");
    assert_eq!(found, ["stringData.b"]);
}

#[test]
fn every_known_builtin_is_there_and_no_refused_one() {
    for name in builtins::known().filter(|name| *name != "print") {
        // None takes nine arguments: the complaint is about their number, or about this form of walk.
        let error = said(&format!("deny contains \"a\" if {name}(1, 2, 3, 4, 5, 6, 7, 8, 9)"), SECRET);
        let words = error.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(
            !words.contains("could not find function") && !words.contains("unknown function"),
            "{name}: {words}"
        );
    }
    for name in builtins::refused() {
        let error = said(&format!("deny contains \"a\" if {name}(1)"), SECRET).expect_err(name).to_string();
        assert!(error.contains(&format!("the builtin {name} is not available")), "{error}");
    }
}

#[test]
fn the_page_lists_what_is_refused() {
    let page = include_str!("../docs/rego.md");
    let (_, list) = page.split_once("## Builtins that are refused").expect("the list");
    let mut listed: Vec<&str> =
        list.split('`').skip(1).step_by(2).filter(|name| *name != "\"Local\"").collect();
    listed.sort_unstable();
    assert_eq!(listed, builtins::refused().collect::<Vec<_>>());
}
