//! Files and folders: every input is planned before the first is replaced.

use std::path::{Path, PathBuf};

use super::args::{Harden, Inputs, ReleasePer};
use super::config::Config;
use super::exit::Exit;
use super::output::to_stdout;
use super::reports::Reports;
use super::resolving;
use super::stream::{self, say};
use crate::error::Error;
use crate::harden::harden;
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, files, input};

/// The inputs that are named: standard input when none is.
///
/// # Errors
/// [`Error::Io`], [`Error::NotUtf8`], [`Error::TooLarge`], [`Error::Usage`].
pub fn inputs(config: &Config, inputs: &Inputs) -> Result<Vec<Input>, Error> {
    if is_stdin(inputs) {
        return Ok(vec![Input::from_stdin(config.limit)?]);
    }
    let mut all = Vec::new();
    for path in &inputs.paths {
        let found: Result<Vec<Input>, Error> =
            files::below(path)?.iter().map(|file| Input::from_file(file, config.limit)).collect();
        let found: Vec<Input> = found?.into_iter().filter(|input| files::is_manifest(path, input)).collect();
        match inputs.release_per {
            ReleasePer::File => all.extend(found),
            ReleasePer::Dir => all.extend(files::joined(path, found)),
        }
    }
    for input in &all {
        files::refuse_templates(input)?;
    }
    Ok(all)
}

fn is_stdin(inputs: &Inputs) -> bool {
    inputs.paths.is_empty() || inputs.paths.iter().all(|path| path == Path::new("-"))
}

/// `hardtack harden`.
///
/// # Errors
/// Everything of [`Error`]; no file is replaced then.
pub fn run(config: &Config, harden: &Harden) -> Result<Exit, Error> {
    let to_files = harden.in_place || harden.output.is_some();
    if is_stdin(&harden.inputs) {
        if to_files {
            let help = "name the files: hardtack harden --in-place rendered/";
            return Err(Error::usage("--in-place and --output need files, not standard input", help));
        }
        return stream::run(config, Input::from_stdin(config.limit)?);
    }
    if !to_files {
        return to_one_stream(config, inputs(config, &harden.inputs)?);
    }
    if harden.inputs.release_per == ReleasePer::Dir {
        let help = "drop --release-per dir, or write one stream to standard output";
        return Err(Error::usage("--release-per dir writes one stream, not files", help));
    }
    write_files(config, harden)
}

/// Each input on its own, one after the other on stdout, once all of them are let through.
fn to_one_stream(config: &Config, mut all: Vec<Input>) -> Result<Exit, Error> {
    if all.len() == 1 {
        return stream::run(config, all.remove(0));
    }
    let mut whole = Vec::new();
    let mut worst = Exit::Written;
    let mut reports = Reports::new(config, false)?;
    for source in all {
        let mut out = Vec::new();
        let exit = stream::run_into(config, source, &mut reports, &mut out)?;
        if exit != Exit::Written {
            worst = exit;
        }
        files::join(&mut whole, &out);
    }
    reports.write()?;
    if worst == Exit::Written {
        to_stdout(&whole)?;
    }
    Ok(worst)
}

fn write_files(config: &Config, wanted: &Harden) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let mut planned: Vec<(PathBuf, String)> = Vec::new();
    let mut reports = Reports::new(config, false)?;
    let mut exit = Exit::Written;
    for path in &wanted.inputs.paths {
        let one = Inputs { paths: vec![path.clone()], release_per: ReleasePer::File };
        for source in inputs(config, &one)? {
            let from = PathBuf::from(&source.name);
            let stream = input::parse(source)?;
            let mut policy = config.for_stream(&policy, &FunctionConfig::default(), &stream)?;
            let filled = resolving::resolved(config, &mut policy, &stream, &from.display().to_string())?;
            let stream = filled.as_ref().map_or(&stream, |filled| &filled.stream);
            let mut hardened = harden(stream, &policy, config.scope(&policy))?;
            filled.iter().try_for_each(|filled| filled.check(&policy, &hardened))?;
            reports.add(&mut hardened, &policy, &from.display().to_string())?;
            if say(config, &hardened, &policy) == Exit::Refused {
                exit = Exit::Refused;
            }
            let target = match &wanted.output {
                Some(folder) => folder.join(files::relative(&from, path)),
                None => from,
            };
            let changes = &hardened.changes;
            let unchanged = changes.documents.is_empty() && changes.added.is_empty() && filled.is_none();
            if wanted.output.is_some() || !unchanged {
                planned.push((target, hardened.to_text()));
            }
        }
    }
    reports.write()?;
    if exit == Exit::Written {
        files::replace_all(&planned)?;
    }
    Ok(exit)
}
