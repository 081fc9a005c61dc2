//! An embedded file, read: its data and the line of everything in it.

use std::collections::HashMap;
use std::fmt;

use super::{Format, lines, toml};
use crate::yaml::stream::{self, ParseOptions};
use crate::yaml::{Data, Route, Step, Stream, Value};

/// A file that was read.
#[derive(Debug)]
pub struct File {
    /// What it says. Of `.env`, ini and properties files all values are text.
    pub data: Data,
    /// What it is written in.
    pub format: Format,
    lines: Lines,
}

/// Where a file's values stand in it.
#[derive(Debug)]
enum Lines {
    Tree(Box<Stream>),
    Table(HashMap<Route, usize>),
}

/// Why a file could not be read. Its words hold nothing of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// Line of the file, from 1, when it is known.
    pub line: Option<usize>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, line: Option<usize>) -> Self {
        Self { what: what.into(), line }
    }
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// What keeps a reader of that format from reading it.
    pub fn parse(text: &str, format: Format) -> Result<Self, Fault> {
        let (data, lines) = match format {
            Format::Yaml => yaml(text.to_owned())?,
            Format::Json => json(text)?,
            Format::Toml => table(toml::read(text)?),
            Format::Env => table(lines::env(text)?),
            Format::Ini => table(lines::ini(text)?),
            Format::Properties => table(lines::properties(text)?),
        };
        Ok(Self { data, format, lines })
    }

    /// The line, from 1, on which the key or item at a route stands, or else the nearest above it that exists.
    #[must_use]
    pub fn line_of(&self, route: &Route) -> usize {
        match &self.lines {
            Lines::Tree(stream) => content(stream).map_or(1, |(root, before)| before + line(root, route)),
            Lines::Table(table) => {
                let steps = route.steps();
                let known = (0..=steps.len())
                    .rev()
                    .find_map(|length| table.get(&steps[..length].iter().cloned().collect::<Route>()));
                known.copied().unwrap_or(1)
            }
        }
    }
}

fn table((data, lines): (Data, HashMap<Route, usize>)) -> (Data, Lines) {
    (data, Lines::Table(lines))
}

fn yaml(text: String) -> Result<(Data, Lines), Fault> {
    let stream = stream::parse(text, ParseOptions::default())
        .map_err(|error| Fault::new(error.message, Some(error.line)))?;
    let mut others = stream.documents.iter().filter(|it| stream.root(it).is_some()).skip(1);
    if let Some(second) = others.next() {
        return Err(Fault::new("a second YAML document", Some(second.line)));
    }
    let data = content(&stream).map_or(Data::Null, |(root, _)| root.to_data());
    Ok((data, Lines::Tree(Box::new(stream))))
}

/// JSON is read as JSON; the YAML reader, to which JSON is flow style, only says on which line things stand.
fn json(text: &str) -> Result<(Data, Lines), Fault> {
    let data: Data = serde_json::from_str(text)
        .map_err(|error| Fault::new("not JSON from here on", Some(error.line().max(1))))?;
    // Outside strings a tab is as good as a blank, and within strings JSON has none.
    let lines = match stream::parse(text.replace('\t', " "), ParseOptions::default()) {
        Ok(stream) => Lines::Tree(Box::new(stream)),
        Err(_) => Lines::Table(HashMap::new()),
    };
    Ok((data, lines))
}

/// The document with content, and the lines before it.
fn content(stream: &Stream) -> Option<(Value<'_>, usize)> {
    stream.documents.iter().find_map(|document| Some((stream.root(document)?, document.line - 1)))
}

fn line(root: Value<'_>, route: &Route) -> usize {
    let (mut here, mut shown) = (root, root);
    for step in route.steps() {
        let found = match step {
            Step::Key(key) => {
                here.resolved().own_entry(key).or_else(|| here.entry(key).map(|value| (value, value)))
            }
            Step::Index(index) => here.items().nth(*index).map(|item| (item, item)),
        };
        let Some((key, value)) = found else { break };
        (shown, here) = (key, value);
    }
    shown.line()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str, format: Format) -> File {
        File::parse(text, format).unwrap()
    }

    fn route(keys: &[&str]) -> Route {
        keys.iter().map(|key| Step::Key((*key).to_owned().into())).collect()
    }

    #[test]
    fn each_format_gives_data_and_lines() {
        for (format, text, line) in [
            (Format::Yaml, "# c\n---\nserver:\n  host: a\n  port: 80\n", 5),
            (Format::Json, "{\n\t\"server\": {\n\t\t\"host\": \"a\",\n\t\t\"port\": 80\n\t}\n}\n", 4),
            (Format::Toml, "# c\n[server]\nhost = \"a\"\n\nport = 80\n", 5),
        ] {
            let file = read(text, format);
            assert_eq!(file.data, json!({"server": {"host": "a", "port": 80}}), "{format}");
            assert_eq!(file.line_of(&route(&["server", "port"])), line, "{format}");
            let above = file.line_of(&route(&["server"]));
            assert_eq!(file.line_of(&route(&["server", "none"])), above, "{format}");
        }
    }

    #[test]
    fn a_fault_says_where_and_nothing_of_the_file() {
        for (format, text, line) in [
            (Format::Yaml, "a: 1\nb: canary: c\n", Some(2)),
            (Format::Yaml, "a: 1\n---\nb: 1\n", Some(3)),
            (Format::Json, "{\n  \"a\": canary\n}", Some(2)),
            (Format::Toml, "a = 1\nb = canary\n", Some(2)),
            (Format::Toml, "a = 1\ncanary = 2\ncanary = 3\n", Some(3)),
            (Format::Env, "A=1\ncanary\n", Some(2)),
            (Format::Env, "A=1\nB=\"canary\n", Some(2)),
            (Format::Ini, "a = 1\n[canary\n", Some(2)),
            (Format::Properties, "a = 1\nb = \\u00zz canary\n", Some(2)),
        ] {
            let fault = File::parse(text, format).unwrap_err();
            assert_eq!(fault.line, line, "{format}: {fault}");
            assert!(!fault.what.contains("canary"), "{format}: {fault}");
        }
    }
}
