//! Finds the policy file of a folder.

use std::path::{Path, PathBuf};

/// The names looked for, in this order.
pub const FILE_NAMES: [&str; 2] = ["hardtack.yaml", "hardtack.yml"];

/// The policy file nearest above `folder`, `folder` included.
#[must_use]
pub fn discover(folder: &Path) -> Option<PathBuf> {
    let candidates = folder.ancestors().flat_map(|above| FILE_NAMES.map(|name| above.join(name)));
    candidates.into_iter().find(|path| path.is_file())
}
