//! Edits at routes: every byte outside of them stays, and the data is as planned.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod fallbacks;
mod in_place;
mod model;
mod operations;
mod surroundings;
