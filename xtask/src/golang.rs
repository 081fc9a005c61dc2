//! Building Go programs into `target/tools/bin`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::programs::Program;
use crate::run::run_quietly;
use crate::stamp::bin;

/// Says early that Go is missing, and where to get it.
pub fn is_there() -> Result<()> {
    let found = Command::new("go").arg("version").output();
    ensure!(
        found.is_ok_and(|output| output.status.success()),
        "the tests run programs written in Go, and go is not on PATH: get 1.26 or newer from https://go.dev/dl"
    );
    Ok(())
}

/// Builds a published program under its own name and moves it to ours.
pub fn install(root: &Path, program: &Program) -> Result<()> {
    let folder = root.join("target/tools/building").join(format!("{}-{}", program.name, std::process::id()));
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    run_quietly(
        go().env("GOBIN", &folder)
            .args(["install", "-trimpath", "-ldflags", &linker_flags(program.variables)])
            .arg(format!("{}@{}", program.package, program.version)),
    )?;
    let built = fs::read_dir(&folder)?.next().context("go install left no binary")??.path();
    publish(root, program.name, &built)?;
    Ok(fs::remove_dir_all(&folder)?)
}

/// Builds a package of one of our own modules, of the versions its go.sum fixes.
pub fn build(root: &Path, module: &str, package: &str, name: &str, variables: &[(&str, &str)]) -> Result<()> {
    let folder = root.join("target/tools/building");
    fs::create_dir_all(&folder)?;
    let built = folder.canonicalize()?.join(format!("{name}-{}", std::process::id()));
    run_quietly(
        go().current_dir(root.join(module))
            .args(["build", "-trimpath", "-ldflags", &linker_flags(variables), "-o"])
            .arg(&built)
            .arg(package),
    )?;
    publish(root, name, &built)
}

/// Puts a built binary in its place in one step: another test run may be using the old one.
fn publish(root: &Path, name: &str, built: &Path) -> Result<()> {
    fs::create_dir_all(bin(root))?;
    let target = bin(root).join(name);
    fs::rename(built, &target).with_context(|| format!("cannot place {}", target.display()))
}

fn go() -> Command {
    let mut command = Command::new("go");
    command.env("CGO_ENABLED", "0");
    command
}

fn linker_flags(variables: &[(&str, &str)]) -> String {
    let mut flags = String::from("-s -w");
    for (variable, value) in variables {
        flags.push_str(&format!(" -X {variable}={value}"));
    }
    flags
}
