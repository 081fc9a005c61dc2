//! The committed tables of the API's types are what `cargo xtask schemas` makes of the published documents.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/mod.rs"]
#[allow(unused_imports, reason = "other tests use more of it")]
mod support;

use std::process::Command;

use libtest_mimic::{Arguments, Failed};
use support::tools;

fn main() {
    let trial = tools::unless(absent(), "tables_are_what_the_command_makes", tables_are_made);
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit();
}

/// Nine versions of a large module, which `cargo xtask tools` fetches.
fn absent() -> Option<String> {
    let page = include_str!("../src/schema/tables/sources.txt");
    let versions =
        page.lines().filter_map(|line| line.split(' ').next()).filter(|word| word.starts_with("v1."));
    versions.into_iter().find_map(|version| tools::kubernetes(version).err())
}

fn tables_are_made() -> Result<(), Failed> {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", "-q", "-p", "xtask", "--", "schemas", "--check"])
        .output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}
