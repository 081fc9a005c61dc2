//! Words that are kept in files.

use std::fs;
use std::path::{Path, PathBuf};

/// Texts compared so far, and those that differ.
#[derive(Default)]
pub struct Expected {
    wrong: Vec<String>,
}

impl Expected {
    /// Compares a text with a file, or writes the file when blessing.
    pub fn compare(&mut self, file: &Path, text: &str) {
        if std::env::var_os("HARDTACK_BLESS").is_some() {
            fs::write(file, text).expect("a file that can be written");
            return;
        }
        let wanted = fs::read_to_string(file).unwrap_or_default();
        if wanted != text {
            self.wrong.push(format!("{}\n--- wanted\n{wanted}--- got\n{text}", file.display()));
        }
    }

    /// Fails when a text differed.
    pub fn done(self) {
        assert!(self.wrong.is_empty(), "{}\nHARDTACK_BLESS=1 takes them over", self.wrong.join("\n"));
    }
}

/// The files of a folder with one ending, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

/// A folder of this repository.
pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
