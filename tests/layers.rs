//! The direction of the modules: each uses only those above it in `src/lib.rs`.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

fn order() -> Vec<String> {
    let lib = fs::read_to_string(root().join("lib.rs")).expect("src/lib.rs");
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The module a file of `src/` belongs to.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix(root()).expect("below src");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that a line names by `crate::`; those in braces count one by one.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let after = code.split("crate::").skip(1);
    after
        .flat_map(|rest| {
            let rest = rest.strip_prefix('{').unwrap_or(rest);
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (end > 0).then(|| rest[..end].to_owned())
        })
        .collect()
}

#[test]
fn modules_use_only_what_stands_above_them() {
    let order = order();
    let place = |name: &str| order.iter().position(|known| known == name);
    let mut wrong = Vec::new();
    for file in files(&root()) {
        let own = module_of(&file);
        let Some(own_place) = place(&own) else { continue };
        let text = fs::read_to_string(&file).expect("a source file");
        let uses = text
            .lines()
            .enumerate()
            .flat_map(|(number, line)| named(line).into_iter().map(move |it| (number, it)));
        for (number, used) in uses {
            if place(&used).is_some_and(|used_place| used_place > own_place) {
                wrong.push(format!("{}:{}: {own} uses {used}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction of src/lib.rs:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    let order = order();
    let unplaced: Vec<String> = files(&root())
        .iter()
        .map(|file| module_of(file))
        .filter(|name| name != "lib" && name != "main" && !order.contains(name))
        .collect();
    assert!(unplaced.is_empty(), "not in src/lib.rs: {unplaced:?}");
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = files(&root())
        .iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(file).expect("a source file").lines().count();
            (lines > 400).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "over 400 lines, split along what they are about:\n{}", long.join("\n"));
}
