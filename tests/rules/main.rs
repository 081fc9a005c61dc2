//! Fixtures of the rules: one test per `*.before.yaml` and `*.same.yaml` under `src/rules`, named after the file. Those
//! in `tests/rules/together` are about several rules that meet: their first line names them.
//!
//! `HARDTACK_BLESS=1` writes `*.after.yaml` and `*.report.txt` anew: read the difference before you commit it.

mod fixture;
mod light_hand;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fixture::{Fixture, Kind};
use hardtack::rule::{FixKind, Rule};
use hardtack::rules::{RULES, find};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("src/rules");
    let bless = std::env::var_os("HARDTACK_BLESS").is_some_and(|value| value == "1");
    let mut trials = vec![{
        let folder = folder.clone();
        Trial::test("every_folder_belongs_to_a_rule", move || folders_have_rules(&folder))
    }];
    for rule in RULES.iter().copied() {
        let folder = folder.join(rule.id);
        let alone = |_: &Path| Ok(vec![rule]);
        trials.extend(fixtures(&folder, alone).into_iter().map(|fixture| trial(rule.id, fixture, bless)));
        let name = format!("{}/files", rule.id);
        trials.push(Trial::test(name, move || files_are_complete(rule, &folder)));
    }
    let together = fixtures(&root.join("tests/rules/together"), rules_named_in);
    trials.extend(together.into_iter().map(|fixture| trial("together", fixture, bless)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn trial(group: &str, fixture: Result<Fixture, String>, bless: bool) -> Trial {
    match fixture {
        Ok(fixture) => {
            let name = format!("{group}/{}", fixture.name);
            Trial::test(name, move || fixture.run(bless).map_err(Failed::from))
        }
        Err(error) => Trial::test(format!("{group}/unreadable"), move || Err(error.into())),
    }
}

fn fixtures(
    folder: &Path,
    rules: impl Fn(&Path) -> Result<Vec<&'static Rule>, String>,
) -> Vec<Result<Fixture, String>> {
    let one = |path: &PathBuf| {
        let file = file_name(path);
        let before = file.strip_suffix(".before.yaml").map(|name| (name.to_owned(), Kind::Before));
        let same = file.strip_suffix(".same.yaml").map(|name| (name.to_owned(), Kind::Same));
        let (name, kind) = before.or(same)?;
        Some(rules(path).map(|rules| Fixture { rules, folder: folder.to_owned(), name, kind }))
    };
    files(folder).iter().filter_map(one).collect()
}

/// The rules in the line `# rules: one, other` that opens a file.
fn rules_named_in(path: &Path) -> Result<Vec<&'static Rule>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let names = text.lines().next().and_then(|line| line.strip_prefix("# rules: "));
    let names = names.ok_or_else(|| format!("{}: the first line is no `# rules: …`", path.display()))?;
    let known =
        |name: &str| find(name).ok_or_else(|| format!("{}: no rule is called {name}", path.display()));
    names.split(", ").map(known).collect()
}

fn folders_have_rules(folder: &Path) -> Result<(), Failed> {
    let folders = files(folder).into_iter().filter(|path| path.is_dir());
    let strays: Vec<String> =
        folders.map(|path| file_name(&path)).filter(|name| find(name).is_none()).collect();
    if strays.is_empty() { Ok(()) } else { Err(format!("no rule is called {}", strays.join(", ")).into()) }
}

/// Every rule has its example with what becomes of it and a case that stays the same, and nothing lies about.
fn files_are_complete(rule: &Rule, folder: &Path) -> Result<(), Failed> {
    let names: Vec<String> = files(folder).iter().map(|path| file_name(path)).collect();
    let has = |name: String| names.contains(&name);
    let example = if rule.fix == FixKind::No { "example.report.txt" } else { "example.after.yaml" };
    for needed in ["example.before.yaml", example] {
        if !has(needed.to_owned()) {
            return Err(format!("{needed} is missing").into());
        }
    }
    if rule.fix == FixKind::No && names.iter().any(|name| name.ends_with(".after.yaml")) {
        return Err("a rule that only reports has no NAME.after.yaml".into());
    }
    if !names.iter().any(|name| name.ends_with(".same.yaml")) {
        return Err("a manifest that must come out untouched is missing: add NAME.same.yaml".into());
    }
    for name in &names {
        let result = [".after.yaml", ".report.txt"].iter().find_map(|ending| name.strip_suffix(ending));
        let policy = name.strip_suffix(".policy.yaml");
        let belongs = match (result, policy) {
            (Some(stem), _) => has(format!("{stem}.before.yaml")),
            (_, Some(stem)) => has(format!("{stem}.before.yaml")) || has(format!("{stem}.same.yaml")),
            _ => name.ends_with(".before.yaml") || name.ends_with(".same.yaml"),
        };
        if !belongs {
            return Err(format!("{name} belongs to no fixture").into());
        }
    }
    Ok(())
}
