//! Who read or changed what, and when; never a value.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use crate::cli::secrets::sops_args::StoreFile;
use crate::error::Error;

/// The log of a store.
pub(super) fn path(wanted: &StoreFile) -> PathBuf {
    wanted.access_log.clone().unwrap_or_else(|| {
        let mut name = wanted.file.file_name().unwrap_or_default().to_os_string();
        name.push(".log");
        wanted.file.with_file_name(name)
    })
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Waits until nobody else writes the store, and keeps others out until the file is dropped.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn alone(path: &Path) -> Result<File, Error> {
    let locked = open(path).and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| Error::Io { action: "write", path: path.display().to_string(), error })
}

/// Adds a line. Without it nothing is read or written: an access that cannot be logged does not happen.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn write(path: &Path, time: DateTime<Utc>, what: &str, place: &str) -> Result<(), Error> {
    let user = ["USER", "USERNAME", "LOGNAME"].iter().find_map(std::env::var_os);
    let line = json!({
        "time": time.to_rfc3339_opts(SecondsFormat::Secs, true),
        "user": user.unwrap_or_default().to_string_lossy(),
        "action": what,
        "secret": place,
    });
    let mut file = alone(path)?;
    let failed = |error| Error::Io { action: "write", path: path.display().to_string(), error };
    file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_data()).map_err(failed)
}
