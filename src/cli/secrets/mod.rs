//! `hardtack secrets …`: credentials found, encrypted, decrypted, sealed, kept and replaced, and live Secrets kept while
//! they change their form.

mod adopt;
pub mod args;
mod decrypt;
mod doctor;
mod encrypt;
mod exempt;
mod guard;
mod keygen;
mod opened;
mod private;
mod rotate;
pub mod rotation_args;
mod scan;
mod seal;
mod sealing;
pub mod sops_args;
mod status;
mod store;
mod terms;

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
        SecretsCommand::Encrypt(wanted) => encrypt::run(config, wanted),
        SecretsCommand::Decrypt(wanted) => decrypt::run(config, wanted),
        SecretsCommand::Keygen(wanted) => keygen::run(wanted),
        SecretsCommand::Set(wanted) => store::set::run(config, wanted),
        SecretsCommand::Get(wanted) => store::get::run(config, wanted),
        SecretsCommand::List(wanted) => store::list::run(config, wanted),
        SecretsCommand::Edit(wanted) => store::edit::run(config, wanted),
        SecretsCommand::Seal(wanted) => seal::run(config, wanted),
        SecretsCommand::Adopt(wanted) => adopt::run(config, wanted),
        SecretsCommand::Doctor(wanted) => doctor::run(config, wanted),
        SecretsCommand::Rotate(wanted) => rotate::run(config, wanted),
        SecretsCommand::Status(wanted) => status::run(config, wanted),
        SecretsCommand::Scan(wanted) => scan::run(config, wanted),
    }
}
