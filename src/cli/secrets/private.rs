//! Files that only their owner reads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.display().to_string();
    move |error| Error::Io { action, path, error }
}

/// Options for a new file that nobody else may read.
fn new_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn new_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the folders above a file; those that are new are its owner's alone.
pub(super) fn folders_above(path: &Path) -> Result<(), Error> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    if folder.exists() {
        return Ok(());
    }
    folders_above(folder)?;
    new_folder(folder).map_err(failed("make", folder))
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// [`Error::Usage`] when it is, [`Error::Io`].
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = match new_file().open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message = format!("{} is there already, and a key is never overwritten", path.display());
            return Err(Error::usage(message, "name another file with -o, or move it away"));
        }
        opened => opened.map_err(failed("write", path))?,
    };
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", path))
}

/// Writes a file in one step, whatever stood there; its text is readable to its owner alone from the first byte on.
///
/// # Errors
/// [`Error::Io`]; then nothing has changed.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.hardtack-{}", std::process::id()));
    let write = || {
        let mut file = new_file().open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| {
        let _ = wipe(&beside);
        failed("write", path)(error)
    })
}

/// Overwrites a file with zeros and removes it. On file systems that copy on write, and on flash, the old blocks may
/// stay: that is why the folder is in memory where the system has one.
fn wipe(path: &Path) -> io::Result<()> {
    let over = OpenOptions::new().write(true).open(path).and_then(|mut file| zero(&mut file));
    fs::remove_file(path).and(over)
}

fn zero(file: &mut File) -> io::Result<()> {
    let mut left = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let zeros = [0; 4096];
    while left > 0 {
        let now = left.min(zeros.len() as u64);
        file.write_all(&zeros[..usize::try_from(now).unwrap_or(zeros.len())])?;
        left -= now;
    }
    file.sync_all()
}

/// A folder of this process alone, wiped and removed when dropped.
pub(super) struct PrivateFolder(PathBuf);

impl PrivateFolder {
    /// A new one, in memory where the system offers that.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(super) fn new() -> Result<Self, Error> {
        let in_memory = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let shared = PathBuf::from("/dev/shm");
        let places = [in_memory, Some(shared), Some(std::env::temp_dir())];
        let mut last = None;
        for place in places.into_iter().flatten().filter(|place| place.is_dir()) {
            let mut bytes = [0_u8; 8];
            // A name that is taken fails, as it should.
            let _ = getrandom::fill(&mut bytes);
            let folder = place.join(format!("hardtack-{:016x}", u64::from_ne_bytes(bytes)));
            match new_folder(&folder) {
                Ok(()) => return Ok(Self(folder)),
                Err(error) => last = Some(failed("make", &folder)(error)),
            }
        }
        Err(last
            .unwrap_or_else(|| Error::usage("there is no folder for temporary files", "set TMPDIR to one")))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // Editors leave copies and swap files beside the file.
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let _ = wipe(&entry.path());
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn nobody_else_reads_and_nothing_stays() {
        let folder = PrivateFolder::new().unwrap();
        let (place, file) = (folder.path().to_owned(), folder.path().join("a"));
        create(&file, b"canary").unwrap();
        fs::write(folder.path().join(".a.swp"), "canary").unwrap();
        assert_eq!((mode(&place), mode(&file)), (0o700, 0o600));
        assert!(create(&file, b"other").is_err());
        drop(folder);
        assert!(!place.exists());
    }

    #[test]
    fn replacing_is_private_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "x").unwrap();
        replace(&file, b"y").unwrap();
        assert_eq!((fs::read(&file).unwrap().as_slice(), mode(&file)), (&b"y"[..], 0o600));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
