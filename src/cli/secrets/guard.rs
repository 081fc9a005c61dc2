//! What keeps secrets from leaving by the back door.

use std::io::IsTerminal;

use crate::error::Error;

/// No core dump of this process or of those it starts: one would hold every value in the clear.
pub(super) fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where the system refuses, the limit is lower already.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        // Nor may another process of the same user read its memory.
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
}

/// Refuses a terminal unless it was asked for.
pub(super) fn not_to_a_terminal(show: bool) -> Result<(), Error> {
    if show || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let help = "--show prints it all the same; -o FILE or a pipe keeps it off the screen";
    Err(Error::usage("standard output is a terminal, and this would print secrets on it", help))
}
