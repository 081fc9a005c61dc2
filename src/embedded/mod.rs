//! Files inside ConfigMaps and Secrets: what a key holds, what the file says, and on which line of the stream.
//!
//! [`holder::entries`] lists the keys of an object; [`Entry::file`] reads the file under a key; [`File::line_of`] and
//! [`Entry::line_in`] lead from a place in the file back to the stream.

pub mod file;
pub mod format;
pub mod holder;
mod lines;
mod toml;

pub use file::{Fault, File};
pub use format::Format;
pub use holder::{Content, Entry, entries};
