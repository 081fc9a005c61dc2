//! Generated docs are current: `HARDTACK_BLESS=1 cargo test --test docs` writes them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use hardtack::cli::args::Cli;
use hardtack::report::rules::{Format, list};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn current(name: &str, wanted: &str) {
    let path = folder().join(name);
    if std::env::var_os("HARDTACK_BLESS").is_some() {
        fs::write(&path, wanted).expect("docs/ can be written");
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == wanted, "{name} is not current: HARDTACK_BLESS=1 cargo test --test docs");
}

#[test]
fn rules_are_those_of_the_table() {
    current("docs/rules.md", &list(Format::Markdown));
}

#[test]
fn command_line_is_that_of_the_parser() {
    let mut out = String::from(
        "# Command line\n\nGenerated from the table that `--help`, the man page and completions come from.\n",
    );
    let mut cli = Cli::command().term_width(100);
    cli.build();
    section(&mut cli, "hardtack", &mut out);
    current("docs/cli.md", &out);
}

fn section(command: &mut clap::Command, name: &str, out: &mut String) {
    let help = command.clone().term_width(100).render_long_help().to_string();
    let help = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let _ = write!(out, "\n## {name}\n\n```text\n{}\n```\n", help.trim_end());
    for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
        let name = format!("{name} {}", sub.get_name());
        section(sub, &name, out);
    }
}

/// Paths that the docs name in backquotes or links exist.
#[test]
fn every_path_named_exists() {
    let mut missing = Vec::new();
    let pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/design.md", "tests/README.md"];
    for page in pages {
        let text = fs::read_to_string(folder().join(page)).unwrap_or_else(|_| panic!("{page} is missing"));
        for word in text.split(['`', '(', ')', ' ', '\n']).filter(|word| looks_like_path(word)) {
            let word = word.trim_end_matches(['.', ',', ':']);
            let beside = folder().join(page).parent().expect("a folder").join(word);
            if !folder().join(word).exists() && !beside.exists() {
                missing.push(format!("{page}: {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "named but not there:\n{}", missing.join("\n"));
}

fn looks_like_path(word: &str) -> bool {
    const FOLDERS: [&str; 11] = [
        "src/",
        "docs/",
        "tests/",
        "charts/",
        "overlays/",
        "plugins/",
        "packaging/",
        "testdata/",
        "benches/",
        "xtask/",
        "fuzz/",
    ];
    FOLDERS.iter().any(|folder| word.starts_with(folder)) && !word.contains(['<', '*', '…', '$'])
}
