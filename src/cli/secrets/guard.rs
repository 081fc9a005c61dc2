//! What keeps secrets from leaving by the back door.

use std::io::IsTerminal;

use crate::error::Error;

/// Refuses a terminal unless it was asked for.
pub(super) fn not_to_a_terminal(show: bool) -> Result<(), Error> {
    if show || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let help = "--show prints it all the same; -o FILE or a pipe keeps it off the screen";
    Err(Error::usage("standard output is a terminal, and this would print secrets on it", help))
}
