//! What is said when hardtack itself fails.

use std::panic::{Location, PanicHookInfo};

use super::output::to_stderr;

/// From now on a panic says where it happened, ends the program with code 2 like any other failure, and keeps its message
/// to itself: those of the standard library quote the text they were about, and that may be a secret.
#[expect(clippy::exit, reason = "after a panic there is nothing to go back to")]
pub fn say_only_where() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        to_stderr(&words(panic.location()));
        std::process::exit(2);
    }));
}

fn words(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(String::new, |place| format!(" at {place}"));
    format!(
        "error: hardtack itself failed{place}\nhelp: please report this place with the version; the \
         message is left out, since it may quote the input\n"
    )
}
