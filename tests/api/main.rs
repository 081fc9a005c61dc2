//! What a real API server says: of every object before and after hardening, and of releases that Helm installs.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the counts before and after are a result of their own")]

#[path = "../support/mod.rs"]
mod support;

mod dry_run;
mod expressions;
mod lifecycle;
mod mutants;
mod schema;

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = dry_run::trials()
        .into_iter()
        .chain(expressions::trials())
        .chain(lifecycle::trials())
        .chain(schema::trials())
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
