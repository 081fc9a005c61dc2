//! Files below the folders that the policy names, and nowhere else.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::LARGEST;
use crate::resolve::Failure;
use crate::secrets::Plain;

/// The bytes of a file below one of `roots`; a relative path starts from `folder`.
pub(super) fn below(roots: &[PathBuf], folder: &Path, path: &str) -> Result<Plain, Failure> {
    if roots.is_empty() {
        let help =
            "secrets: {resolve: {files: [secrets]}} in the policy names folders that references may read";
        return Err(Failure::new("the policy lets references read no files", help));
    }
    if path.contains('\0') {
        return Err(Failure::new("this is no path", "write the path of a file"));
    }
    let wanted = folder.join(path);
    let outside = || {
        let help = "move it below one of secrets.resolve.files of the policy, or name its folder there";
        Failure::new("the file is not below a folder that the policy lets references read", help)
    };
    // Told before asking whether it exists: nobody learns what lies elsewhere.
    if !roots.iter().any(|root| is_below(&wanted, root)) {
        return Err(outside());
    }
    let Some(found) = really(&wanted)? else { return Err(Failure::missing("there is no such file")) };
    let inside = roots.iter().filter_map(|root| root.canonicalize().ok()).any(|root| found.starts_with(root));
    if inside { read(&found) } else { Err(outside()) }
}

/// Whether a path lies below another by its words alone.
fn is_below(path: &Path, root: &Path) -> bool {
    let plain = |path: &Path| {
        let mut plain = PathBuf::new();
        for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
            match part {
                std::path::Component::ParentDir => drop(plain.pop()),
                std::path::Component::CurDir => {}
                other => plain.push(other),
            }
        }
        plain
    };
    plain(path).starts_with(plain(root))
}

/// The bytes of `NAME/KEY` below a folder in which Secrets are mounted; `None` when there is no such file. Kubernetes' own links
/// stay inside.
pub(super) fn mounted(root: &Path, name: &str, key: &str) -> Result<Option<Plain>, Failure> {
    let Some(found) = really(&root.join(name).join(key))? else { return Ok(None) };
    let inside = root.canonicalize().is_ok_and(|root| found.starts_with(root));
    if !inside {
        let what = format!("{name}/{key} leads out of the folder {}", root.display());
        return Err(Failure::new(what, "look at who put that link there"));
    }
    read(&found).map(Some)
}

/// The text of a file that the policy itself names; `None` when there is none.
pub(super) fn named(path: &Path) -> Result<Option<Plain>, Failure> {
    really(path)?.map(|path| read(&path)).transpose()
}

fn really(path: &Path) -> Result<Option<PathBuf>, Failure> {
    match path.canonicalize() {
        Ok(path) => Ok(Some(path)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::new(format!("the file cannot be read: {error}"), "check that hardtack may read it")
}

fn read(path: &Path) -> Result<Plain, Failure> {
    if !path.is_file() {
        return Err(Failure::new("this is no file", "name a file, not a folder or a device"));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    let plain = Plain::new(bytes);
    read.map_err(|error| unreadable(&error))?;
    if plain.expose().len() as u64 > LARGEST {
        return Err(Failure::new(
            format!("the file is larger than {LARGEST} bytes"),
            "a Secret holds no more",
        ));
    }
    Ok(plain)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_what_really_lies_below_a_root_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir(at("in")).unwrap();
        std::fs::write(at("in/a"), "x").unwrap();
        std::fs::write(at("out"), "y").unwrap();
        std::os::unix::fs::symlink("../out", at("in/link")).unwrap();
        let roots = [at("in")];
        let read = |path: &str| below(&roots, folder.path(), path);
        assert_eq!(read("in/a").unwrap().expose(), b"x");
        assert_eq!(read("in/../in/./a").unwrap().expose(), b"x");
        assert_eq!(read(&at("in/a").display().to_string()).unwrap().expose(), b"x");
        for path in ["out", "in/../out", "in/link", "/etc/hostname", "/nowhere", "in/../../x", "a\0b"] {
            let failure = read(path).unwrap_err();
            assert!(!failure.missing, "{path}: {failure:?}");
        }
        assert!(read("in/b").unwrap_err().missing);
        assert!(read("in/a/b").unwrap_err().missing);
        assert_eq!(read("in").unwrap_err().what, "this is no file");
        assert!(below(&[], folder.path(), "in/a").unwrap_err().help.contains("files:"));
    }

    #[test]
    fn kubernetes_links_stay_inside_and_others_may_not_lead_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("db/..2026_1")).unwrap();
        std::fs::write(at("db/..2026_1/password"), "x").unwrap();
        std::os::unix::fs::symlink("..2026_1", at("db/..data")).unwrap();
        std::os::unix::fs::symlink("..data/password", at("db/password")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", at("db/out")).unwrap();
        assert_eq!(mounted(folder.path(), "db", "password").unwrap().unwrap().expose(), b"x");
        assert_eq!(mounted(folder.path(), "db", "user"), Ok(None));
        assert!(mounted(folder.path(), "db", "out").unwrap_err().what.contains("leads out"));
    }
}
