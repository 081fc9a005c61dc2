//! `secrets get`.

use std::io::{IsTerminal, Write};

use super::{OnDisk, name_and_key};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{not_written, stdout};
use crate::cli::secrets::guard;
use crate::cli::secrets::sops_args::Get;
use crate::error::Error;
use crate::nearest::hint;

/// Prints a value: its bytes and nothing else, on a terminal with a line end.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Get) -> Result<Exit, Error> {
    let (name, key) = name_and_key(&wanted.place)?;
    guard::not_to_a_terminal(wanted.show)?;
    let disk = OnDisk::read(config, &wanted.store)?;
    disk.there()?;
    let store = disk.open()?;
    let Some(value) = store.get(name, key) else {
        disk.log("get, not there", &wanted.place)?;
        let known: Vec<String> = store
            .secrets
            .iter()
            .flat_map(|(name, entry)| entry.values.keys().map(move |key| format!("{name}/{key}")))
            .collect();
        let help = hint(
            &wanted.place,
            known.iter().map(String::as_str),
            "hardtack secrets list shows what there is",
        );
        return Err(Error::usage(format!("{} is not in {}", wanted.place, disk.name()), help));
    };
    disk.log("get", &wanted.place)?;
    let mut out = stdout();
    let end: &[u8] = if std::io::stdout().is_terminal() { b"\n" } else { b"" };
    out.write_all(value.expose())
        .and_then(|()| out.write_all(end))
        .and_then(|()| out.flush())
        .map_err(not_written)?;
    Ok(Exit::Written)
}
