//! The README is true: its commands run, its policy loads, its rendered chart is what Helm renders.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hardtack::load::{self, Source};
use libtest_mimic::{Arguments, Failed, Trial};
use support::tools;

fn main() {
    let tests = vec![
        Trial::test("every_shell_block_is_known", every_shell_block_is_known),
        Trial::test("harden_writes_the_manifest", harden_writes_the_manifest),
        Trial::test("diff_shows_edits", diff_shows_edits),
        Trial::test("check_refuses", check_refuses),
        Trial::test("the_policy_loads", the_policy_loads),
        tools::trial("the_rendered_chart_is_current", &["helm3"], the_rendered_chart_is_current),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let fence = format!("```{language}\n");
    let bodies = readme.split(fence.as_str()).skip(1);
    bodies.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Each command is run below, or is the one that runs this test.
fn every_shell_block_is_known() -> Result<(), Failed> {
    let known = [
        "cargo run --quiet -- harden testdata/shop/rendered.yaml\n",
        "cargo run --quiet -- diff testdata/shop/rendered.yaml\n",
        "cargo run --quiet -- check -e production testdata/shop/rendered.yaml\n",
        "cargo xtask test\n",
    ];
    if blocks("sh") == known { Ok(()) } else { Err(format!("{:?}", blocks("sh")).into()) }
}

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output =
        Command::new(tools::hardtack()).args(arguments).current_dir(root()).output().expect("hardtack runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn harden_writes_the_manifest() -> Result<(), Failed> {
    let (code, text) = run(&["harden", "testdata/shop/rendered.yaml"]);
    let before = fs::read_to_string(root().join("testdata/shop/rendered.yaml"))?;
    let comments = before.lines().filter(|line| line.trim_start().starts_with('#'));
    let kept = comments.map(|line| text.contains(line)).reduce(|all, kept| all && kept) == Some(true);
    let wanted = code == Some(0) && kept && text.contains("            allowPrivilegeEscalation: false");
    if wanted { Ok(()) } else { Err(format!("exit {code:?}:\n{text}").into()) }
}

fn diff_shows_edits() -> Result<(), Failed> {
    let (code, text) = run(&["diff", "testdata/shop/rendered.yaml"]);
    let wanted = code == Some(0) && text.contains("+            allowPrivilegeEscalation: false");
    if wanted { Ok(()) } else { Err(format!("exit {code:?}:\n{text}").into()) }
}

fn check_refuses() -> Result<(), Failed> {
    let (code, text) = run(&["check", "-e", "production", "testdata/shop/rendered.yaml"]);
    let wanted = code == Some(1) && text.contains("privileged-container");
    if wanted { Ok(()) } else { Err(format!("exit {code:?}:\n{text}").into()) }
}

fn the_policy_loads() -> Result<(), Failed> {
    let [policy] = &blocks("yaml")[..] else { return Err("one policy".into()) };
    let file = load::from_text(policy, "README.md").map_err(|error| error.to_string())?;
    let source = Source::new("README.md", root());
    let today = "2026-11-20".parse::<hardtack::policy::Date>()?;
    let policy = load::load(file, &source, None, today).map_err(|error| error.to_string())?;
    if policy.exemptions.len() == 1 && policy.probes.len() == 1 {
        Ok(())
    } else {
        Err("not as written".into())
    }
}

fn the_rendered_chart_is_current() -> Result<(), Failed> {
    let output =
        tools::command("helm3").args(["template", "shop", "charts/demo"]).current_dir(root()).output()?;
    let path = root().join("testdata/shop/rendered.yaml");
    if std::env::var_os("HARDTACK_BLESS").is_some() {
        fs::write(&path, &output.stdout)?;
    }
    let current = fs::read(&path)? == output.stdout;
    if current { Ok(()) } else { Err("HARDTACK_BLESS=1 cargo test --test readme".into()) }
}
