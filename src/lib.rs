//! hardtack hardens rendered Kubernetes manifests without losing a byte.
//!
//! A module uses only modules above it in this list.
#![doc = ""]

pub mod yaml;

pub mod pss;
