//! From the text of a policy file to its parts, with line, column and the nearest spelling in every error.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::file::{API_VERSION, KIND, OLD_API_VERSION, PolicyFile};
use super::migrate;
use super::source::{self, Source};
use crate::error::Error;
use crate::nearest::hint;
use crate::yaml::{Data, Route, Step};

/// Reads a policy file as Kubernetes would read it. `name` is its path, for messages.
///
/// # Errors
/// [`Error::Policy`] with line and column.
pub fn from_text(text: &str, name: &str) -> Result<PolicyFile, Error> {
    let written = source::written(text, name)?;
    let data = source::root(&written).map_or(Data::Null, |(root, _)| root.to_data());
    let source = Source::new(name, "").with_text(Some(written.clone()));
    Ok(PolicyFile { written: Some(written), ..read(data, &source)? })
}

/// Reads a policy that came as an object, such as a function's configuration.
///
/// # Errors
/// [`Error::Policy`] with the route in place of a line: the caller has no text either.
pub fn from_data(data: Data, name: &str) -> Result<PolicyFile, Error> {
    read(data, &Source::new(name, ""))
}

fn read(mut data: Data, source: &Source) -> Result<PolicyFile, Error> {
    if !data.is_object() {
        let message = format!("{} is no map of keys", source.name);
        let help = format!("begin with apiVersion: {API_VERSION} and kind: {KIND}");
        return Err(Error::Policy { message, help });
    }
    let old = data.get("apiVersion").and_then(Data::as_str) == Some(OLD_API_VERSION);
    if old {
        migrate::data(&mut data);
    }
    let mut file: PolicyFile = decode(data, source)?;
    if file.kind != KIND || file.api_version != API_VERSION {
        let message = format!("{} is {} {}, not a policy", source.name, file.api_version, file.kind);
        let help = format!("write apiVersion: {API_VERSION} and kind: {KIND}");
        return Err(Error::Policy { message, help });
    }
    file.old = old;
    Ok(file)
}

/// Data as a type, with the place of whatever does not fit it.
pub(super) fn decode<T: DeserializeOwned>(data: Data, source: &Source) -> Result<T, Error> {
    serde_path_to_error::deserialize(data).map_err(|error: serde_path_to_error::Error<serde_json::Error>| {
        let route = error.path().iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone().into())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        said(&error.inner().to_string(), &route.collect(), source)
    })
}

/// serde's words name what is unknown, and what is known, between backticks.
fn said(error: &str, route: &Route, source: &Source) -> Error {
    let quoted: Vec<&str> = error.split('`').skip(1).step_by(2).collect();
    let (word, known) = quoted.split_first().map_or(("", &[][..]), |(word, known)| (*word, known));
    let nearest = |otherwise: String| hint(word, known.iter().copied(), &otherwise);
    let (message, help) = if error.starts_with("unknown field ") {
        let below = route.key(word.to_owned());
        let route = if route.steps().last() == below.steps().last() { route } else { &below };
        let place = source.place_in_text(route);
        let help = match migrate::MOVED.iter().find(|(old, _)| *old == word) {
            Some((_, new)) => format!("{new} in v1; hardtack policy migrate rewrites a file of v1alpha1"),
            None => match crate::nearest::nearest(word, known.iter().copied()) {
                Some(meant) => format!("did you mean {meant:?}? hardtack policy schema has all keys"),
                None => format!("known here: {}", known.join(", ")),
            },
        };
        (format!("unknown key {word:?} in {place}"), help)
    } else if error.starts_with("unknown variant ") {
        let place = source.place_in_text(route);
        (format!("unknown word {word:?} in {place}"), nearest(format!("one of {}", known.join(", "))))
    } else if error.starts_with("missing field ") {
        (format!("{word} is missing in {}", source.place_in_text(route)), format!("add {word}:"))
    } else {
        misfit(error, route, source)
    };
    Error::Policy { message, help }
}

/// serde's `invalid type: string "x", expected a boolean`, in words for people.
fn misfit(error: &str, route: &Route, source: &Source) -> (String, String) {
    let place = source.place_in_text(route);
    let what = if route.steps().is_empty() { "the file".to_owned() } else { route.to_string() };
    let Some((found, wanted)) =
        error.strip_prefix("invalid type: ").and_then(|it| it.split_once(", expected "))
    else {
        let help = "hardtack policy show -e production prints a policy file".to_owned();
        return (format!("{place}: {what}: {error}"), help);
    };
    let found = found.replace("sequence", "a list").replace("map", "a map").replace("string", "the text");
    let (wanted, help) = match wanted {
        "a sequence" => ("a list", "write - before each item"),
        "a boolean" => ("true or false", "write true or false, without quotes"),
        "i64" | "u32" | "u64" | "usize" => ("a whole number", "write it in digits, without quotes"),
        "a string" => ("a text", "write one text; quotes make a text of anything"),
        other if other.starts_with("struct ") || other == "a map" => {
            ("a map", "write key: value, a line each")
        }
        other => (other, "hardtack policy show -e production prints a policy file"),
    };
    (format!("{place}: {what} is {found}, not {wanted}"), help.to_owned())
}
