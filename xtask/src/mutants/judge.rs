//! Runs the test programs as a mutant: a failure or a hang catches it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::build::Program;
use crate::run::{run_quietly, say};

/// The file that names the mutant that is on, and the one that takes in which were come by: see `mutant.rs.in`.
const ON: &str = "target-mutant";
const SEEN: &str = "target-seen";

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The tests of this program fail.
    Caught(String),
    /// This program did not end in many times its usual time.
    Hung(String),
    /// Every test passes.
    Missed,
    /// No test comes near it.
    NotReached,
    /// It does not compile.
    Unviable,
}

/// Test programs with what they took and which mutants they come by.
pub struct Judge {
    programs: Vec<(Program, Duration, HashSet<usize>)>,
    folder: std::path::PathBuf,
}

impl Judge {
    /// Runs each program once as it should be.
    pub fn new(programs: Vec<Program>, folder: &Path) -> Result<Self> {
        let mut judge = Self { programs: Vec::new(), folder: folder.to_owned() };
        for program in programs {
            let seen = folder.join(SEEN);
            fs::write(&seen, "")?;
            let start = Instant::now();
            let ended = judge.run(&program, Duration::MAX)?;
            ensure!(ended == Some(true), "{}: its tests fail without any mutant", program.name);
            let took = start.elapsed();
            let text = fs::read_to_string(&seen)?;
            let reached: HashSet<usize> = text.lines().filter_map(|line| line.parse().ok()).collect();
            say(format_args!(
                "{:<16} {:>6.1} s, comes by {} mutants",
                program.name,
                took.as_secs_f64(),
                reached.len()
            ))?;
            fs::remove_file(seen)?;
            judge.programs.push((program, took, reached));
        }
        judge.programs.sort_by_key(|(_, took, _)| *took);
        Ok(judge)
    }

    /// Whether the tests pass; `None` when they do not end in time.
    fn run(&self, program: &Program, limit: Duration) -> Result<Option<bool>> {
        let mut command = Command::new(&program.path);
        command.current_dir(&self.folder).arg("--quiet").env("CARGO_MANIFEST_DIR", &self.folder);
        // As cargo would: some tests look for it.
        command.env("CARGO_PKG_NAME", "hardtack");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.process_group(0);
        let mut child =
            command.spawn().with_context(|| format!("cannot start {}", program.path.display()))?;
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status.success()));
            }
            if start.elapsed() > limit {
                // With what it started, which may be what hangs.
                run_quietly(Command::new("kill").arg("-KILL").arg("--").arg(format!("-{}", child.id())))?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What becomes of the mutant behind a switch.
    pub fn switched(&self, number: usize) -> Result<Outcome> {
        let file = self.folder.join(ON);
        fs::write(&file, number.to_string())?;
        let near = self.programs.iter().filter(|(_, _, reached)| reached.contains(&number));
        let outcome = self.outcome(near.map(|(program, took, _)| (program, *took)));
        fs::remove_file(file)?;
        outcome
    }

    /// What becomes of a mutant that has a build of its own.
    pub fn built(&self, programs: &[Program]) -> Result<Outcome> {
        let usual: BTreeMap<&str, Duration> =
            self.programs.iter().map(|(program, took, _)| (program.name.as_str(), *took)).collect();
        let took = |name: &str| usual.get(name).copied().unwrap_or_default();
        self.outcome(programs.iter().map(|program| (program, took(&program.name))))
    }

    fn outcome<'p>(&self, programs: impl Iterator<Item = (&'p Program, Duration)>) -> Result<Outcome> {
        let mut outcome = Outcome::NotReached;
        for (program, took) in programs {
            match self.run(program, took * 5 + Duration::from_secs(60))? {
                Some(true) => outcome = Outcome::Missed,
                Some(false) => return Ok(Outcome::Caught(program.name.clone())),
                None => return Ok(Outcome::Hung(program.name.clone())),
            }
        }
        Ok(outcome)
    }
}
