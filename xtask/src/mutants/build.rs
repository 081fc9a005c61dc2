//! The copy of the repository that the mutants are built in, and its test programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::list::Mutant;
use super::switch::{Switched, switched};
use crate::run::{run_quietly, say};
use crate::test::cargo;

/// A copy of the repository.
pub struct Tree {
    root: PathBuf,
    folder: PathBuf,
    /// The sources as they were when the copy was made: the repository may move on meanwhile.
    sources: BTreeMap<String, String>,
}

/// A test program.
#[derive(Debug, Clone)]
pub struct Program {
    /// `lib`, or the name of the test target.
    pub name: String,
    /// What to run.
    pub path: PathBuf,
}

impl Tree {
    /// Copies what git knows of, as it is now, and what the tests find beside the checkout.
    pub fn new(root: &Path) -> Result<Self> {
        let folder = root.join("target/mutants/tree");
        if folder.is_dir() {
            fs::remove_dir_all(&folder)?;
        }
        let listed = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()?;
        ensure!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        let names = String::from_utf8(listed.stdout)?;
        let mut sources = BTreeMap::new();
        for name in names.split('\0').filter(|name| root.join(name).is_file()) {
            let to = folder.join(name);
            fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
            // Keeps the time, by which cargo knows what is built.
            run_quietly(Command::new("cp").arg("-p").arg(root.join(name)).arg(&to))?;
            if name.starts_with("src/") && name.ends_with(".rs") {
                sources.insert(name.to_owned(), fs::read_to_string(&to)?);
            }
        }
        Ok(Self { root: root.to_owned(), folder, sources })
    }

    /// The folder of the copy.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The text of a source without any mutant.
    pub fn original(&self, file: &str) -> Result<&str> {
        self.sources.get(file).map(String::as_str).with_context(|| format!("there is no {file}"))
    }

    /// Changes a file of the copy.
    pub fn write(&self, file: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.folder.join(file), text)?)
    }

    fn cargo(&self) -> Command {
        let mut command = cargo(&self.folder);
        command.env("CARGO_TARGET_DIR", self.root.join("target/mutants/target"));
        // Nobody debugs a mutant.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        command
    }

    /// Puts every mutant behind a switch; answers which have none, and which the compiler refuses.
    pub fn switch(&self, mutants: &[Mutant], switches: &str) -> Result<(BTreeSet<usize>, BTreeSet<usize>)> {
        let (mut apart, mut unviable) = (BTreeSet::new(), BTreeSet::new());
        self.write("src/mutant.rs", switches)?;
        let library = self.original("src/lib.rs")?;
        self.write("src/lib.rs", &library.replacen("pub mod yaml;", "pub mod mutant;\n\npub mod yaml;", 1))?;
        loop {
            let mut files: BTreeMap<&str, Vec<(usize, &Mutant)>> =
                mutants.iter().map(|mutant| (mutant.file.as_str(), Vec::new())).collect();
            for (number, mutant) in mutants
                .iter()
                .enumerate()
                .filter(|(number, _)| !apart.contains(number) && !unviable.contains(number))
            {
                files.entry(&mutant.file).or_default().push((number, mutant));
            }
            let mut written = BTreeMap::new();
            for (file, mutants) in files {
                let made = switched(self.original(file)?, &mutants).with_context(|| file.to_owned())?;
                self.write(file, &made.text)?;
                apart.extend(made.apart.iter().copied());
                written.insert(file.to_owned(), made);
            }
            let refused = self.refused(&written)?;
            if refused.is_empty() {
                return Ok((apart, unviable));
            }
            say(format_args!("{} are none: the compiler refuses them", refused.len()))?;
            unviable.extend(refused);
        }
    }

    /// The mutants that the compiler's errors lie in.
    fn refused(&self, files: &BTreeMap<String, Switched>) -> Result<BTreeSet<usize>> {
        let output = self.cargo().args(["check", "--lib", "--quiet", "--message-format=json"]).output()?;
        let mut refused = BTreeSet::new();
        for message in messages(&output, "compiler-message") {
            let message = &message["message"];
            if message["level"] != "error" {
                continue;
            }
            let places = message["spans"].as_array().into_iter().flatten();
            let found = places.filter_map(|place| {
                let file = files.get(place["file_name"].as_str()?)?;
                let number = |key: &str| usize::try_from(place[key].as_u64()?).ok();
                file.mutants_at(number("byte_start")?..number("byte_end")?)
            });
            match found.min_by_key(|mutants| mutants.len()) {
                Some(mutants) => refused.extend(mutants.iter().copied()),
                None if message["spans"].as_array().is_none_or(Vec::is_empty) => {}
                None => bail!("the copy does not compile: {}", message["rendered"]),
            }
        }
        ensure!(
            output.status.success() || !refused.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(refused)
    }

    /// Builds test programs of these targets; `None` when they do not compile.
    pub fn programs(&self, tests: &[&str]) -> Result<Option<Vec<Program>>> {
        let mut command = self.cargo();
        command.args(["test", "--no-run", "--quiet", "--message-format=json", "--lib"]);
        for test in tests {
            command.args(["--test", test]);
        }
        let output = command.output()?;
        if !output.status.success() {
            return Ok(None);
        }
        let mut programs = Vec::new();
        for message in messages(&output, "compiler-artifact") {
            let Some(path) = message["executable"].as_str() else { continue };
            let is_test = message["profile"]["test"] == true;
            let name = message["target"]["name"].as_str().unwrap_or_default();
            let name = if message["target"]["kind"][0] == "lib" { "lib" } else { name };
            if is_test || tests.contains(&name) {
                programs.push(Program { name: name.to_owned(), path: path.into() });
            }
        }
        ensure!(!programs.is_empty(), "no test program was built");
        Ok(Some(programs))
    }
}

fn messages(output: &Output, reason: &'static str) -> impl Iterator<Item = Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    messages.into_iter().filter(move |message: &Value| message["reason"] == reason)
}
