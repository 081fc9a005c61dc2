//! Harden standard input: the Helm post-renderer, the KRM function, the filter.

use std::io::Write;
use std::mem::ManuallyDrop;

use super::args::Caller;
use super::config::Config;
use super::exit::Exit;
use super::output::{error_text, not_written, stderr_layout, stdout, to_stderr};
use super::reports::Reports;
use super::resolving;
use crate::error::Error;
use crate::harden::{Hardened, harden};
use crate::policy::Policy;
use crate::report::notes::notes;
use crate::report::{refusal, text};
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input, krm};
use crate::yaml::{Stream, Value};

/// Hardens an input and writes the result to stdout.
///
/// # Errors
/// Everything of [`Error`]; stdout is empty then, but for a function's own way of saying it.
pub fn run(config: &Config, source: Input) -> Result<Exit, Error> {
    let mut out = stdout();
    let exit = run_to(config, source, &mut out)?;
    out.flush().map_err(not_written)?;
    Ok(exit)
}

/// Hardens an input and writes the result to `out`.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then, but for a function's own way of saying it.
pub fn run_to(config: &Config, source: Input, out: &mut dyn Write) -> Result<Exit, Error> {
    run_into(config, source, &mut Reports::at_once(config)?, out)
}

/// Hardens an input, one of several perhaps: adds it to the reports and writes the result to `out`.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then, but for a function's own way of saying it.
pub fn run_into(
    config: &Config,
    source: Input,
    reports: &mut Reports<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    if source.text.trim().is_empty() {
        return blank(config, &source, out);
    }
    let name = source.name.clone();
    let stream = match input::parse(source) {
        Err(Error::Yaml(refused)) if refused.for_function => {
            return function_failed(&Error::Yaml(refused), out);
        }
        other => other?,
    };
    // The program ends soon: the system takes the memory back faster than piece by piece.
    let stream = ManuallyDrop::new(stream);
    match input::resource_list(&stream) {
        Some(list) => function(config, &stream, list, reports, &name, out),
        None => plain(config, &stream, reports, &name, out),
    }
}

/// A blank stream is what Helm 3 pipes beside `--output-dir`, after it wrote raw files: silence would hide that.
fn blank(config: &Config, source: &Input, out: &mut dyn Write) -> Result<Exit, Error> {
    let helm4 = config.common.caller == Some(Caller::Helm4);
    if helm4 || config.common.allow_empty {
        let words = if helm4 { "# nothing was rendered\n" } else { source.text.as_str() };
        out.write_all(words.as_bytes()).map_err(not_written)?;
        return Ok(Exit::Written);
    }
    let message = format!("{} is empty: nothing to harden", source.name);
    let help = "with --output-dir Helm 3 writes raw files and pipes nothing: pipe helm template into hardtack instead, \
                or say --allow-empty";
    Err(Error::usage(message, help))
}

fn plain(
    config: &Config,
    stream: &Stream,
    reports: &mut Reports<'_>,
    name: &str,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let function = FunctionConfig::default();
    let policy = config.policy(&function)?;
    let mut policy = config.for_stream(&policy, &function, stream)?;
    let filled = resolving::resolved(config, &mut policy, stream, name)?.map(ManuallyDrop::new);
    let stream = filled.as_ref().map_or(stream, |filled| &filled.stream);
    let mut hardened = ManuallyDrop::new(harden(stream, &policy, config.scope(&policy))?);
    filled.iter().try_for_each(|filled| filled.check(&policy, &hardened))?;
    reports.add(&mut hardened, &policy, name)?;
    if config.is_under_helm4() && !hardened.verdict.refusals.is_empty() {
        return helm4(&first_refusal(&hardened), out);
    }
    let exit = say(config, &hardened, &policy);
    if exit == Exit::Written {
        hardened.emit(out).map_err(not_written)?;
    }
    Ok(exit)
}

/// Says on stderr what was found, and whether it is refused.
#[must_use]
pub fn say(config: &Config, hardened: &Hardened<'_>, policy: &Policy) -> Exit {
    let layout = stderr_layout(config);
    if !hardened.verdict.refusals.is_empty() {
        to_stderr(&refusal::text(hardened, policy, layout));
        return Exit::Refused;
    }
    if !config.common.quiet {
        to_stderr(&text::report(hardened, policy, layout));
    }
    Exit::Written
}

