//! `secrets decrypt`: the text of a file with its values in the clear.

use std::io::Write;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::sops_args::Decrypt;
use super::terms::{identities, wrong};
use super::{guard, private};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{not_written, stdout, to_stderr};
use crate::error::{Error, STDIN};
use crate::secrets::sops;
use crate::wire::Input;

/// Decrypts files or standard input.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then.
pub fn run(config: &Config, wanted: &Decrypt) -> Result<Exit, Error> {
    let from_stdin = wanted.files.is_empty() || wanted.files == [PathBuf::from("-")];
    if wanted.in_place && from_stdin {
        return Err(Error::usage("--in-place needs files", "name them, or leave --in-place out"));
    }
    if wanted.files.len() > 1 && !wanted.in_place {
        return Err(Error::usage("one file is printed at a time", "name one, or decrypt them --in-place"));
    }
    if !wanted.in_place && wanted.output.is_none() {
        guard::not_to_a_terminal(wanted.show)?;
    }
    let keyring = identities(&wanted.keys);
    let open = |name: &str, source: Input| -> Result<Zeroizing<String>, Error> {
        let opened = sops::decrypt(&source.text, &keyring).map_err(|error| wrong(name, &error))?;
        for note in opened.notes.iter().filter(|_| !config.common.quiet) {
            to_stderr(&format!("{name}: {note}\n"));
        }
        Ok(opened.text)
    };
    if from_stdin {
        let text = open(STDIN, Input::from_stdin(config.limit)?)?;
        return write(wanted, &text);
    }
    let mut texts: Vec<(&Path, Zeroizing<String>)> = Vec::new();
    for file in &wanted.files {
        texts.push((file, open(&file.display().to_string(), Input::from_file(file, config.limit)?)?));
    }
    if !wanted.in_place {
        return texts.first().map_or(Ok(Exit::Written), |(_, text)| write(wanted, text));
    }
    for (file, text) in &texts {
        private::replace(file, text.as_bytes())?;
    }
    Ok(Exit::Written)
}

fn write(wanted: &Decrypt, text: &str) -> Result<Exit, Error> {
    match &wanted.output {
        Some(path) => private::replace(path, text.as_bytes())?,
        None => {
            let mut out = stdout();
            out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(not_written)?;
        }
    }
    Ok(Exit::Written)
}
