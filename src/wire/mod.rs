//! How manifests come in and go out: streams, ResourceLists, files.

pub mod files;
pub mod input;
pub mod krm;
pub mod labels;

pub use input::{Input, parse};
