//! SOPS: what hardtack writes is decrypted by the real sops, what the real sops writes is read, and no flipped bit makes a
//! secret another one.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod cluster_tools;
mod dice;
mod flips;
mod made_by_sops;
mod people;
mod random;
mod settings;
mod store;
mod words;
mod written;

use libtest_mimic::Arguments;

fn main() {
    let trials = [
        made_by_sops::trials(),
        written::trials(),
        cluster_tools::trials(),
        random::trials(),
        flips::trials(),
        settings::trials(),
        store::trials(),
        words::trials(),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit();
}
