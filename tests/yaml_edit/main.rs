//! Edits at routes: every byte outside of them stays, and the data is as planned.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod dice;
mod fallbacks;
mod in_place;
mod model;

mod operations;
mod properties;
mod quoting;
mod strings;
mod styles;
mod surroundings;
