//! Reads what stands beside the stream: policy files, what they extend and mean, and charts.

mod admission;
pub mod cases;
pub mod chart;
pub mod discover;
pub mod environments;
pub mod file;
pub mod inside;
pub mod layers;
pub mod lint;
pub mod merge;
pub mod migrate;
mod own;
pub mod read;
pub mod resolve;
#[cfg(test)]
pub(crate) mod schema;
mod secrets;
pub mod shapes;
pub mod sops;
pub mod source;

pub use chart::Chart;
pub use discover::discover;
pub use read::{from_data, from_text};
pub use resolve::{load, load_environment, load_file};
pub use source::Source;
