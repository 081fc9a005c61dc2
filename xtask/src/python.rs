//! Python packages that tests run as servers, in an environment of their own below `target/tools`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::run_quietly;
use crate::stamp;

/// A package with the programs that tests call.
pub struct Package {
    /// The first of its programs, which names its environment too.
    pub name: &'static str,
    /// As pip takes it.
    pub requirement: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Names in `target/tools/bin`, each with the program of the environment that it calls.
    pub programs: &'static [(&'static str, &'static str)],
}

/// Every package, in the order of their installation.
pub const PACKAGES: &[Package] = &[Package {
    name: "moto_server",
    requirement: "moto[server]",
    version: "5.2.5",
    programs: &[("moto_server", "moto_server"), ("moto-python", "python")],
}];

/// Installs one unless it is there; says whether it had to.
pub fn install(root: &Path, package: &Package) -> Result<bool> {
    // An environment holds its own path: it is made where it stays, and anew where the checkout has moved.
    let environment = root.join("target/tools").join(package.name);
    let wanted = format!("{}=={}", package.requirement, package.version);
    let recipe = format!("{wanted}\n{}\n", environment.display());
    if stamp::is_current(root, package.name, &recipe) {
        return Ok(false);
    }
    let bin = environment.join("bin");
    if environment.exists() {
        fs::remove_dir_all(&environment)?;
    }
    run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&environment))
        .context("python3 with venv, which tests of AWS Secrets Manager need")?;
    run_quietly(Command::new(bin.join("pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        &wanted,
    ]))?;
    fs::create_dir_all(stamp::bin(root))?;
    for (name, program) in package.programs {
        let file = stamp::bin(root).join(name);
        fs::write(&file, format!("#!/bin/sh\nexec {:?} \"$@\"\n", bin.join(program)))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    }
    stamp::write(root, package.name, &recipe)?;
    Ok(true)
}
