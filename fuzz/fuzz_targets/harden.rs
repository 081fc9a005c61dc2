//! Hardening never panics and never loops, its result can be read again, and hardening it again changes nothing.

#![no_main]

mod policy;

use hardtack::k8s::Scope;
use hardtack::wire::{Input, parse};
use hardtack::{Error, harden};
use libfuzzer_sys::fuzz_target;

fn hardened(text: String) -> Result<String, Error> {
    let stream = parse(Input { name: "fuzz".to_owned(), text })?;
    harden(&stream, policy::policy(), Scope::default()).map(|hardened| hardened.to_text())
}

fuzz_target!(|text: &str| {
    let once = match hardened(text.to_owned()) {
        Ok(once) => once,
        Err(error @ Error::Edit { .. }) => panic!("{error}"),
        Err(_) => return,
    };
    match hardened(once.clone()) {
        Ok(twice) => assert_eq!(once, twice),
        Err(error) => panic!("the result is refused: {error}\n{once}"),
    }
});
