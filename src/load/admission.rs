//! Finds and reads the files of ValidatingAdmissionPolicies that a policy names.

use std::path::{Path, PathBuf};

use super::inside::Folder;
use super::layers::text_of;
use super::source::Source;
use crate::error::Error;
use crate::own::expressions::{Admission, Misread};
use crate::policy::OwnRule;
use crate::yaml::Route;
use crate::yaml::stream::{ParseOptions, parse};

/// The rules of all files that are named, or stand in folders that are named.
///
/// # Errors
/// [`Error::Policy`] and [`Error::Io`].
pub fn rules(paths: &[String], source: &Source) -> Result<Vec<OwnRule>, Error> {
    let mut admission = Admission::default();
    for (number, path) in paths.iter().enumerate() {
        let route = Route::root().key("admissionPolicies").index(number);
        let files = files(path, &route, source)?;
        if files.is_empty() {
            return Err(source.wrong(
                &route,
                format!("{path} holds no YAML file"),
                "name a file, or a folder of them",
            ));
        }
        for file in files {
            let name = file.display().to_string();
            let stream = parse(text_of(&file)?, ParseOptions::default()).map_err(|error| Error::Policy {
                message: format!("{name}:{}:{}: {}", error.line, error.column, error.message),
                help: error.help.replace("the template", "the policy"),
            })?;
            admission.add(name, stream);
        }
    }
    admission.rules().map_err(|Misread { place, fault }| Error::Policy {
        message: format!("{place}: {}", fault.message),
        help: fault.help,
    })
}

/// The file, or the YAML files below the folder, in the order of their names.
fn files(path: &str, route: &Route, source: &Source) -> Result<Vec<PathBuf>, Error> {
    let wrong = |what: String| {
        let help = "paths start from the folder of the policy file and stay below it";
        source.wrong(route, format!("{path} {what}"), help)
    };
    let inside = Folder::new(&source.folder);
    let folder = inside.find(".").map_err(wrong)?;
    let found = inside.find(path).map_err(wrong)?;
    let shown = |found: &Path| match found.strip_prefix(&folder) {
        Ok(rest) => source.folder.join(rest),
        Err(_) => found.to_owned(),
    };
    if found.is_file() {
        return Ok(vec![shown(&found)]);
    }
    let mut files = Vec::new();
    let mut left = vec![found];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries = path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let read = |error| Error::Io {
                action: "read the folder",
                path: shown(&path).display().to_string(),
                error,
            };
            // What a link inside leads to may be outside.
            let plain = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| !kind.is_symlink());
            left.extend(
                entries.map_err(read)?.iter().filter(|entry| plain(entry)).map(std::fs::DirEntry::path),
            );
        } else if is_yaml(&path) {
            files.push(shown(&path));
        }
    }
    files.sort();
    Ok(files)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json")
}
