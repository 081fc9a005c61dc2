//! Writes the gate of a policy for other gates: what a cluster can hold by itself.

pub mod pods;
pub mod vap;

pub use vap::{Exported, vap};
