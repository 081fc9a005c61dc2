//! What holds for every text, tried with texts nobody wrote: about a minute of what `fuzz/` does for hours.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../fuzz/fuzz_targets/policy.rs"]
mod policy;

use hardtack::k8s::Scope;
use hardtack::rules::RULES;
use hardtack::wire::{Input, parse};
use hardtack::yaml::stream::{self, ParseOptions};
use hardtack::{Error, harden};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;

/// What YAML is made of, and what is odd in it.
const TOKENS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "  ",
    "    ",
    " ",
    "- ",
    "- ",
    ": ",
    ":\n",
    "a",
    "name",
    "y",
    "0o17",
    "1e3",
    "~",
    "null",
    "'",
    "\"",
    "it''s",
    "\\n",
    "|\n",
    ">-\n",
    "|2+\n",
    "#",
    " # c\n",
    "---\n",
    "--- ",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "&a ",
    "*a",
    "!!str ",
    "!!merge ",
    "<<: ",
    "? ",
    "%",
    "@",
    "`",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "{a: 1}",
    "[]",
    "a: 1\n",
    "b: [x, y]\n",
    "- c: d\n",
];

/// Lines that mean something to rules.
const LINES: &[&str] = &[
    "spec:",
    "template:",
    "containers:",
    "initContainers:",
    "- name: x",
    "securityContext:",
    "runAsUser: 0",
    "runAsNonRoot: true",
    "privileged: true",
    "capabilities: {drop: [ALL]}",
    "capabilities:",
    "drop:",
    "- ALL",
    "resources: {}",
    "volumes: []",
    "volumeMounts:",
    "hostNetwork: true",
    "kind: Deployment",
    "kind: CronJob",
    "kind: List",
    "items:",
    "apiVersion: v1",
    "metadata: {annotations: {hardtack.dev/allow: '*'}}",
    "---",
    "# c",
    "securityContext: &a {runAsUser: 1}",
    "securityContext: *a",
    "<<: *a",
    "null",
    "seccompProfile: {}",
];

/// A change to one line of a manifest.
#[derive(Debug, Clone)]
enum Change {
    Drop,
    Repeat,
    Indent(usize),
    Outdent(usize),
    Insert(&'static str),
    Append(&'static str),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Repeat),
        (1..4_usize).prop_map(Change::Indent),
        (1..4_usize).prop_map(Change::Outdent),
        select(LINES).prop_map(Change::Insert),
        select(TOKENS).prop_map(Change::Append),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn change_line(lines: &mut Vec<String>, at: usize, change: &Change) {
    let line = lines[at].clone();
    let margin = line.len() - line.trim_start().len();
    match change {
        Change::Drop => drop(lines.remove(at)),
        Change::Repeat => lines.insert(at, line),
        Change::Indent(by) => lines[at] = format!("{}{line}", " ".repeat(*by)),
        Change::Outdent(by) => lines[at] = line[margin.min(*by)..].to_owned(),
        Change::Insert(new) => lines.insert(at, format!("{}{new}", " ".repeat(margin))),
        Change::Append(token) => lines[at] = format!("{line}{token}"),
        Change::Cut(index) => {
            let length = index.index(line.chars().count() + 1);
            lines[at] = line.chars().take(length).collect();
        }
    }
}

/// The example of a rule with some lines changed.
fn manifest() -> impl Strategy<Value = String> {
    let rules = select(RULES.iter().map(|rule| rule.example).collect::<Vec<_>>());
    (rules, prop::collection::vec((any::<Index>(), change()), 0..6)).prop_map(|(example, changes)| {
        let mut lines: Vec<String> = example.lines().map(str::to_owned).collect();
        for (at, change) in changes {
            if !lines.is_empty() {
                let at = at.index(lines.len());
                change_line(&mut lines, at, &change);
            }
        }
        lines.join("\n") + "\n"
    })
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(select(TOKENS), 0..40).prop_map(|tokens| tokens.concat())
}

fn input(text: &str) -> Input {
    Input { name: "a property".to_owned(), text: text.to_owned() }
}

fn hardened(text: &str) -> Result<String, Error> {
    let stream = parse(input(text))?;
    harden(&stream, policy::policy(), Scope::default()).map(|hardened| hardened.to_text())
}

fn pieces(text: &str) -> Option<String> {
    let stream = stream::parse(text.to_owned(), ParseOptions::default()).ok()?;
    let piece = |it: &stream::Document| [&stream.text[it.separator.clone()], stream.body(it)].concat();
    Some(stream.documents.iter().map(piece).collect())
}

fn is_the_same_twice(text: &str) -> Result<(), TestCaseError> {
    let once = match hardened(text) {
        Ok(once) => once,
        Err(error @ Error::Edit { .. }) => return Err(TestCaseError::fail(error.to_string())),
        Err(_) => return Ok(()),
    };
    match hardened(&once) {
        Ok(twice) => prop_assert_eq!(once, twice),
        Err(error) => return Err(TestCaseError::fail(format!("the result is refused: {error}\n{once}"))),
    }
    Ok(())
}

/// The properties below would hold for refused texts too, and say nothing.
#[test]
fn many_changed_manifests_are_read_and_hardened() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts = (0..200).map(|_| manifest().new_tree(&mut runner).unwrap().current());
    let results: Vec<(String, Result<String, Error>)> =
        texts.map(|text| (text.clone(), hardened(&text))).collect();
    let read = results.iter().filter(|(_, result)| result.is_ok()).count();
    let changed =
        results.iter().filter(|(text, result)| result.as_ref().is_ok_and(|out| out != text)).count();
    assert!(read > 50 && changed > 40, "{read} of 200 read, {changed} changed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_parsed_comes_out_with_the_same_bytes(text in prop_oneof![soup(), manifest()]) {
        if let Some(out) = pieces(&text) {
            prop_assert_eq!(out, text);
        }
    }

    #[test]
    fn hardening_twice_is_hardening_once(text in manifest()) {
        is_the_same_twice(&text)?;
    }

    #[test]
    fn no_string_at_all_makes_it_panic(text in prop_oneof![any::<String>(), soup()]) {
        is_the_same_twice(&text)?;
    }
}
