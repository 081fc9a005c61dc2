//! What the linker leaves out of a release.
//!
//! A program that ends at a panic never unwinds, so it needs no tables for that; and functions that came out alike need
//! to be there once. Together they are nearly a tenth of the file. The linker that comes with Rust for this target
//! understands the options; others are not asked.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=packaging/no-unwinding.ld");
    let is = |variable: &str, value: &str| env::var(variable).is_ok_and(|it| it == value);
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") {
        let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        for option in ["--no-eh-frame-hdr", "--icf=all", &format!("-T,{root}/packaging/no-unwinding.ld")] {
            println!("cargo:rustc-link-arg-bins=-Wl,{option}");
        }
    }
}
