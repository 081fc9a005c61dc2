//! kustomize, the real one, with hardtack as transformer, validator and generator.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod build;
mod corpus;
mod function;
mod secrets;

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let all = [build::trials(), corpus::trials(), function::trials(), secrets::trials()];
    libtest_mimic::run(&args, all.into_iter().flatten().collect()).exit();
}
