//! Secrets: how one is found, locked away and referred to. Knows no files and no network.

pub mod certificate;
pub mod digest;
pub mod earlier;
pub mod external;
pub mod fault;
pub mod find;
pub mod holding;
pub mod kept;
pub mod metadata;
pub mod plain;
pub mod random;
pub mod reference;
pub mod replace;
pub mod rotation;
pub mod sealed;
pub mod secret;
pub mod sops;
pub mod store;
pub mod strength;
pub mod typed;
pub mod unstable;

pub use digest::DigestKey;
pub use earlier::Earlier;
pub use fault::Fault;
pub use plain::{LengthClass, Plain};
pub use secret::Secret;
