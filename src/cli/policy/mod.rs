//! `hardtack policy …`: the policy file's own life.

pub mod args;
pub mod migrate;
pub mod show;

pub use args::PolicyCommand;

use super::config::Config;
use super::exit::Exit;
use crate::error::Error;

/// Runs one of the commands.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, command: &PolicyCommand) -> Result<Exit, Error> {
    match command {
        PolicyCommand::Migrate(wanted) => migrate::run(config, wanted),
        PolicyCommand::Show(wanted) => show::run(config, wanted),
    }
}
