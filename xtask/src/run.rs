//! Running other programs, and saying so on stderr.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// Prints one line on stderr.
pub fn say(line: impl Display) -> Result<()> {
    Ok(writeln!(io::stderr(), "{line}")?)
}

/// Runs a command to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Runs a command that has nothing to say unless it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
