//! `secrets list`.

use super::OnDisk;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::to_stdout;
use crate::cli::secrets::sops_args::{List, ListFormat};
use crate::error::Error;
use crate::secrets::rotation::Note;
use crate::secrets::store::{self, Listed};

/// Prints names, keys and days.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &List) -> Result<Exit, Error> {
    let disk = OnDisk::read(config, &wanted.store)?;
    let listed = store::list(disk.there()?).map_err(|error| disk.wrong(&error))?;
    let text = match wanted.format {
        ListFormat::Text => listed.iter().map(lines).collect(),
        ListFormat::Json => format!("{:#}\n", serde_json::json!({"version": 1, "secrets": listed})),
    };
    to_stdout(text.as_bytes()).map(|()| Exit::Written)
}

fn lines(listed: &Listed) -> String {
    let line = |key: &String| {
        let own = Note::Issued.of_key(key).and_then(|name| listed.annotations.get(&name));
        let issued = own.or_else(|| listed.annotations.get(&Note::Issued.of_object()));
        format!("{:<10}  {}/{key}\n", issued.map_or("", String::as_str), listed.name)
    };
    listed.keys.iter().map(line).collect()
}
