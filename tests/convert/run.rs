//! One run of the binary in a folder with a policy and a certificate.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{CANARY, ENCODED};

pub const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sealed/test-only.cert.pem");
/// A day on which the certificate is fresh.
pub const DAY: &str = "2026-11-27";

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn written(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.says_no_secret();
        &self.stdout
    }

    /// It failed, wrote nothing, and says this.
    #[track_caller]
    pub fn failed_with(&self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{}\n{}", self.stderr, self.stdout);
        assert!(self.stdout.is_empty(), "{}", self.stdout);
        for words in words {
            assert!(self.stderr.contains(words), "{words:?} is not in\n{}", self.stderr);
        }
        self.says_no_secret();
    }

    #[track_caller]
    pub fn says_no_secret(&self) {
        assert!(!self.stderr.contains(CANARY) && !self.stderr.contains(ENCODED), "{}", self.stderr);
    }
}

/// Runs hardtack under a policy with this `secrets:` block. What comes after `secrets:` is the rest of its spec.
pub fn hardtack(secrets: &str, arguments: &[&str], input: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
    let policy = format!(
        "apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {{name: t}}\nspec:\n  gate: {{severity: never}}\n  secrets: {secrets}\n"
    );
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("the policy");
    run_in(folder.path(), &[arguments, &["--date", DAY]].concat(), input)
}

pub fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hardtack"));
    command.args(arguments).current_dir(folder).env_remove("HARDTACK_DIGEST_KEY_FILE");
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("hardtack starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("hardtack ends");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
