//! Manifests in files: finding them, and replacing them without ever leaving half a file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Input;
use crate::error::Error;

/// The manifest files below a path, in the order of their names; the path itself when it is a file.
///
/// # Errors
/// [`Error::Io`].
pub fn below(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::Io { action: "read", path: path.display().to_string(), error };
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir() {
            found.extend(below(&entry)?);
        } else if has_manifest_name(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}

fn has_manifest_name(path: &Path) -> bool {
    matches!(path.extension().and_then(|ending| ending.to_str()), Some("yaml" | "yml" | "json"))
}

/// Whether a file found in a folder is a manifest at all. A file that is named outright always is.
#[must_use]
pub fn is_manifest(named: &Path, input: &Input) -> bool {
    let outright = Path::new(&input.name) == named;
    outright || (input.text.contains("apiVersion") && input.text.contains("kind"))
}

/// Refuses chart templates: hardtack reads what Helm rendered.
///
/// # Errors
/// [`Error::Usage`] with the line.
pub fn refuse_templates(input: &Input) -> Result<(), Error> {
    let is_action = |line: &str| {
        let line = line.trim_start();
        line.starts_with("{{-") || line.starts_with("{{ ") || line.starts_with("{{/*")
    };
    match input.text.lines().position(is_action) {
        None => Ok(()),
        Some(line) => Err(Error::usage(
            format!("{}:{} is a template, not a manifest", input.name, line + 1),
            "render it first: helm template NAME CHART | hardtack",
        )),
    }
}

/// The files of a folder as one stream.
#[must_use]
pub fn joined(folder: &Path, inputs: Vec<Input>) -> Option<Input> {
    let mut whole = Vec::new();
    for input in &inputs {
        join(&mut whole, input.text.as_bytes());
    }
    let text = String::from_utf8(whole).unwrap_or_default();
    (!inputs.is_empty()).then(|| Input { name: folder.display().to_string(), text })
}

/// Puts a stream behind another, with a separator where neither has one.
pub fn join(whole: &mut Vec<u8>, stream: &[u8]) {
    if !whole.is_empty() && !whole.ends_with(b"\n") {
        whole.push(b'\n');
    }
    if !whole.is_empty() && !stream.starts_with(b"---") {
        whole.extend_from_slice(b"---\n");
    }
    whole.extend_from_slice(stream);
}

/// `file` as seen from `root`; a file that is its own root keeps its name.
#[must_use]
pub fn relative(file: &Path, root: &Path) -> PathBuf {
    match file.strip_prefix(root) {
        Ok(below) if !below.as_os_str().is_empty() => below.to_owned(),
        _ => PathBuf::from(file.file_name().unwrap_or(file.as_os_str())),
    }
}

/// Writes all texts: first every temporary file beside its target, then every rename.
///
/// # Errors
/// [`Error::Io`]; the temporary files are gone then, and so far as no rename had begun nothing is changed.
pub fn replace_all(planned: &[(PathBuf, String)]) -> Result<(), Error> {
    let mut written: Vec<(PathBuf, &Path)> = Vec::new();
    let mut result = Ok(());
    for (target, text) in planned {
        match write_beside(target, text) {
            Ok(temporary) => written.push((temporary, target)),
            Err(error) => {
                result = Err(Error::Io { action: "write", path: target.display().to_string(), error });
                break;
            }
        }
    }
    for (temporary, target) in &written {
        if result.is_ok() {
            result = fs::rename(temporary, target).map_err(|error| Error::Io {
                action: "replace",
                path: target.display().to_string(),
                error,
            });
        }
        if result.is_err() {
            let _ = fs::remove_file(temporary);
        }
    }
    result
}

/// A new file of its own. In a container a killed run may have had our process id, so what it left does not count.
fn create_beside(folder: &Path, name: &str) -> std::io::Result<(fs::File, PathBuf)> {
    let mut number = 0;
    loop {
        let temporary = folder.join(format!(".{name}.hardtack-{}-{number}", std::process::id()));
        match fs::OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            opened => return opened.map(|file| (file, temporary)),
        }
    }
}

fn write_beside(target: &Path, text: &str) -> std::io::Result<PathBuf> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let (mut file, temporary) = create_beside(folder, &name)?;
    let mut write = || {
        if let Ok(metadata) = fs::metadata(target) {
            file.set_permissions(metadata.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    match write() {
        Ok(()) => Ok(temporary),
        Err(error) => {
            let _ = fs::remove_file(&temporary);
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_folder_are_one_stream() {
        let input = |name: &str, text: &str| Input { name: name.to_owned(), text: text.to_owned() };
        let whole = joined(Path::new("rendered"), vec![input("a", "a: 1"), input("b", "---\nb: 2\n")]);
        let whole = whole.unwrap();
        assert_eq!((whole.name.as_str(), whole.text.as_str()), ("rendered", "a: 1\n---\nb: 2\n"));
        assert!(joined(Path::new("rendered"), Vec::new()).is_none());
    }

    #[test]
    fn what_a_killed_run_of_the_same_process_id_left_is_not_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!(".a.yaml.hardtack-{}-0", std::process::id()));
        fs::write(&left, "half").unwrap();
        let target = folder.path().join("a.yaml");
        replace_all(&[(target.clone(), "a: 1\n".to_owned())]).unwrap();
        assert_eq!(fs::read_to_string(target).unwrap(), "a: 1\n");
        assert_eq!(fs::read_to_string(left).unwrap(), "half");
    }
}
