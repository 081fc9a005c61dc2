//! Remembering what was installed, so that it is not installed again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder of the installed programs.
pub fn bin(root: &Path) -> PathBuf {
    root.join("target/tools/bin")
}

/// Whether this program was installed from exactly this recipe.
pub fn is_current(root: &Path, program: &str, recipe: &str) -> bool {
    bin(root).join(program).exists()
        && fs::read_to_string(file(root, program)).is_ok_and(|stamp| stamp == recipe)
}

/// Notes that the program was installed from this recipe.
pub fn write(root: &Path, program: &str, recipe: &str) -> Result<()> {
    let file = file(root, program);
    fs::create_dir_all(root.join("target/tools/stamps"))?;
    fs::write(&file, recipe).with_context(|| format!("cannot write {}", file.display()))
}

fn file(root: &Path, program: &str) -> PathBuf {
    root.join("target/tools/stamps").join(program)
}
