//! `hardtack secrets …`: credentials found, locked away, and live ones kept.

mod adopt;
pub mod args;
mod scan;
mod seal;

pub use args::SecretsCommand;

use super::config::Config;
use super::exit::Exit;
use crate::error::Error;

/// Runs one of the commands.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, command: &SecretsCommand) -> Result<Exit, Error> {
    match command {
        SecretsCommand::Seal(wanted) => seal::run(config, wanted),
        SecretsCommand::Adopt(wanted) => adopt::run(config, wanted),
        SecretsCommand::Scan(wanted) => scan::run(config, wanted),
    }
}
