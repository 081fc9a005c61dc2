//! What goes where: the manifest to stdout, words to stderr, reports to files.

use std::io::{self, IsTerminal, Write};

use super::config::Config;
use crate::error::{Error, RefusedStream, STDOUT};
use crate::report::paint::Paint;
use crate::report::text::Layout;

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
    let screen = Screen::of(&io::stderr());
    let lines = (!config.common.verbose).then(|| screen.lines.unwrap_or(SCREEN).saturating_sub(4).max(12));
    layout(config, &screen, lines)
}

/// How text for stdout is laid out.
#[must_use]
pub fn stdout_layout(config: &Config) -> Layout {
    layout(config, &Screen::of(&io::stdout()), None)
}

fn layout(config: &Config, screen: &Screen, lines: Option<usize>) -> Layout {
    let paint = Paint::new(config.colours(screen.terminal));
    Layout {
        paint,
        width: screen.columns.unwrap_or(WIDTH),
        lines,
        pending: false,
        only_open: false,
        excerpts: false,
        known: config.common.verbose,
    }
}

/// What words are shown on.
struct Screen {
    terminal: bool,
    columns: Option<usize>,
    lines: Option<usize>,
}

impl Screen {
    /// The variables `COLUMNS` and `LINES` win over what the terminal says; neither counts when it is absurdly small.
    fn of(out: &impl IsTerminal) -> Self {
        let terminal = out.is_terminal();
        let size = terminal.then(terminal_size::terminal_size).flatten();
        let said = |name: &str| std::env::var(name).ok()?.parse().ok();
        let columns = said("COLUMNS").or(size.map(|(width, _)| usize::from(width.0)));
        let lines = said("LINES").or(size.map(|(_, height)| usize::from(height.0)));
        Self {
            terminal,
            columns: columns.filter(|columns| *columns >= 40),
            lines: lines.filter(|lines| *lines >= 10),
        }
    }
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
