//! Rules on fields and in CEL, what is exported of them, and the policies of `testdata/policies`, by example (bad policies are judged by `tests/policy`).
//!
//! `HARDTACK_BLESS=1` writes the expected words instead of comparing.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../api/expressions/cases.rs"]
#[allow(dead_code, reason = "the tests on a real API server use the rest")]
mod cases;
mod expected;
mod exported;
mod expressions;
mod fields;
mod guide;
mod places;
mod teams;
