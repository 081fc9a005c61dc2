//! Rendered public charts, which are not part of this repository: `$HARDTACK_CORPUS`, else a folder beside the checkout.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use super::tools;

/// The folder of the charts, or why there is none.
pub fn folder() -> Result<PathBuf, String> {
    let folder = env::var_os("HARDTACK_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err("no rendered charts here, name a folder of them in HARDTACK_CORPUS".to_owned())
    }
}

/// A test over the charts that also needs these programs: ignored, never failed, where there are no charts.
pub fn trial(
    name: impl Into<String>,
    needs: &[&str],
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    match folder() {
        Err(reason) => tools::optional(Some(reason), name, test),
        Ok(_) => tools::trial(name, needs, test),
    }
}

/// The name and the text of each chart, sorted by name.
///
/// # Panics
/// Where a file cannot be read.
pub fn charts() -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = folder() else { return Vec::new() };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of charts can be read")
        .map(|entry| entry.expect("the folder of charts can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        (name, fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.into_iter().map(read).collect()
}
