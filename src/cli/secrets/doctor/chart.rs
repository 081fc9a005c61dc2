//! What of a chart no post-renderer sees.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::report::limits::{Limit, State};
use crate::secrets::find::{Confidence, Style, in_text, name};
use crate::wire::Input;

/// Lines of NOTES.txt that print something called like a secret: no Helm hands that file over.
pub(super) fn notes(chart: Option<&Path>) -> Result<Limit, Error> {
    let limit = |state, why: String, help: &str| Limit {
        id: "notes",
        what: "NOTES.txt",
        state,
        why,
        help: help.to_owned(),
    };
    let Some(chart) = chart else {
        return Ok(limit(State::CannotBeTold, "no chart was named".to_owned(), "--chart DIR"));
    };
    let path = chart.join("templates/NOTES.txt");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && chart.join("Chart.yaml").exists() => {
            return Ok(limit(State::DoesNot, "the chart has none".to_owned(), ""));
        }
        Err(error) => {
            return Err(Error::Io { action: "read", path: path.display().to_string(), error });
        }
    };
    let prints = |line: &str| line.contains("{{") && name::has_stem(line);
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| prints(line))
        .map(|(number, _)| (number + 1).to_string())
        .collect();
    Ok(match &lines[..] {
        [] => limit(State::DoesNot, format!("{} prints nothing called like a secret", path.display()), ""),
        lines => {
            let why = format!("{} may print a secret: line {}", path.display(), lines.join(", "));
            limit(
                State::Applies,
                why,
                "no Helm hands it to a post-renderer: have the notes say how to read the Secret instead",
            )
        }
    })
}

/// Values that look like credentials: they are in the chart, in the repository, and in Helm's record.
pub(super) fn values(chart: Option<&Path>, given: &[PathBuf], limit: u64) -> Result<Limit, Error> {
    let own = chart.map(|chart| chart.join("values.yaml")).filter(|path| path.exists());
    let files: Vec<PathBuf> = own.into_iter().chain(given.iter().cloned()).collect();
    let mut places = Vec::new();
    for file in &files {
        let source = Input::from_file(file, limit)?;
        let hits = in_text(&source.text, Style::of_name("values.yaml"));
        let lines = hits.iter().filter(|hit| hit.confidence != Confidence::StandIn).map(|hit| {
            let line = source.text[..hit.span.start].matches('\n').count() + 1;
            format!("{}:{line}", file.display())
        });
        places.extend(lines);
    }
    let (state, why, help) = if files.is_empty() {
        (State::CannotBeTold, "no values were named".to_owned(), "--chart DIR, --values FILE")
    } else if places.is_empty() {
        (State::DoesNot, "no value there looks like a credential".to_owned(), "")
    } else {
        let help = "give Helm references (--resolve) or the name of an existing Secret instead";
        (State::Applies, format!("look like credentials: {}", places.join(", ")), help)
    };
    Ok(Limit { id: "values", what: "values that Helm is given", state, why, help: help.to_owned() })
}
