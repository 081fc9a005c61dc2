//! What a real API server says: of every object before and after hardening, and of releases that Helm installs.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the counts before and after are a result of their own")]

#[path = "../support/mod.rs"]
mod support;

mod adoption;
#[path = "../pss_oracle/bends.rs"]
mod bends;
mod complete;
#[path = "../pss_oracle/dice.rs"]
#[allow(dead_code, reason = "the Pod Security tests use the rest")]
mod dice;
mod dry_run;
mod export;
mod export_spares;
mod expressions;
mod lifecycle;
mod mutants;
#[path = "../pss_oracle/object.rs"]
#[allow(dead_code, reason = "the Pod Security tests use the rest")]
mod object;
mod schema;

/// What the bent pods are handed over in.
mod compare {
    /// An object to judge.
    pub struct Case {
        /// What it is, for the message.
        #[allow(dead_code, reason = "the Pod Security tests say it")]
        pub name: String,
        /// One document.
        pub text: String,
    }
}

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = dry_run::trials()
        .into_iter()
        .chain(expressions::trials())
        .chain(export::trials())
        .chain(export_spares::trials())
        .chain(lifecycle::trials())
        .chain(adoption::trials())
        .chain(schema::trials())
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
