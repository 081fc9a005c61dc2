//! Running the binary in a folder of its own.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::tools;

pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The rendered shop chart, with every common defect.
pub fn shop() -> String {
    fs::read_to_string(root().join("testdata/shop/rendered.yaml")).unwrap()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(tools::hardtack())
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HARDTACK_NO_DISCOVERY", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What `check -e production --report FORMAT` prints of a piped stream.
pub fn check(format: &str, input: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &["check", "-eproduction", "--report", format], input).stdout
}

pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}
