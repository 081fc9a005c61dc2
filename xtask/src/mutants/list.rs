//! What cargo-mutants would break, as it lists it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::run::{run, say};
use crate::stamp;
use crate::test::cargo;

const VERSION: &str = "27.1.0";

/// A place in a source file; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// From a place up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

/// What kind of thing is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Genre {
    FnValue,
    BinaryOperator,
    UnaryOperator,
    MatchArm,
    MatchArmGuard,
    StructField,
}

/// One mutant.
#[derive(Debug, Clone, Deserialize)]
pub struct Mutant {
    pub file: String,
    pub span: Span,
    pub replacement: String,
    pub genre: Genre,
    /// In cargo-mutants' words, with the place.
    pub name: String,
}

/// Every mutant of these files (globs) of a copy of the repository, in the order of files and places.
pub fn list(root: &Path, copy: &Path, files: &[&str]) -> Result<Vec<Mutant>> {
    let program = stamp::bin(root).canonicalize()?.join("cargo-mutants");
    let rules = copy.join("src/rules/mod.rs");
    let text = fs::read_to_string(&rules)?;
    // The rules are declared by a macro, behind which cargo-mutants does not look for files.
    fs::write(&rules, format!("{text}{}", plain_declarations(copy, &text)?))?;
    let mut command = Command::new(program);
    command.current_dir(copy).args(["mutants", "--list", "--json", "--package", "hardtack"]);
    for file in files {
        command.args(["--file", file]);
    }
    let output = command.output().context("cannot start cargo-mutants")?;
    fs::write(&rules, text)?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn plain_declarations(copy: &Path, text: &str) -> Result<String> {
    let mut all = String::new();
    for entry in fs::read_dir(copy.join("src/rules"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".rs").filter(|name| *name != "mod") else { continue };
        if !text.contains(&format!("pub mod {name};")) {
            writeln!(all, "pub mod {name};")?;
        }
    }
    Ok(all)
}

/// Installs cargo-mutants where it is not there yet.
pub fn install(root: &Path) -> Result<()> {
    if stamp::is_current(root, "cargo-mutants", VERSION) {
        return Ok(());
    }
    say(format_args!("cargo-mutants    {VERSION:<18} installing, some minutes"))?;
    run(cargo(root)
        .args(["install", "--quiet", "--locked", "cargo-mutants", "--version", VERSION, "--root"])
        .arg(root.join("target/tools")))?;
    stamp::write(root, "cargo-mutants", VERSION)
}
