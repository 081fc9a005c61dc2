//! What goes where: the manifest to stdout, words to stderr, reports to files.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::config::Config;
use crate::error::{Error, RefusedStream, STDOUT};
use crate::harden::Hardened;
use crate::policy::Policy;
use crate::report::paint::Paint;
use crate::report::text::Layout;
use crate::report::{json, text};

/// Lines that fit a screen when the terminal does not say.
const SCREEN: usize = 40;
const WIDTH: usize = 110;

/// Standard output, buffered.
#[must_use]
pub fn stdout() -> impl Write {
    io::BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// The error for a standard output that takes no more.
#[must_use]
pub fn not_written(error: io::Error) -> Error {
    Error::Io { action: "write", path: STDOUT.to_owned(), error }
}

/// Prints words.
///
/// # Errors
/// [`Error::Io`].
pub fn to_stdout(words: &[u8]) -> Result<(), Error> {
    let mut out = stdout();
    out.write_all(words).and_then(|()| out.flush()).map_err(not_written)
}

/// Writes words to stderr. A stderr that is gone is no reason to fail.
pub fn to_stderr(words: &str) {
    let _ = io::stderr().lock().write_all(words.as_bytes());
}

/// How text for stderr is laid out.
#[must_use]
pub fn stderr_layout(config: &Config) -> Layout {
    let terminal = io::stderr().is_terminal();
    let lines =
        if config.common.verbose { None } else { Some(lines().unwrap_or(SCREEN).saturating_sub(4).max(12)) };
    layout(config, terminal, lines)
}

/// How text for stdout is laid out.
#[must_use]
pub fn stdout_layout(config: &Config) -> Layout {
    layout(config, io::stdout().is_terminal(), None)
}

fn layout(config: &Config, terminal: bool, lines: Option<usize>) -> Layout {
    let paint = Paint::new(config.colours(terminal));
    Layout { paint, width: columns().unwrap_or(WIDTH), lines, pending: false, only_open: false }
}

fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns >= 40)
}

fn lines() -> Option<usize> {
    std::env::var("LINES").ok()?.parse().ok().filter(|lines| *lines >= 10)
}

/// The reports that `--report` asks for, gathered over all inputs of a run.
#[derive(Debug)]
pub struct Reports<'c> {
    config: &'c Config,
    json: json::Report,
    text: String,
}

impl<'c> Reports<'c> {
    /// No input yet.
    ///
    /// # Errors
    /// [`Error::Usage`] for a format that does not exist.
    pub fn new(config: &'c Config, policy: &Policy) -> Result<Self, Error> {
        for (format, _) in config.common.report.iter().map(|report| format_and_file(report)) {
            if !FORMATS.contains(&format) {
                let help =
                    crate::load::nearest::hint(format, FORMATS, &format!("one of {}", FORMATS.join(", ")));
                return Err(Error::usage(format!("unknown report format {format:?}"), help));
            }
        }
        Ok(Self { config, json: json::Report::new(policy), text: String::new() })
    }

    /// Takes one input in.
    pub fn add(&mut self, hardened: &Hardened<'_>, policy: &Policy, input: &str) {
        if self.config.common.report.is_empty() {
            return;
        }
        self.json.add(hardened, input);
        let layout = Layout { paint: Paint::new(false), lines: None, ..stderr_layout(self.config) };
        self.text.push_str(&text::report(hardened, policy, layout));
    }

    /// Writes them: to their files, or to stderr, since stdout belongs to the manifest.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write(&self) -> Result<(), Error> {
        for (format, file) in self.config.common.report.iter().map(|report| format_and_file(report)) {
            let words = if format == "json" { self.json_text() } else { self.text.clone() };
            match file {
                None => to_stderr(&words),
                Some(path) => std::fs::write(path, words).map_err(|error| Error::Io {
                    action: "write the report",
                    path: path.display().to_string(),
                    error,
                })?,
            }
        }
        Ok(())
    }

    /// The JSON report.
    #[must_use]
    pub fn json_text(&self) -> String {
        let mut words = serde_json::to_string_pretty(&self.json).unwrap_or_default();
        words.push('\n');
        words
    }

    /// Whether `--report json` is asked for without a file.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.config.common.report.iter().any(|report| report == "json")
    }
}

const FORMATS: [&str; 2] = ["text", "json"];

fn format_and_file(report: &str) -> (&str, Option<&Path>) {
    match report.split_once('=') {
        Some((format, file)) => (format, Some(Path::new(file))),
        None => (report, None),
    }
}

/// An error as people read it: what, where, the line, what to do next.
#[must_use]
pub fn error_text(error: &Error, paint: Paint) -> String {
    let mut out = format!("{} {error}\n", paint.red("error:"));
    if let Error::Yaml(refused) = error {
        let RefusedStream { error, source_name, template, excerpt } = refused.as_ref();
        let template = template.as_ref().map(|template| format!(" ({template})")).unwrap_or_default();
        let (document, line) = (error.document, error.line);
        out.push_str(&format!(
            "  {} {source_name}, document {document}{template}, line {line}\n",
            paint.cyan("-->")
        ));
        if let Some(excerpt) = excerpt {
            let shown: String = excerpt.chars().take(100).collect();
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let before = excerpt.as_bytes()[..(error.column - 1).min(excerpt.len())].to_vec();
            let column = String::from_utf8_lossy(&before).chars().count();
            out.push_str(&format!("  {margin} |\n  {number} | {shown}\n"));
            if column < 100 {
                out.push_str(&format!("  {margin} | {}{}\n", " ".repeat(column), paint.red("^")));
            }
        }
    }
    if !error.help().is_empty() {
        out.push_str(&format!("{} {}\n", paint.cyan("help:"), error.help()));
    }
    out
}
