//! `hardtack policy export`: the gate in force, for a gate elsewhere.

use std::path::Path;

use super::args::{Export, To};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{to_stderr, to_stdout};
use crate::error::Error;
use crate::export::{Exported, vap};
use crate::wire::krm::FunctionConfig;

/// Writes the documents, and says what they leave out.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Export) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let Exported { files, left } = match wanted.to {
        To::Vap => vap(&policy),
    };
    if files.is_empty() && left.is_empty() {
        let help = "name an environment or a policy: hardtack policy export --to vap -e production";
        return Err(Error::usage("the gate refuses nothing, so there is nothing to export", help));
    }
    let mut notes: Vec<String> =
        left.iter().map(|(rule, why)| format!("not exported: {rule}: {why}")).collect();
    notes.dedup();
    for note in notes.iter().filter(|_| !config.common.quiet) {
        to_stderr(&format!("{note}\n"));
    }
    match &wanted.output {
        Some(folder) => write(folder, &files)?,
        None => {
            let comments: String = notes.iter().map(|note| format!("# {note}\n")).collect();
            let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
            to_stdout(format!("{comments}{}", texts.join("---\n")).as_bytes())?;
        }
    }
    Ok(Exit::Written)
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error| Error::Io { action: "write", path, error }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
    Ok(())
}
