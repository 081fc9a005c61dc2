//! hardtack hardens rendered Kubernetes manifests without losing a byte.
//!
//! A module uses only modules above it in this list.

pub mod yaml;

pub mod error;

pub mod nearest;

pub mod date;

pub mod letters;

pub mod k8s;

pub mod embedded;

pub mod secrets;

pub mod resolve;

pub mod template;

pub mod cel;

pub mod pss;

pub mod schema;

pub mod finding;

pub mod policy;

pub mod own;

pub mod rule;

pub mod rules;

pub mod plan;

pub mod edit;

pub mod convert;

pub mod validate;

pub mod harden;

pub mod emit;

pub mod checklist;

pub mod load;

pub mod stores;

pub mod export;

pub mod report;

pub mod wire;

pub mod cli;

pub use error::Error;
pub use harden::{Hardened, harden};
pub use policy::Policy;
