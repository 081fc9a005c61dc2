//! Files that a policy names: read from inside its folder and from nowhere else.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder of a policy file.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A policy's folder; empty is the working folder.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Self { path: path.to_owned() }
    }

    /// Where a file or folder really is; symbolic links may not lead out either.
    ///
    /// # Errors
    /// Why it may not be read, in words.
    pub fn find(&self, path: &str) -> Result<PathBuf, String> {
        let root = self.path.canonicalize().map_err(|error| reason(&error))?;
        let found = root.join(path).canonicalize().map_err(|error| reason(&error))?;
        if found.starts_with(&root) { Ok(found) } else { Err("leads out of the policy's folder".to_owned()) }
    }

    /// The text of a file inside.
    ///
    /// # Errors
    /// Why it may not or cannot be read, in words.
    pub fn read(&self, path: &str, limit: u64) -> Result<String, String> {
        read(&self.find(path)?, limit)
    }

    /// The texts of a file, or of all files below a folder whose names are wanted, in the order of their paths: each with
    /// its path and the folders between it and the one named.
    ///
    /// # Errors
    /// Why one may not or cannot be read, in words.
    pub fn below(
        &self,
        path: &str,
        wanted: fn(&str) -> bool,
        limit: u64,
        most: usize,
    ) -> Result<Vec<(String, Vec<String>, String)>, String> {
        let found = self.find(path)?;
        let mut files = Vec::new();
        if found.is_dir() {
            let mut parts = Vec::new();
            self.walk(path.trim_end_matches('/'), &mut parts, wanted, &mut files)?;
        } else {
            files.push((path.to_owned(), Vec::new()));
        }
        if files.len() > most {
            return Err(format!("more than {most} files"));
        }
        let read = |(path, below): (String, Vec<String>)| {
            let text = self.read(&path, limit).map_err(|why| format!("{path}: {why}"))?;
            Ok((path, below, text))
        };
        files.into_iter().map(read).collect()
    }

    fn walk(
        &self,
        path: &str,
        parts: &mut Vec<String>,
        wanted: fn(&str) -> bool,
        files: &mut Vec<(String, Vec<String>)>,
    ) -> Result<(), String> {
        if parts.len() > DEEPEST {
            return Err(format!("{path}: folders are nested more than {DEEPEST} deep"));
        }
        let entries = std::fs::read_dir(self.find(path)?).map_err(|error| reason(&error))?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort_unstable();
        for name in names {
            let below = format!("{path}/{name}");
            if self.find(&below).map_err(|why| format!("{below}: {why}"))?.is_dir() {
                parts.push(name);
                self.walk(&below, parts, wanted, files)?;
                parts.pop();
            } else if wanted(&name) {
                files.push((below, parts.clone()));
            }
        }
        Ok(())
    }
}

/// How deep folders are looked into; symbolic links may run in circles.
const DEEPEST: usize = 16;

/// The text of a file of at most `limit` bytes.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read(path: &Path, limit: u64) -> Result<String, String> {
    if !path.is_file() {
        return Err("is no file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| reason(&error))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > limit {
        return Err(format!("is larger than {limit} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn nothing_outside_is_read() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("policy");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(outside.path().join("secret"), "x").unwrap();
        std::fs::write(folder.join("a"), "y").unwrap();
        std::os::unix::fs::symlink("../secret", folder.join("link")).unwrap();
        let inside = Folder::new(&folder);
        assert_eq!(inside.read("a", 9), Ok("y".to_owned()));
        for path in ["../secret", "link", "/etc/hostname"] {
            assert_eq!(inside.read(path, 9).unwrap_err(), "leads out of the policy's folder", "{path}");
        }
        assert_eq!(inside.read("b", 9).unwrap_err(), "no such file");
        assert_eq!(inside.read("a", 0).unwrap_err(), "is larger than 0 bytes");
        assert_eq!(inside.read(".", 9).unwrap_err(), "is no file");
    }
}
