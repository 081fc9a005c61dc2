//! Real programs: where they are, and tests that are ignored aloud where they are not.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// Set by `cargo xtask test`: what cannot run fails instead of being ignored.
const REQUIRE: &str = "HARDTACK_REQUIRE_TOOLS";

/// Where `cargo xtask tools` installs, or `$HARDTACK_TOOLS`.
pub fn folder() -> PathBuf {
    env::var_os("HARDTACK_TOOLS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin"), PathBuf::from)
}

/// The path of a real program, or why there is none.
pub fn find(name: &str) -> Result<PathBuf, String> {
    let path = folder().join(name);
    if path.exists() { Ok(path) } else { Err(format!("{name} is absent, run `cargo xtask tools`")) }
}

/// The folder of a version of Kubernetes in Go's module cache, or why there is none.
pub fn kubernetes(version: &str) -> Result<PathBuf, String> {
    let output =
        Command::new("go").args(["env", "GOMODCACHE"]).output().map_err(|error| format!("go: {error}"))?;
    let cache = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let folder = Path::new(&cache).join(format!("k8s.io/kubernetes@{version}"));
    let reason = || format!("no k8s.io/kubernetes@{version} in Go's module cache, run `cargo xtask tools`");
    if folder.is_dir() { Ok(folder) } else { Err(reason()) }
}

/// A command for a real program.
///
/// # Panics
/// Where it is absent: only for tests whose [`trial`] named it.
pub fn command(name: &str) -> Command {
    Command::new(find(name).unwrap_or_else(|reason| panic!("{reason}")))
}

/// The binary under test.
pub fn hardtack() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hardtack"))
}

/// A test that needs these programs: ignored, with the reason in its name, where one is absent; failed where
/// skipping is forbidden.
pub fn trial(
    name: impl Into<String>,
    needs: &[&str],
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let absent = needs.iter().find_map(|need| find(need).err());
    unless(absent, name, test)
}

/// A test that lacks what the set-up provides, if there is a reason: failed where skipping is forbidden.
pub fn unless(
    reason: Option<String>,
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    match reason {
        Some(reason) if required() => Trial::test(name, move || Err(reason.into())),
        reason => optional(reason, name, test),
    }
}

/// A test that lacks what the set-up cannot provide, if there is a reason: ignored, never failed.
pub fn optional(
    reason: Option<String>,
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let name = name.into();
    match reason {
        None => Trial::test(name, test),
        Some(reason) => {
            Trial::test(format!("{name} ({reason})"), move || Err(reason.into())).with_ignored_flag(true)
        }
    }
}

/// Whether a test that lacks a program has to fail.
pub fn required() -> bool {
    env::var_os(REQUIRE).is_some_and(|value| !value.is_empty() && value != "0")
}
