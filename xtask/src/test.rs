//! `cargo xtask test`: every test, none skipped.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run::run;
use crate::tools;

/// The variable that turns a skipped test into a failed one.
pub const REQUIRE_TOOLS: &str = "HARDTACK_REQUIRE_TOOLS";

/// Installs what the tests need and runs them.
pub fn run_all(root: &Path, args: &[String]) -> Result<()> {
    tools::install(root)?;
    run(cargo(root).args(["test", "--workspace"]).args(args).env(REQUIRE_TOOLS, "1"))
}

/// Cargo, in the repository's root.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}
