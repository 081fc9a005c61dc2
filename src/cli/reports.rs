//! The reports of a run: gathered over its inputs, compared with an earlier run, written where they are wanted.

use std::path::Path;

use super::config::Config;
use super::output::{stderr_layout, stdout_layout, to_stderr, to_stdout};
use crate::error::{Error, STDIN};
use crate::harden::Hardened;
use crate::load::Chart;
use crate::policy::Policy;
use crate::report::baseline::Baseline;
use crate::report::checklist::Answered;
use crate::report::difference::Snapshot;
use crate::report::formats::{Format, Wanted};
use crate::report::json::{Gathering, Report};
use crate::report::paint::Paint;
use crate::report::text::{self, Layout};
use crate::wire::Input;

/// The reports that `--report` asks for, and the baseline they are held against.
#[derive(Debug)]
pub struct Reports<'c> {
    config: &'c Config,
    wanted: Vec<Wanted>,
    pending: bool,
    at_once: bool,
    chart: Option<Chart>,
    baseline: Option<Baseline>,
    /// The old render and the new one.
    renders: Option<(Snapshot, Snapshot)>,
    report: Option<Report>,
    text: String,
}

impl<'c> Reports<'c> {
    /// No input yet. `pending` says that fixes are still to be made.
    ///
    /// # Errors
    /// [`Error::Usage`] for a format that does not exist, and when `--chart` names no chart or `--baseline` no report.
    pub fn new(config: &'c Config, pending: bool) -> Result<Self, Error> {
        let wanted: Result<_, Error> = config.common.report.iter().map(|word| Wanted::parse(word)).collect();
        Ok(Self {
            config,
            wanted: wanted?,
            pending,
            at_once: false,
            chart: config.common.chart.as_deref().map(Chart::open).transpose()?,
            baseline: config.common.baseline.as_deref().map(|path| baseline(config, path)).transpose()?,
            renders: None,
            report: None,
            text: String::new(),
        })
    }

    /// For the hardening of one input: written as soon as it is added, before the manifest leaves.
    ///
    /// # Errors
    /// As [`Reports::new`].
    pub fn at_once(config: &'c Config) -> Result<Self, Error> {
        Ok(Self { at_once: true, ..Self::new(config, false)? })
    }

    /// Compares with an earlier render: its objects, and its findings as the baseline.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is a baseline already.
    pub fn since(&mut self, old: Snapshot, findings: Baseline) -> Result<(), Error> {
        if self.baseline.is_some() {
            let help =
                "--diff-from takes the findings of the old render as the baseline: leave one of the two out";
            return Err(Error::usage("--diff-from and --baseline exclude each other", help));
        }
        self.baseline = Some(findings);
        self.renders = Some((old, Snapshot::default()));
        Ok(())
    }

