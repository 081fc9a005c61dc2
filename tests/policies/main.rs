//! Policies by example: bad ones with the words each is refused with, good ones with what they find.
//!
//! `HARDTACK_BLESS=1` writes the expected words instead of comparing.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bad;
mod expected;
mod fields;
mod guide;
mod teams;
