//! What several test targets share: real programs, Kubernetes' own libraries, the charts to judge.
#![allow(dead_code, reason = "each test target uses its own part of this")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

pub mod cluster;
pub mod corpus;
pub mod objects;
pub mod oracle;
pub mod programs;
pub mod protobuf;
pub mod sandbox;
pub mod standin;
pub mod tools;
