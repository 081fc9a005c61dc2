//! Rules on fields: what a value at a place must be, without code.
//!
//! [`spec`] is what the policy file says, `target` says where it looks and `look` what stands there, [`demand`] judges the values, [`rule`] joins
//! them into a check.

pub mod amount;
pub mod demand;
mod exported;
mod look;
pub mod path;
pub mod rule;
mod shown;
pub mod spec;
mod target;
mod variables;

pub use spec::FieldSpec;
