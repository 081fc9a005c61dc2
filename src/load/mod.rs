//! Reads policy files: the text, what it extends, and what it means.

pub mod discover;
pub mod environments;
pub mod file;
pub mod layers;
pub mod merge;
pub use crate::nearest;
pub mod read;
pub mod resolve;
pub mod shapes;
pub mod source;

pub use discover::discover;
pub use read::{from_data, from_text};
pub use resolve::{load, load_environment, load_file};
pub use source::Source;
