//! Secrets: how one is found, locked away and referred to. Knows no files and no network.

pub mod external;
pub mod fault;
mod metadata;
pub mod plain;
pub mod sealed;
pub mod secret;

pub use fault::Fault;
pub use plain::{LengthClass, Plain};
pub use secret::Secret;