    /// Takes one input in, once what the baseline knows is marked. The first one's policy is that of the report.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add(&mut self, hardened: &mut Hardened<'_>, policy: &Policy, input: &str) -> Result<(), Error> {
        if let Some(baseline) = &mut self.baseline {
            baseline.apply(hardened, policy);
        }
        if let Some((_, new)) = &mut self.renders {
            new.take(&hardened.release);
        }
        if self.wanted.is_empty() {
            return if self.at_once { self.write() } else { Ok(()) };
        }
        let report = match &mut self.report {
            Some(report) => report,
            None => {
                let changes = self.wanted.iter().any(|wanted| wanted.format == Format::Sarif);
                let (pending, baseline) = (self.pending, self.baseline.is_some());
                let gathering = Gathering { pending, changes, baseline, chart: self.chart.take() };
                self.report.insert(Report::new(policy, gathering))
            }
        };
        report.add(hardened, policy, input);
        if self.wanted.iter().any(|wanted| wanted.format == Format::Text) {
            let layout = Layout { lines: None, excerpts: true, known: true, ..self.layout() };
            let layout = Layout { pending: self.pending, ..layout };
            if input != STDIN {
                self.text.push_str(&format!("{}\n", layout.paint.cyan(input)));
            }
            self.text.push_str(&text::report(hardened, policy, layout));
        }
        if self.at_once { self.write() } else { Ok(()) }
    }

    /// Of text: without colour as soon as one of its reports goes to a file.
    fn layout(&self) -> Layout {
        let base = if self.pending { stdout_layout(self.config) } else { stderr_layout(self.config) };
        let to_file = |wanted: &Wanted| wanted.format == Format::Text && wanted.file.is_some();
        let paint = if self.wanted.iter().any(to_file) { Paint::new(false) } else { base.paint };
        Layout { paint, ..base }
    }

    /// What changed since the old render; empty without one.
    #[must_use]
    pub fn difference(&self, paint: Paint) -> String {
        match (&self.renders, &self.baseline) {
            (Some((old, new)), Some(known)) => old.compare(new).text(&known.name, &known.gone(), paint),
            _ => String::new(),
        }
    }

    /// What to say about findings of the baseline that are gone; empty when there are none, or when the difference
    /// says it.
    #[must_use]
    pub fn gone(&self) -> String {
        let baseline = self.baseline.as_ref().filter(|_| self.renders.is_none());
        baseline.and_then(Baseline::gone_note).unwrap_or_default()
    }

    /// Whether a report without a file is asked for: `check` prints it in place of its own words.
    #[must_use]
    pub fn words_wanted(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.file.is_none())
    }

    /// Writes them: to their files; without a file `check`'s to stdout, and others to stderr, since stdout belongs to
    /// the manifest.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write(&mut self) -> Result<(), Error> {
        let gone = self.gone();
        if !self.pending && !self.config.common.quiet {
            to_stderr(&gone);
        }
        self.text = format!("{}{}{gone}", self.difference(self.layout().paint), self.text);
        let Some(report) = &mut self.report else { return Ok(()) };
        if let Some(baseline) = &self.baseline {
            report.compare(baseline);
        }
        if let Some((old, new)) = &self.renders {
            report.differ(old.compare(new));
        }
        for Wanted { format, file } in &self.wanted {
            let words = format.render(report, &self.text);
            match file {
                None if self.pending => to_stdout(words.as_bytes())?,
                None => to_stderr(&words),
                Some(path) => to_file(path, &words)?,
            }
        }
        Ok(())
    }
}

fn to_file(path: &Path, words: &str) -> Result<(), Error> {
    let failed = |error| Error::Io { action: "write the report", path: path.display().to_string(), error };
    std::fs::write(path, words).map_err(failed)
}

/// The formats asked for that a checklist has; text when none is.
///
/// # Errors
/// [`Error::Usage`] for any other.
pub fn checklists(config: &Config) -> Result<Vec<Wanted>, Error> {
    if config.common.report.is_empty() {
        return Ok(vec![Wanted { format: Format::Text, file: None }]);
    }
    let wanted: Result<Vec<Wanted>, Error> =
        config.common.report.iter().map(|word| Wanted::parse(word)).collect();
    let wanted = wanted?;
    let has = |format: Format| matches!(format, Format::Text | Format::Json | Format::Markdown);
    if wanted.iter().all(|wanted| has(wanted.format)) {
        return Ok(wanted);
    }
    Err(Error::usage("a checklist is text, json or markdown", "--checklist production --report markdown"))
}

/// Writes the answers of each input: to stdout, or to the files named.
///
/// # Errors
/// [`Error::Io`].
pub fn write_checklists(config: &Config, wanted: &[Wanted], answered: &[Answered]) -> Result<(), Error> {
    let layout = stdout_layout(config);
    for Wanted { format, file } in wanted {
        let paint = if file.is_some() { Paint::new(false) } else { layout.paint };
        let words: Vec<String> = answered
            .iter()
            .map(|answered| match format {
                Format::Markdown => answered.markdown(),
                Format::Json => answered.json(),
                _ => answered.text(paint, layout.width),
            })
            .collect();
        match file {
            None => to_stdout(words.concat().as_bytes())?,
            Some(path) => to_file(path, &words.concat())?,
        }
    }
    Ok(())
}

fn baseline(config: &Config, path: &Path) -> Result<Baseline, Error> {
    let input = Input::from_file(path, config.limit)?;
    Baseline::read(&input.text, &input.name)
}
