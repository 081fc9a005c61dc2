//! `policy schema`: the JSON Schema of the policy file, for editors.

use crate::cli::exit::Exit;
use crate::cli::output::to_stdout;
use crate::error::Error;

/// Made from the types by a test of `load::schema`.
const SCHEMA: &str = include_str!("../../../docs/policy.schema.json");

/// Prints it.
///
/// # Errors
/// [`Error::Io`].
pub fn run() -> Result<Exit, Error> {
    to_stdout(SCHEMA.as_bytes()).map(|()| Exit::Written)
}
