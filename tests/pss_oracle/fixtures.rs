//! Upstream's own pods, from the Go module cache: `<level>/v1.<minor>/<pass|fail>/<check><n>.yaml`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hardtack::pss::{Level, Version, controls::CHECKS};
use hardtack::yaml::stream::{ParseOptions, parse};

use crate::compare::{Case, all_versions, pod, refusing};

/// One fixture.
pub struct Fixture {
    pub case: Case,
    pub level: Level,
    pub minor: u8,
    pub passes: bool,
    /// The check that the file is about, in lower case.
    pub check: String,
}

/// The folder of the fixtures, or why there is none.
pub fn folder() -> Result<PathBuf, String> {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let module = Command::new("go")
        .args(["list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission"])
        .env("GOPROXY", "off")
        .current_dir(oracle)
        .output();
    let module = module.ok().filter(|output| output.status.success());
    let module = module.and_then(|output| String::from_utf8(output.stdout).ok());
    let folder = module.map(|path| Path::new(path.trim()).join("test/testdata")).filter(|path| path.is_dir());
    folder.ok_or_else(|| "k8s.io/pod-security-admission is not in Go's module cache".to_owned())
}

/// All of them, sorted by path.
pub fn all(folder: &Path) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for level in [Level::Baseline, Level::Restricted] {
        for minor in all_versions() {
            for (kind, passes) in [("pass", true), ("fail", false)] {
                let path = folder.join(format!("{level}/v1.{minor}/{kind}"));
                let mut files: Vec<PathBuf> = fs::read_dir(&path)
                    .expect("a folder of fixtures")
                    .map(|it| it.expect("a file").path())
                    .collect();
                files.sort();
                fixtures.extend(files.iter().map(|file| read(file, level, minor, passes)));
            }
        }
    }
    fixtures
}

fn read(file: &Path, level: Level, minor: u8, passes: bool) -> Fixture {
    let text = fs::read_to_string(file).expect("a fixture is text");
    let stem = file.file_stem().expect("a file has a name").to_string_lossy();
    let check = stem.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    Fixture { case: Case { name: file.display().to_string(), text }, level, minor, passes, check }
}

impl Fixture {
    /// What is wrong with our verdict, by the fixture's own folder and name.
    pub fn difference(&self) -> Option<String> {
        let stream = parse(self.case.text.clone(), ParseOptions::default()).expect("a fixture is YAML");
        let pod = pod(&stream).expect("a fixture is a pod");
        let refused_by = refusing(&pod, self.level, Version::new(self.minor));
        let right = if self.passes { refused_by.is_empty() } else { self.names(&refused_by) };
        (!right).then(|| format!("{}: refused by {refused_by:?}", self.case.name))
    }

    /// Whether the check that the file is named after refuses, or the one that stands in for it.
    fn names(&self, refused_by: &[&str]) -> bool {
        let about = |id: &str| id.to_lowercase() == self.check;
        let checks = CHECKS.iter().filter(|check| about(check.id) || check.overrides.is_some_and(about));
        checks.into_iter().any(|check| refused_by.contains(&check.id))
    }
}
