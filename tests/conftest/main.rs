//! Rego rules against the real conftest: each policy of `cases` on each of `inputs`, message by message; each of `refused`.
//!
//! The first line of a policy may be a comment that says how it is run: `v0`, `combine`, `data`, `namespaces: a,b`. In
//! `refused` it says who refuses, `both` or `ours`, and a word that hardtack's refusal holds.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Error, Policy, harden};
use libtest_mimic::{Failed, Trial};
use serde_json::Value as Json;

use support::tools;

/// Failures and warnings.
type Verdict = (BTreeSet<String>, BTreeSet<String>);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conftest")
}

fn names(below: &str) -> Vec<String> {
    let entries = fs::read_dir(folder().join(below)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// The words of the first line of a policy, or of the first file of a folder.
fn first_line(path: &Path) -> String {
    let file = if path.is_dir() {
        let mut files: Vec<PathBuf> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.into_iter().find(|file| fs::read_to_string(file).unwrap().starts_with("# ")).unwrap_or_default()
    } else {
        path.to_owned()
    };
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned()
}

fn namespaces(line: &str) -> Vec<&str> {
    line.strip_prefix("namespaces: ").map_or(vec!["main"], |list| list.split(',').collect())
}

fn policy(path: &str, line: &str) -> Result<Policy, Error> {
    let word = |word: &str| line == word;
    let text = format!(
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  rego:\n    - paths: ['{path}']\n      combine: {}\n      \
         regoVersion: {}\n      data: [{}]\n      namespaces: {:?}\n",
        word("combine"),
        if word("v0") { "v0" } else { "v1" },
        if word("data") { "data" } else { "" },
        namespaces(line),
    );
    let file = read::from_text(&text, "hardtack.yaml")?;
    resolve::load(file, &Source::new("hardtack.yaml", folder()), None, "2026-11-20".parse().unwrap())
}

fn ours(policy: &Policy, input: &str) -> Result<Verdict, Error> {
    let text = fs::read_to_string(folder().join("inputs").join(input)).unwrap();
    let stream = parse(text, ParseOptions::default()).unwrap();
    let hardened = harden(&stream, policy, Scope::default())?;
    let mut verdict = Verdict::default();
    for finding in hardened.plan.findings.iter().filter(|finding| policy.own(&finding.rule).is_some()) {
        let warns = finding.rule.contains("-warn");
        let list = if warns { &mut verdict.1 } else { &mut verdict.0 };
        list.insert(finding.message.clone());
    }
    Ok(verdict)
}

fn conftest(path: &str, line: &str, inputs: &[String]) -> Result<Vec<(String, Verdict)>, String> {
    let mut command = tools::command("conftest");
    command.current_dir(folder()).args(["test", "--output", "json", "--policy", path]);
    match line {
        "v0" => drop(command.args(["--rego-version", "v0"])),
        "combine" => drop(command.arg("--combine")),
        "data" => drop(command.args(["--data", "data"])),
        "namespaces: *" => drop(command.arg("--all-namespaces")),
        _ => {
            for namespace in namespaces(line) {
                command.args(["--namespace", namespace]);
            }
        }
    }
    let output = command.args(inputs.iter().map(|input| format!("inputs/{input}"))).output().unwrap();
    let results: Vec<Json> = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let texts = |result: &Json, list: &str| -> BTreeSet<String> {
        let list = result[list].as_array().cloned().unwrap_or_default();
        list.iter().map(|item| item["msg"].as_str().unwrap().to_owned()).collect()
    };
    let verdict = |input: &String| {
        let file = format!("inputs/{input}");
        let mine = results.iter().filter(|it| it["filename"] == file || it["filename"] == "Combined");
        let mut verdict = Verdict::default();
        for result in mine {
            verdict.0.extend(texts(result, "failures"));
            verdict.1.extend(texts(result, "warnings"));
        }
        (input.clone(), verdict)
    };
    Ok(inputs.iter().map(verdict).collect())
}

fn compare(case: &str) -> Result<(), Failed> {
    let path = format!("cases/{case}");
    let line = first_line(&folder().join(&path));
    let policy = policy(&path, &line).map_err(|error| format!("{error}: {}", error.help()))?;
    let inputs = names("inputs");
    // Combined, conftest joins all files it is given, and a release is one.
    let sets: Vec<Vec<String>> =
        if line == "combine" { inputs.into_iter().map(|it| vec![it]).collect() } else { vec![inputs] };
    let mut different = Vec::new();
    for set in sets {
        for (input, theirs) in conftest(&path, &line, &set)? {
            let ours = ours(&policy, &input).map_err(|error| format!("{input}: {error}"))?;
            if ours != theirs {
                different.push(format!("{input}\nhardtack: {ours:#?}\nconftest: {theirs:#?}"));
            }
        }
    }
    if different.is_empty() { Ok(()) } else { Err(different.join("\n").into()) }
}

fn refused(case: &str) -> Result<(), Failed> {
    let path = format!("refused/{case}");
    let line = first_line(&folder().join(&path));
    let (who, word) = line.split_once(": ").unwrap();
    let inputs = names("inputs");
    let ours = policy(&path, "")
        .and_then(|policy| inputs.iter().try_for_each(|input| ours(&policy, input).map(drop)));
    let Err(error) = ours else { return Err("hardtack accepts it".into()) };
    if !error.to_string().contains(word) || !error.to_string().contains(case) {
        return Err(format!("hardtack's refusal names neither file nor reason: {error}").into());
    }
    if who == "both" && conftest(&path, "", &inputs).is_ok() {
        return Err("conftest accepts it".into());
    }
    Ok(())
}

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let cases = names("cases")
        .into_iter()
        .map(|case| tools::trial(format!("verdicts of {case}"), &["conftest"], move || compare(&case)));
    let bad = names("refused")
        .into_iter()
        .map(|case| tools::trial(format!("refusal of {case}"), &["conftest"], move || refused(&case)));
    let all: Vec<Trial> = cases.chain(bad).collect();
    libtest_mimic::run(&args, all).exit();
}
