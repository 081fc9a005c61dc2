//! Rules on fields and the policies of `testdata/policies`, by example (bad policies are judged by `tests/policy`).
//!
//! `HARDTACK_BLESS=1` writes the expected words instead of comparing.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../api/expressions/case.rs"]
#[allow(dead_code, reason = "the tests on the server use the rest")]
mod case;
mod expected;
mod expressions;
mod fields;
mod guide;
mod teams;
