//! The shell around the library: what was typed, what it means, what comes out.

pub mod args;
pub mod chain;
pub mod check;
pub mod config;
mod core_dumps;
pub mod definitions;
pub mod exit;
pub mod files;
pub mod output;
pub mod panic;
pub mod policy;
pub mod reports;
pub mod resolving;
pub mod run;
pub mod secrets;
pub mod stream;
