//! Files of npm packages that tests judge by, such as published schemas: fetched, not copied into the repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::run_quietly;
use crate::stamp;

/// A file of a package.
pub struct PublishedFile {
    /// Its name in `target/tools/bin`.
    pub name: &'static str,
    /// The package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The file's path in the package.
    pub path: &'static str,
}

/// Every file that tests ask for.
pub const FILES: &[PublishedFile] = &[PublishedFile {
    name: "sarif-2.1.0.schema.json",
    package: "@microsoft/jest-sarif",
    version: "1.0.0-beta.0",
    path: "lib/schemas/sarif-2.1.0-rtm.5.json",
}];

/// Fetches one unless it is there; says whether it had to.
pub fn fetch(root: &Path, file: &PublishedFile) -> Result<bool> {
    let recipe = format!("{}@{}/{}\n", file.package, file.version, file.path);
    if stamp::is_current(root, file.name, &recipe) {
        return Ok(false);
    }
    let folder = root.join("target/tools/building").join(format!("{}-{}", file.name, std::process::id()));
    fs::create_dir_all(&folder)?;
    let wanted = format!("{}@{}", file.package, file.version);
    run_quietly(Command::new("npm").current_dir(&folder).args(["pack", "--silent", &wanted]))
        .context("npm, which tests of published schemas need")?;
    let archive = fs::read_dir(&folder)?.next().context("npm pack left no archive")??.path();
    run_quietly(
        Command::new("tar").current_dir(&folder).arg("xzf").arg(archive.file_name().unwrap_or_default()),
    )?;
    fs::create_dir_all(stamp::bin(root))?;
    let target = stamp::bin(root).join(file.name);
    fs::rename(folder.join("package").join(file.path), &target)
        .with_context(|| format!("cannot place {}", target.display()))?;
    fs::remove_dir_all(&folder)?;
    stamp::write(root, file.name, &recipe)?;
    Ok(true)
}
