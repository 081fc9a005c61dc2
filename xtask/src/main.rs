//! `cargo xtask`: sets up and runs what plain cargo cannot.

mod api;
mod cluster;
mod compare;
mod deny;
mod golang;
mod mutants;
mod new_rule;
mod npm;
mod package;
mod programs;
mod python;
mod run;
mod schemas;
mod stamp;
mod test;
mod tools;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// What is printed when no command, or an unknown one, is given.
const USAGE: &str = "the command is missing or not known; there are:
  tools           install the real programs that the tests run, at the versions pinned here, in target/tools
  test [ARG]...   tools, then cargo test --workspace [ARG]... with no test skipped
  api [ARG]...    build and start a real API server and run the tests that need one
  api serve       the same server, for as long as it is wanted
  compare FOLDER  time and memory beside other tools, as ratios, on a folder of rendered charts
  deny            cargo-deny: bans, licences, sources, and advisories where the database can be had
  mutants [pod-security | elsewhere [NUMBER [SEED]]] [apart]
                  what no fast test notices of what cargo-mutants would break; apart adds those that need a build each
  schemas         the tables of the API's types, from Kubernetes' published OpenAPI documents; --check compares, --json is for kubeconform
  package         the Helm plugin archive, the archives for kubectl and their krew manifest
  new-rule ID     a rule's file, its fixtures and its word in the table";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell of a stderr that cannot be written.
            let _ = run::say(format_args!("cargo xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else { bail!(USAGE) };
    match command.as_str() {
        "tools" => tools::install(root),
        "test" => test::run_all(root, rest),
        "api" => api::run_tier(root, rest),
        "compare" => compare::compare(root, rest),
        "deny" => deny::run_checks(root),
        "mutants" => mutants::run(root, rest),
        "schemas" => schemas::run(root, rest),
        "package" => package::run(root, rest),
        "new-rule" => new_rule::write(root, rest),
        _ => bail!(USAGE),
    }
}
