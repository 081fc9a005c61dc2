//! How old secrets are, and new values in the place of old ones, in every form a secret has.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on fails"
)]

#[allow(dead_code, reason = "the tests of SOPS use more of it")]
#[path = "../sops/people.rs"]
mod people;
#[path = "../support/mod.rs"]
mod support;

mod manifests;
mod sealed;
mod status;
mod stores;

use libtest_mimic::Arguments;

use people::Someone;
use support::programs::root;
use support::sandbox::Ran;

fn main() {
    let trials = [status::trials(), stores::trials(), manifests::trials(), sealed::trials()];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit();
}

/// Words that no output may hold: every value in these tests begins so, and what it is in base64.
const CANARIES: [&str; 2] = ["canary-", "Y2FuYXJ5L"];

/// Runs hardtack on a day; whatever comes of it, no value is said.
#[track_caller]
fn on(someone: &Someone, day: &str, args: &[&str]) -> Ran {
    let call = someone.sandbox.call("hardtack").arg("secrets").args(args);
    let ran = call.env("HARDTACK_DATE", day).env("SOURCE_DATE_EPOCH", "1795651200").run();
    for canary in CANARIES {
        assert!(!ran.stdout.contains(canary) && !ran.stderr.contains(canary), "{args:?}: {}", ran.stderr);
    }
    ran
}

/// A rotation that works: nothing on stdout; the file as it is then.
#[track_caller]
fn rotated(someone: &Someone, day: &str, file: &str, args: &[&str]) -> (String, String) {
    let ran = on(someone, day, &[&["rotate"], args].concat());
    assert_eq!(ran.succeeded().stdout, "");
    (read(someone, file), ran.stderr)
}

fn read(someone: &Someone, file: &str) -> String {
    std::fs::read_to_string(someone.sandbox.path("work").join(file)).unwrap()
}

fn testdata(name: &str) -> String {
    std::fs::read_to_string(root().join("testdata").join(name)).unwrap()
}

/// The first line that holds a text.
#[track_caller]
fn line<'t>(text: &'t str, with: &str) -> &'t str {
    text.lines().find(|line| line.contains(with)).unwrap_or_else(|| panic!("no {with:?} in\n{text}"))
}

/// What differs between two texts, line by line: those that are gone and those that are new.
fn difference<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let only = |one: &'t str, other: &'t str| {
        one.lines().filter(|line| !other.lines().any(|it| it == *line)).map(str::trim).collect()
    };
    (only(before, after), only(after, before))
}
