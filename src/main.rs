//! The `hardtack` binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    hardtack::cli::run::run().into()
}
