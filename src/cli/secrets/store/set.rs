//! `secrets set`.

use std::io::{IsTerminal, Read};

use zeroize::Zeroizing;

use super::{OnDisk, name_and_key};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::to_stderr;
use crate::cli::secrets::sops_args::Set;
use crate::error::{Error, STDIN};
use crate::secrets::Plain;

/// Sets a value.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then.
pub fn run(config: &Config, wanted: &Set) -> Result<Exit, Error> {
    let (name, key) = name_and_key(&wanted.place)?;
    let disk = OnDisk::read(config, &wanted.store)?;
    let terms = disk.terms(&wanted.recipients)?;
    let mut store = disk.open()?;
    let (value, source) = value(config, wanted)?;
    if value.expose().is_empty() {
        let help = "an empty secret is most often one that was not found; nothing was written";
        return Err(Error::usage("the value is empty", help));
    }
    let changed = store.set(name, key, value, source, disk.time).map_err(|error| disk.wrong(&error))?;
    disk.log(if changed { "set" } else { "set, unchanged" }, &wanted.place)?;
    disk.write(&store, &terms)?;
    if !config.common.quiet {
        let said = if changed { "is set" } else { "is so already" };
        to_stderr(&format!("{} {said} in {}\n", wanted.place, disk.name()));
    }
    Ok(Exit::Written)
}

fn value(config: &Config, wanted: &Set) -> Result<(Plain, &'static str), Error> {
    if let Some(path) = &wanted.from_file {
        let failed = |error| Error::Io { action: "read", path: path.display().to_string(), error };
        return Ok((read(std::fs::File::open(path).map_err(failed)?, config.limit).map_err(failed)?, "file"));
    }
    if std::io::stdin().is_terminal() {
        let asked = rpassword::prompt_password(format!("{}: ", wanted.place));
        let asked =
            asked.map_err(|error| Error::Io { action: "read", path: "the terminal".to_owned(), error })?;
        return Ok((Plain::from(asked), "prompt"));
    }
    let failed = |error| Error::Io { action: "read", path: STDIN.to_owned(), error };
    let read = read(std::io::stdin().lock(), config.limit).map_err(failed)?;
    if wanted.keep_newline {
        return Ok((read, "stdin"));
    }
    let bytes = read.expose();
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    Ok((Plain::new(bytes.strip_suffix(b"\r").unwrap_or(bytes).to_vec()), "stdin"))
}

fn read(reader: impl Read, limit: u64) -> std::io::Result<Plain> {
    let mut bytes = Zeroizing::new(Vec::new());
    reader.take(limit).read_to_end(&mut bytes)?;
    Ok(Plain::from(bytes))
}
