//! `policy migrate`: a policy file of an older version, rewritten for this one.

use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::args::Migrate;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{stdout_layout, to_stderr, to_stdout};
use crate::error::Error;
use crate::load::file::API_VERSION;
use crate::load::{layers, migrate};
use crate::report::paint::Paint;
use crate::wire::files;

/// Prints what would change, or writes it and keeps the old files.
///
/// # Errors
/// Everything of [`Error`]; no file is replaced then.
pub fn run(config: &Config, wanted: &Migrate) -> Result<Exit, Error> {
    let mut planned: Vec<(PathBuf, String)> = Vec::new();
    for path in named(config, wanted)? {
        let old = layers::text_of(&path)?;
        match migrate::text(&old, &path.display().to_string())? {
            Some(new) if wanted.write => {
                planned.extend([(copy_of(&path)?, old), (path, new)]);
            }
            Some(new) => to_stdout(diff(&path, &old, &new, stdout_layout(config).paint).as_bytes())?,
            None => to_stderr(&format!("{} needs nothing: it is {API_VERSION}\n", path.display())),
        }
    }
    files::replace_all(&planned)?;
    for pair in planned.chunks(2) {
        if let [(copy, _), (path, _)] = pair {
            let (path, copy) = (path.display(), copy.display());
            to_stderr(&format!("{path} is {API_VERSION} now; what it was is kept as {copy}\n"));
        }
    }
    Ok(Exit::Written)
}

/// The files named, or all files of the policy in force.
fn named(config: &Config, wanted: &Migrate) -> Result<Vec<PathBuf>, Error> {
    if !wanted.files.is_empty() {
        return Ok(wanted.files.clone());
    }
    let Some((file, source)) = config.file_in_force()? else {
        let help = "name it: hardtack policy migrate policies/shop.yaml";
        return Err(Error::usage("there is no policy file to migrate", help));
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for layer in layers::gather(file, &source, None)?.list {
        let path = PathBuf::from(&layer.source.name);
        if path.is_file() && !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Where the old file is kept; what is kept already is never overwritten.
fn copy_of(path: &Path) -> Result<PathBuf, Error> {
    let copy = PathBuf::from(format!("{}.v1alpha1", path.display()));
    if copy.exists() {
        let message = format!("{} is there already", copy.display());
        return Err(Error::usage(
            message,
            "move it away: it is the copy of the old file; nothing was written",
        ));
    }
    Ok(copy)
}

fn diff(path: &Path, old: &str, new: &str, paint: Paint) -> String {
    let name = path.display().to_string();
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().header(&name, &format!("{name} ({API_VERSION})")).to_string();
    let coloured = text.split_inclusive('\n').map(|line| match line.as_bytes().first() {
        Some(b'+') => paint.green(line),
        Some(b'-') => paint.red(line),
        Some(b'@') => paint.cyan(line),
        _ => line.to_owned(),
    });
    coloured.collect()
}
