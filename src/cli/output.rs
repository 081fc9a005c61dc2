//! What goes where: the manifest to stdout, words to stderr, reports to files.

use std::io::{self, IsTerminal, Write};

use super::config::Config;
use crate::error::{Error, RefusedStream, STDIN, STDOUT};
use crate::harden::Hardened;
use crate::load::Chart;
use crate::policy::Policy;
use crate::report::baseline::{Baseline, Known, KnownObject};
use crate::report::formats::{Format, Wanted};
use crate::report::json::{self, Gathering};
use crate::report::paint::Paint;
use crate::report::text::{self, Layout};
use crate::wire::Input;

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
    Layout {
        paint,
        width: columns().unwrap_or(WIDTH),
        lines,
        pending: false,
        only_open: false,
        excerpts: false,
        known: config.common.verbose,
    }
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
    wanted: Vec<Wanted>,
    pending: bool,
    at_once: bool,
    chart: Option<Chart>,
    baseline: Option<Baseline>,
    report: Option<json::Report>,
    text: String,
}

impl<'c> Reports<'c> {
    /// No input yet. `pending` says that fixes are still to be made.
    ///
    /// # Errors
    /// [`Error::Usage`] for a format that does not exist, and when `--chart` names no chart or `--baseline` no report.
    pub fn new(config: &'c Config, pending: bool) -> Result<Self, Error> {
        let wanted: Result<_, Error> = config.common.report.iter().map(|word| Wanted::parse(word)).collect();
        let chart = config.common.chart.as_deref().map(Chart::open).transpose()?;
        let baseline = config.common.baseline.as_deref().map(|path| baseline(config, path)).transpose()?;
        let (report, text) = (None, String::new());
        Ok(Self { config, wanted: wanted?, pending, at_once: false, chart, baseline, report, text })
    }

    /// For the hardening of one input: written as soon as it is added, before the manifest leaves.
    ///
    /// # Errors
    /// As [`Reports::new`].
    pub fn at_once(config: &'c Config) -> Result<Self, Error> {
        Ok(Self { at_once: true, ..Self::new(config, false)? })
    }

    /// Takes one input in, once what the baseline knows is marked. The first one's policy is that of the report.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add(&mut self, hardened: &mut Hardened<'_>, policy: &Policy, input: &str) -> Result<(), Error> {
        if let Some(baseline) = &mut self.baseline {
            baseline.apply(hardened, policy);
        }
        if self.wanted.is_empty() {
            return Ok(());
        }
        let report = match &mut self.report {
            Some(report) => report,
            None => {
                let changes = self.wanted.iter().any(|wanted| wanted.format == Format::Sarif);
                let (pending, baseline) = (self.pending, self.baseline.is_some());
                let gathering = Gathering { pending, changes, baseline, chart: self.chart.take() };
                self.report.insert(json::Report::new(policy, gathering))
            }
        };
        report.add(hardened, policy, input);
        if self.wanted.iter().any(|wanted| wanted.format == Format::Text) {
            let to_stdout = self.pending && self.words_wanted();
            let base = if to_stdout { stdout_layout(self.config) } else { stderr_layout(self.config) };
            let paint = if self.has_text_file() { Paint::new(false) } else { base.paint };
            let layout =
                Layout { paint, lines: None, pending: self.pending, excerpts: true, known: true, ..base };
            if input != STDIN {
                self.text.push_str(&format!("{}\n", layout.paint.cyan(input)));
            }
            self.text.push_str(&text::report(hardened, policy, layout));
        }
        if self.at_once { self.write() } else { Ok(()) }
    }

    fn has_text_file(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.format == Format::Text && wanted.file.is_some())
    }

    /// What to say about findings of the baseline that are gone.
    fn gone(&self) -> Option<String> {
        let baseline = self.baseline.as_ref()?;
        let gone = baseline.gone();
        let Known { rule, object: KnownObject { kind, name: object, .. }, .. } = *gone.first()?;
        let (count, name) = (gone.len(), &baseline.name);
        Some(format!(
            "note: {count} of the baseline {name} not found any more, first {rule} of {kind}/{object}: --report \
             json={name} writes it anew\n"
        ))
    }

    /// Whether a report without a file is asked for: `check` prints it in place of its own words.
    #[must_use]
    pub fn words_wanted(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.file.is_none())
    }

    /// Writes them: to their files; without a file `check`'s to stdout, and others to stderr, since stdout belongs to
    /// the manifest. Says what of the baseline is gone.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write(&mut self) -> Result<(), Error> {
        let gone = self.gone();
        if let (Some(report), Some(baseline)) = (&mut self.report, &self.baseline) {
            report.compare(baseline);
        }
        if let Some(gone) = gone {
            self.text.push_str(&gone);
            match (self.config.common.quiet || self.words_wanted(), self.pending) {
                (true, _) => {}
                (false, true) => to_stdout(gone.as_bytes())?,
                (false, false) => to_stderr(&gone),
            }
        }
        let Some(report) = &self.report else { return Ok(()) };
        for Wanted { format, file } in &self.wanted {
            let words = format.render(report, &self.text);
            match file {
                None if self.pending => to_stdout(words.as_bytes())?,
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
}

fn baseline(config: &Config, path: &std::path::Path) -> Result<Baseline, Error> {
    let input = Input::from_file(path, config.limit)?;
    Baseline::read(&input.text, &input.name)
}

/// An error as people read it: what, where, the line, what to do next.
#[must_use]
pub fn error_text(error: &Error, paint: Paint) -> String {
    let mut out = format!("{} {error}\n", paint.red("error:"));
    if let Error::Yaml(refused) = error {
        let RefusedStream { error, source_name, template, excerpt, .. } = refused.as_ref();
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
