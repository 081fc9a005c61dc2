//! Other post-renderers before and after: Helm takes only one.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::error::Error;

/// Runs a program on `input` and returns what it printed. The command is split on blanks; there is no shell. What the
/// program says on stderr goes through.
///
/// # Errors
/// [`Error::Usage`] when it cannot be started or is killed, [`Error::Program`] when it fails.
pub fn run(command: &str, input: &[u8]) -> Result<Vec<u8>, Error> {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else {
        return Err(Error::usage(
            "--before and --after take a program",
            "--before 'kustomize-wrapper --strict'",
        ));
    };
    let failed = |what: String| Error::usage(what, "hardtack wrote nothing");
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot start {program}: {error}")))?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // A program that reads nothing closes its end: that is its right.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    });
    let output = output.map_err(|error| failed(format!("{program}: {error}")))?;
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(code) => {
            Err(Error::Program { program: program.to_owned(), code: u8::try_from(code).unwrap_or(2) })
        }
        None => Err(failed(format!("{program} was killed"))),
    }
}
