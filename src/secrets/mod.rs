//! Secrets: how one is found, locked away and referred to. Knows no files and no network.

pub mod plain;

pub use plain::{LengthClass, Plain};
