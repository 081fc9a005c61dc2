//! `cargo xtask`: sets up and runs what plain cargo cannot.

mod package;

use std::path::Path;

use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "package" => package::run(root, rest),
        _ => bail!("cargo xtask: the command is missing or not known; there is: package"),
    }
}
