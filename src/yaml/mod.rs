//! YAML as text that keeps every byte; knows no Kubernetes objects, only how Kubernetes reads YAML.
//!
//! [`stream::parse`] cuts a stream into documents and gives each a [`tree::Tree`] whose nodes point into the
//! text; [`value::Value`] reads it; [`edit::apply`] changes a document's text at [`route::Route`]s and proves
//! that nothing else moved.

mod block;
pub mod comments;
mod cut;
pub mod data;
mod document;
pub mod edit;
pub mod error;
mod fallback;
mod fallbacks;
mod flow;
mod layout;
mod lines;
mod place;
mod proof;
mod quote;
mod refuse;
pub mod rewrite;
pub mod route;
pub mod scalar;
pub mod shared;
mod skip;
mod slot;
mod splice;
pub mod stream;
mod table;
pub mod tree;
pub mod value;
mod want;
pub mod write;

pub use data::Data;
pub use edit::{Edit, Op};
pub use error::YamlError;
pub use route::{Route, Step};
pub use scalar::Scalar;
pub use stream::{Document, Stream};
pub use tree::{Kind, Node, Tree};
pub use value::Value;
