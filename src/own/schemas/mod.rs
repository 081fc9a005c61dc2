//! JSON Schema rules of the team's own: on whole objects, on keys of ConfigMaps and Secrets, on the files in them.
//!
//! [`Document::load`] reads a schema and all it refers to, [`Schema::compile`] makes it ready, [`rule`] says what breaks it.

pub mod compile;
pub mod document;
mod fault;
mod judge;
mod nearest_branch;
pub mod rule;
mod words;

pub use compile::Schema;
pub use document::{Document, Reader};
pub use fault::Fault;
pub use rule::SchemaTerms;
