//! References and the stores that answer them, over real sockets, files, variables and commands: what is resolved, what is
//! refused, and that no word of a run holds a value.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod aws;
mod faults;
mod kv;
mod pipeline;
mod places;
mod vals_oracle;
mod vault;
mod world;

use libtest_mimic::Trial;

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let trials = [
        vault::trials(),
        faults::trials(),
        places::trials(),
        pipeline::trials(),
        aws::trials(),
        vals_oracle::trials(),
    ];
    libtest_mimic::run(&args, trials.into_iter().flatten().collect()).exit();
}

/// Tests that need nothing but this machine.
fn plain(group: &str, tests: &[(&str, fn())]) -> Vec<Trial> {
    let trial = |(name, test): &(&str, fn())| {
        let test = *test;
        Trial::test(format!("{group}::{name}"), move || {
            test();
            Ok(())
        })
    };
    tests.iter().map(trial).collect()
}
