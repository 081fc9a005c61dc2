//! `hardtack policy …`: the policy file's own life.

pub mod args;
pub mod export;
pub mod init;
pub mod lint;
pub mod migrate;
pub mod schema;
pub mod show;
pub mod test;

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
        PolicyCommand::Export(wanted) => export::run(config, wanted),
        PolicyCommand::Init(wanted) => init::run(config, wanted),
        PolicyCommand::Lint(wanted) => lint::run(config, wanted),
        PolicyCommand::Test(wanted) => test::run(config, wanted),
        PolicyCommand::Schema => schema::run(),
        PolicyCommand::Migrate(wanted) => migrate::run(config, wanted),
        PolicyCommand::Show(wanted) => show::run(config, wanted),
    }
}
