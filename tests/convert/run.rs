//! One run of the binary in a folder with a policy and a certificate.

use std::fs;
use std::path::Path;

use crate::binary::{self, Ran};
use crate::{CANARY, ENCODED};

pub const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sealed/test-only.cert.pem");
/// A day on which the certificate is fresh.
pub const DAY: &str = "2026-11-27";

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
    run_with(folder, &[], arguments, input)
}

/// The same with these variables.
pub fn run_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str], input: &str) -> Ran {
    let mut command = binary::command(folder, arguments);
    command.env_remove("HARDTACK_DIGEST_KEY_FILE").envs(variables.iter().copied());
    binary::run(command, input)
}
