//! The formats of `--report`, as one table.

use std::path::PathBuf;

use super::json::Report;
use super::{github, gitlab, junit, markdown, sarif};
use crate::error::Error;
use crate::nearest::hint;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, with the lines of the input.
    Text,
    /// For scripts.
    Json,
    /// For code scanning.
    Sarif,
    /// For test reports.
    Junit,
    /// Workflow commands.
    Github,
    /// Code quality.
    Gitlab,
    /// For a comment.
    Markdown,
}

/// Each format with its name.
const FORMATS: [(&str, Format); 7] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("markdown", Format::Markdown),
];

/// A report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How.
    pub format: Format,
    /// Where to; without it, to where words go.
    pub file: Option<PathBuf>,
}

impl Wanted {
    /// Reads `FORMAT` or `FORMAT=FILE`.
    ///
    /// # Errors
    /// [`Error::Usage`] for a format that does not exist, with the nearest that does.
    pub fn parse(word: &str) -> Result<Self, Error> {
        let (name, file) = match word.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (word, None),
        };
        let names = FORMATS.map(|(name, _)| name);
        let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == name) else {
            let help = hint(name, names, &format!("one of {}", names.join(", ")));
            return Err(Error::usage(format!("unknown report format {name:?}"), help));
        };
        if file == Some("") {
            let help = format!("--report {name}=FILE, or --report {name}");
            return Err(Error::usage(format!("--report {word} names no file"), help));
        }
        let file = file.filter(|file| *file != "-").map(PathBuf::from);
        Ok(Self { format: *format, file })
    }
}

impl Format {
    /// The report in this format; `text` is what [`Format::Text`] stands for.
    #[must_use]
    pub fn render(self, report: &Report, text: &str) -> String {
        match self {
            Self::Text => text.to_owned(),
            Self::Json => report.to_json(),
            Self::Sarif => sarif::text(report),
            Self::Junit => junit::text(report),
            Self::Github => github::text(report),
            Self::Gitlab => gitlab::text(report),
            Self::Markdown => markdown::text(report),
        }
    }
}
