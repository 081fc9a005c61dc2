//! What stands around a SOPS file: the creation rules of `.sops.yaml`, and the keys that open it.

pub mod command;
pub mod config;
pub mod identities;
pub mod terms;

pub use config::{Creation, creation_rule, find};
pub use identities::{Identities, Variables};
pub use terms::{Stated, choose};
