//! Secrets: how one is found, locked away and referred to. Knows no files and no network.

pub mod external;
pub mod fault;
pub mod holding;
mod metadata;
pub mod plain;
pub mod random;
pub mod replace;
pub mod rotation;
pub mod sealed;
pub mod secret;
pub mod strength;

pub use fault::Fault;
pub use plain::{LengthClass, Plain};
pub use secret::Secret;
