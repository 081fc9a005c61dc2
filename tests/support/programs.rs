//! Programs of the machine itself, beside the pinned ones of `tools`.

use std::env;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use super::tools;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pinned program, else the machine's own one for those that no version matters of.
pub fn find(name: &str) -> Result<PathBuf, String> {
    let pinned = tools::find(name);
    if pinned.is_ok() || ["helm3", "helm4", "kustomize", "kpt"].contains(&name) {
        return pinned;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    on_path.ok_or_else(|| format!("{name} is absent from PATH"))
}

/// A test that needs programs, pinned ones or the machine's own. Only kpt may be absent where skipping is forbidden: no set-up of
/// ours can provide it.
pub fn trial(name: &str, needs: &[&str], test: fn()) -> Trial {
    let absent = |need: &&str| find(need).err();
    let body = move || {
        test();
        Ok(())
    };
    let (kpt, others): (Vec<&str>, Vec<&str>) = needs.iter().partition(|need| **need == "kpt");
    match others.iter().find_map(absent) {
        None => tools::optional(kpt.iter().find_map(absent), name, body),
        reason => tools::unless(reason, name, body),
    }
}
