//! The policy file's life, through the binary: what is in force and who decided, and each `hardtack policy …`.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bad;
mod cases;
mod environment;
mod folder;
mod init;
#[path = "../../fuzz/fuzz_targets/policy_life.rs"]
mod life;
mod lint;
mod migrate;
mod mutants;
mod show;