fn first_refusal(hardened: &Hardened<'_>) -> String {
    let first = hardened.verdict.refusals.first().map(|refusal| &hardened.plan.findings[refusal.finding]);
    let first = first.map(|finding| {
        let object = hardened.release.objects[finding.object].with_template();
        format!("{object}: {}: {}", finding.rule, finding.message)
    });
    let more = hardened.verdict.refusals.len().saturating_sub(1);
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    format!("refused: {}{more}", first.unwrap_or_default())
}

/// Helm 4 throws away a plugin's stderr. What it does show is a separator line that it cannot accept; the last line
/// makes sure that no reader ever takes the rest for an empty release.
///
/// # Errors
/// [`Error::Io`].
pub fn helm4(words: &str, out: &mut dyn Write) -> Result<Exit, Error> {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let written =
        write!(out, "\n--- hardtack: {line}\n\"hardtack wrote nothing: [{{\n").and_then(|()| out.flush());
    written.map_err(not_written)?;
    Ok(Exit::Told)
}

fn function(
    config: &Config,
    stream: &Stream,
    list: Value<'_>,
    reports: &mut Reports<'_>,
    name: &str,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let filled = krm::function_config(list).and_then(|function| {
        let policy = config.policy(&function)?;
        let mut policy = config.for_stream(&policy, &function, stream)?;
        let filled = resolving::resolved(config, &mut policy, stream, name)?;
        Ok((function.validate_only, policy.into_owned(), filled))
    });
    let (validate_only, policy, filled) = match filled {
        Ok(filled) => filled,
        Err(error) => return function_echo(list, &error, out),
    };
    let stream = filled.as_ref().map_or(stream, |filled| &filled.stream);
    let checked = harden(stream, &policy, config.scope(&policy)).and_then(|hardened| {
        filled.iter().try_for_each(|filled| filled.check(&policy, &hardened)).map(|()| hardened)
    });
    let mut hardened = match checked {
        Ok(hardened) => hardened,
        Err(error) => return function_echo(list, &error, out),
    };
    reports.add(&mut hardened, &policy, name)?;
    let mut results = krm::results(&hardened);
    if policy.is_configured() {
        results.push(krm::note_result(&format!("policy {} from {}", policy.name, policy.decided_by())));
    }
    results.extend(policy.notes.iter().map(|note| krm::note_result(note)));
    results.extend(notes(&hardened).iter().map(|note| krm::note_result(&note.text())));
    let refused: Vec<&serde_json::Value> = results.iter().filter(|it| it["severity"] == "error").collect();
    for result in &refused {
        let reference = &result["resourceRef"];
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let object = format!("{}/{}", text(&reference["kind"]), text(&reference["name"]));
        to_stderr(&format!("error: {object}: {}\n", text(&result["message"])));
    }
    let exit = if refused.is_empty() { Exit::Written } else { Exit::Refused };
    if exit == Exit::Written && !config.common.quiet {
        let layout = stderr_layout(config);
        to_stderr(&text::report(&hardened, &policy, layout));
    }
    // A refused list goes back as it came, with its results: no half of a plan leaves.
    let number = stream.documents.iter().position(|document| stream.root(document).is_some()).unwrap_or(0);
    let edited = if exit == Exit::Written { hardened.changes.root(stream, number) } else { Some(list) };
    let edited = krm::with_results(edited.unwrap_or(list), results, validate_only)?;
    let separator = &stream.text[stream.documents[number].separator.clone()];
    let written = out.write_all(separator.as_bytes()).and_then(|()| out.write_all(edited.text.as_bytes()));
    written.map_err(not_written)?;
    Ok(exit)
}

/// The list as it came, with the error as its result.
fn function_echo(list: Value<'_>, error: &Error, out: &mut dyn Write) -> Result<Exit, Error> {
    let results = vec![krm::error_result(&format!("{error}; {}", error.help()))];
    let edited = krm::with_results(list, results, false)?;
    to_stderr(&error_text(error, crate::report::paint::Paint::new(false)));
    out.write_all(edited.text.as_bytes()).map_err(not_written)?;
    Ok(Exit::Failed)
}

fn function_failed(error: &Error, out: &mut dyn Write) -> Result<Exit, Error> {
    to_stderr(&error_text(error, crate::report::paint::Paint::new(false)));
    let list = krm::only_error(&format!("{error}; {}", error.help()));
    out.write_all(list.as_bytes()).map_err(not_written)?;
    Ok(Exit::Failed)
}
