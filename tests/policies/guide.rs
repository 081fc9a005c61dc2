//! docs/fields.md: its examples load, and it names every key of a rule.

use std::fs;
use std::process::{Command, Stdio};

use crate::expected::folder;

/// What hardtack says to a policy with this spec, and whether it takes it.
fn load(spec: &str) -> (bool, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    let policy =
        format!("apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {{name: guide}}\nspec:\n{spec}");
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("a policy");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hardtack"));
    let run = command.arg("check").current_dir(folder.path()).env_clear().stdin(Stdio::null()).output();
    let run = run.expect("hardtack runs");
    (run.status.code() == Some(0), String::from_utf8_lossy(&run.stderr).into_owned())
}

fn guide() -> String {
    fs::read_to_string(folder("docs").join("fields.md")).expect("docs/fields.md")
}

#[test]
fn every_example_of_the_guide_loads() {
    let guide = guide();
    let examples: Vec<&str> =
        guide.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(examples.len() >= 5);
    for example in examples {
        let (taken, words) = load(example);
        assert!(taken, "{example}\n{words}");
    }
}

#[test]
fn the_guide_names_every_key_of_a_rule_and_every_variable() {
    let guide = guide();
    let known = |spec: &str| {
        let (_, words) = load(spec);
        let list = words.split("known here: ").nth(1).unwrap_or_else(|| panic!("no list in {words}"));
        list.trim().split(", ").map(str::to_owned).collect::<Vec<_>>()
    };
    let keys = known("fields:\n  - {no-such-key: 1}");
    let words = known("fields:\n  - {id: a, match: {no-such-word: 1}}");
    let variables = known("fields:\n  - {id: a, key: A, required: true, message: '{{nothing}}'}");
    assert!(keys.len() >= 18 && words.len() >= 10 && variables.len() >= 20);
    let missing: Vec<String> = keys
        .into_iter()
        .chain(words)
        .chain(variables)
        .filter(|word| !guide.contains(&format!("`{word}`")) && !guide.contains(&format!("`{word}.")))
        .collect();
    assert!(missing.is_empty(), "docs/fields.md does not name {missing:?}");
}
