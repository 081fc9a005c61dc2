//! What an object is, where its pods are, and what the whole release says about them; knows no rules.

pub mod image;
pub mod kinds;
pub mod object;
pub mod order;
pub mod quantity;
pub mod release;
pub mod resources;
pub mod selector;
pub mod template;
pub mod workload;

pub use object::{Identity, Object};
pub use release::{Release, Scope};
pub use workload::{Access, Container, List, Part, Workload};
