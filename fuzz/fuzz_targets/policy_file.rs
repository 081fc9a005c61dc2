//! A policy file is read or refused with a place; what is printed of it means the same; migrating it loses nothing.

#![no_main]

mod policy_life;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| policy_life::check(text));
