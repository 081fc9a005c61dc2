//! hardtack hardens rendered Kubernetes manifests without losing a byte.
//!
//! A module uses only modules above it in this list.

pub mod yaml;

pub mod k8s;

pub mod pss;

pub mod finding;

pub mod policy;

pub mod rule;

pub mod rules;

pub mod plan;
