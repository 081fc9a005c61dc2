//! `cargo xtask tools`: the real programs, and the oracle, in `target/tools/bin`.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::programs::{FOUND, PROGRAMS, Program};
use crate::run::say;
use crate::{golang, npm, python, schemas, stamp};

/// Our Go module that asks Kubernetes' own libraries.
const ORACLE: &str = "tests/oracle";

/// Installs every program that is absent or of another version.
pub fn install(root: &Path) -> Result<()> {
    golang::is_there()?;
    for program in PROGRAMS {
        install_one(root, program)?;
    }
    for file in npm::FILES {
        let fetched = npm::fetch(root, file)?;
        progress(file.name, file.version, if fetched { "fetched" } else { "there" })?;
    }
    for package in python::PACKAGES {
        let installed = python::install(root, package)?;
        progress(package.name, package.version, if installed { "installed" } else { "there" })?;
    }
    for (name, places) in FOUND {
        link(root, name, places)?;
    }
    let start = Instant::now();
    schemas::fetch()?;
    progress("kubernetes", "its documents", &format!("fetched in {} s", start.elapsed().as_secs()))?;
    oracle(root)
}

/// Builds the oracle; Go itself knows whether anything changed.
fn oracle(root: &Path) -> Result<()> {
    let start = Instant::now();
    golang::build(root, ORACLE, ".", "oracle", &[])?;
    golang::build(root, ORACLE, "./cluster", "oracle-cluster", &[])?;
    progress("oracle", "of this checkout", &format!("built in {} s", start.elapsed().as_secs()))
}

fn install_one(root: &Path, program: &Program) -> Result<()> {
    let recipe = recipe(program);
    if stamp::is_current(root, program.name, &recipe) {
        return progress(program.name, program.version, "there");
    }
    let start = Instant::now();
    golang::install(root, program)?;
    stamp::write(root, program.name, &recipe)?;
    progress(program.name, program.version, &format!("installed in {} s", start.elapsed().as_secs()))
}

fn recipe(program: &Program) -> String {
    let mut recipe = format!("{}@{}\n", program.package, program.version);
    for (variable, value) in program.variables {
        recipe.push_str(&format!("{variable}={value}\n"));
    }
    recipe
}

fn link(root: &Path, name: &str, places: &[&str]) -> Result<()> {
    let target = stamp::bin(root).join(name);
    if target.exists() {
        return progress(name, "the machine's own", "there");
    }
    let Some(place) = places.iter().find(|place| Path::new(place).exists()) else {
        return progress(name, "none", "not on this machine and not to be had: its tests are skipped");
    };
    fs::remove_file(&target).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    std::os::unix::fs::symlink(place, &target)?;
    progress(name, "the machine's own", &format!("linked from {place}"))
}

fn progress(name: &str, version: &str, state: &str) -> Result<()> {
    say(format_args!("{name:<16} {version:<18} {state}"))
}
