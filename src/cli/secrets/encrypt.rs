//! `secrets encrypt`: the Secrets of a stream, each by itself.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::sops_args::Encrypt;
use super::terms::{self, Chosen, wrong};
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{to_stderr, to_stdout};
use crate::error::Error;
use crate::secrets::earlier::Found;
use crate::secrets::sops::{self, SopsError, State};
use crate::secrets::{Earlier, Plain};
use crate::wire::{Input, files, input};
use crate::yaml::{Data, Document, Value};

/// Encrypts files or standard input.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then.
pub fn run(config: &Config, wanted: &Encrypt) -> Result<Exit, Error> {
    let from_stdin = wanted.files.is_empty() || wanted.files == [PathBuf::from("-")];
    if wanted.in_place && from_stdin {
        return Err(Error::usage("--in-place needs files", "name them, or leave --in-place out"));
    }
    if wanted.output.is_some() && wanted.files.len() > 1 {
        return Err(Error::usage("-o takes one file", "encrypt the files one by one, or with --in-place"));
    }
    let run = Run::new(config, wanted)?;
    let mut written: Vec<(PathBuf, String)> = Vec::new();
    if from_stdin {
        let name = wanted.filename.clone().unwrap_or_else(|| PathBuf::from("stdin.yaml"));
        written.push((name.clone(), run.stream(Input::from_stdin(config.limit)?, &name)?));
    }
    for file in wanted.files.iter().filter(|_| !from_stdin) {
        written.push((file.clone(), run.stream(Input::from_file(file, config.limit)?, file)?));
    }
    if run.previous.is_none() && !config.common.quiet {
        to_stderr(
            "warning: without --previous every run encrypts anew, and the output is never twice the same\n",
        );
    }
    if wanted.in_place {
        return files::replace_all(&written).map(|()| Exit::Written);
    }
    let mut whole = Vec::new();
    for (_, text) in &written {
        files::join(&mut whole, text.as_bytes());
    }
    match &wanted.output {
        Some(path) => {
            let text = String::from_utf8(whole).unwrap_or_default();
            files::replace_all(&[(path.clone(), text)])?;
        }
        None => to_stdout(&whole)?,
    }
    Ok(Exit::Written)
}

struct Run<'w> {
    wanted: &'w Encrypt,
    time: DateTime<Utc>,
    digest_key: Option<Plain>,
    previous: Option<Earlier>,
}

impl<'w> Run<'w> {
    fn new(config: &Config, wanted: &'w Encrypt) -> Result<Self, Error> {
        let previous = config.earlier(&wanted.keys.identity)?;
        Ok(Self { wanted, time: config.now()?, digest_key: config.digest_key()?, previous })
    }

    fn stream(&self, source: Input, file: &Path) -> Result<String, Error> {
        let name = source.name.clone();
        let stream = input::parse_all(source)?;
        let mut chosen = terms::for_file(file, &self.wanted.recipients, terms::stated_rule(self.wanted)?)?;
        chosen.terms.digest_key.clone_from(&self.digest_key);
        let mut text = String::with_capacity(stream.text.len());
        let (mut done, mut secrets) = (0, 0);
        for (number, document) in stream.documents.iter().enumerate() {
            let Some(root) = stream.root(document).filter(|root| !root.is_null()) else { continue };
            match self.document(document, root, number, &chosen, &name)? {
                Became::AsItWas => {}
                Became::Encrypted(None) => secrets += 1,
                Became::Encrypted(Some(body)) => {
                    secrets += 1;
                    text.push_str(&stream.text[done..document.body.start]);
                    // One that began on the line of its separator cannot stay there as a block.
                    let on_its_line = !document.separator.is_empty() && !text.ends_with('\n');
                    text.push_str(if on_its_line { "\n" } else { "" });
                    text.push_str(&body);
                    done = document.body.end;
                }
            }
        }
        if secrets == 0 {
            let help = "encrypt takes Secrets, and other YAML under a rule such as --encrypted-regex";
            return Err(Error::usage(format!("{name} holds no Secret: nothing would be encrypted"), help));
        }
        text.push_str(&stream.text[done..]);
        Ok(text)
    }

    fn document(
        &self,
        document: &Document,
        root: Value<'_>,
        number: usize,
        chosen: &Chosen,
        name: &str,
    ) -> Result<Became, Error> {
        let data = root.to_data();
        let place = format!("{name}:{}", document.line + root.line() - 1);
        let failed = |error: SopsError| wrong(&place, &error);
        if !is_wanted(&data, chosen, &place)? {
            return Ok(Became::AsItWas);
        }
        if sops::state(&data).map_err(failed)? == State::Encrypted {
            return Ok(Became::Encrypted(None));
        }
        let found = self.previous.as_ref().map_or(Ok(Found::Nothing), |it| it.sops(&data, number));
        let before = match found.map_err(|error| wrong("--previous", &error))? {
            Found::Object(previous) => Some(previous),
            Found::Closed(error) => {
                to_stderr(&format!("warning: {place} is encrypted anew: --previous: {error}\n"));
                None
            }
            Found::Nothing => None,
        };
        let sealed = sops::encrypt(&data, &chosen.terms, before.as_ref(), self.time).map_err(failed)?;
        let body = sops::text(&sealed).map_err(failed)?;
        let first = root.document_text().lines().next().filter(|line| line.starts_with("# Source: "));
        let body = first.map_or(String::new(), |line| format!("{line}\n")) + &body;
        Ok(Became::Encrypted(Some(body)))
    }
}

/// What became of a document.
enum Became {
    AsItWas,
    /// With its new text, unless it was encrypted already.
    Encrypted(Option<String>),
}

/// Whether a document is to be encrypted: Secrets are; other objects are not; what is no object is, under a rule that was
/// stated for it.
fn is_wanted(data: &Data, chosen: &Chosen, place: &str) -> Result<bool, Error> {
    let text = |key: &str| data.get(key).and_then(Data::as_str);
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else {
        return Ok(chosen.rule_is_stated);
    };
    let items = data.get("items").and_then(Data::as_array);
    let holds = kind.ends_with("List")
        && items.into_iter().flatten().any(|item| item.get("kind").and_then(Data::as_str) == Some("Secret"));
    if holds {
        let message = format!("{place}: a {kind} holds a Secret, and sops encrypts documents, not items");
        return Err(Error::usage(message, "write the Secret as a document of its own"));
    }
    Ok(version == "v1" && kind == "Secret")
}
