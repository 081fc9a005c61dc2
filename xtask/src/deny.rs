//! `cargo xtask deny`: cargo-deny at a pinned version.

use std::path::Path;

use anyhow::{Result, bail};

use crate::run::{run, say};
use crate::stamp;
use crate::test::cargo;

const VERSION: &str = "0.20.2";

/// Set where the advisory database must be reached, as in the hosted workflow.
const REQUIRE_ADVISORIES: &str = "HARDTACK_REQUIRE_ADVISORIES";

/// Checks dependencies against deny.toml.
pub fn run_checks(root: &Path) -> Result<()> {
    install(root)?;
    let program = stamp::bin(root).join("cargo-deny");
    let deny = || {
        let mut command = std::process::Command::new(&program);
        command.current_dir(root);
        command
    };
    run(deny().args(["--workspace", "check", "bans", "licenses", "sources"]))?;
    let fetched = deny().args(["fetch", "db"]).output()?;
    if fetched.status.success() {
        return run(deny().args(["--workspace", "check", "--disable-fetch", "advisories"]));
    }
    if std::env::var_os(REQUIRE_ADVISORIES).is_some() {
        bail!("the advisory database cannot be had:\n{}", String::from_utf8_lossy(&fetched.stderr));
    }
    say("advisories: NOT CHECKED, the database cannot be had from this machine")
}

fn install(root: &Path) -> Result<()> {
    if stamp::is_current(root, "cargo-deny", VERSION) {
        return Ok(());
    }
    say(format_args!("cargo-deny       {VERSION:<18} installing, some minutes"))?;
    run(cargo(root)
        .args(["install", "--quiet", "--locked", "cargo-deny", "--version", VERSION, "--root"])
        .arg(root.join("target/tools")))?;
    stamp::write(root, "cargo-deny", VERSION)
}
