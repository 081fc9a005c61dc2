//! From the text of a policy file to its parts, with line, column and the nearest spelling in every error.

use super::file::{API_VERSION, KIND, PolicyFile};
use super::nearest::hint;
use crate::error::Error;
use crate::yaml::Data;

/// Reads a policy file. `name` is its path, for messages.
///
/// # Errors
/// [`Error::Policy`] with line and column.
pub fn from_text(text: &str, name: &str) -> Result<PolicyFile, Error> {
    let file: PolicyFile = serde_saphyr::from_str(text).map_err(|error| said(&error, name))?;
    checked(file, name)
}

/// Reads a policy that came as an object, such as a function's configuration.
///
/// # Errors
/// [`Error::Policy`] without a line: the caller has none either.
pub fn from_data(data: Data, name: &str) -> Result<PolicyFile, Error> {
    let file: PolicyFile = serde_json::from_value(data).map_err(|error| {
        let error = error.to_string();
        unknown_field(&error, name).unwrap_or_else(|| Error::Policy {
            message: format!("{name}: {error}"),
            help: "hardtack policy show -e production prints a policy file with every part".to_owned(),
        })
    })?;
    checked(file, name)
}

/// serde's words for an unknown field hold it, and what is known, between backticks.
fn unknown_field(error: &str, name: &str) -> Option<Error> {
    let mut words = error.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let field = words.next()?;
    let known: Vec<&str> = words.collect();
    let help = hint(field, known.iter().copied(), &format!("known here: {}", known.join(", ")));
    Some(Error::Policy { message: format!("unknown key {field:?} in {name}"), help })
}

fn checked(file: PolicyFile, name: &str) -> Result<PolicyFile, Error> {
    if file.kind != KIND || file.api_version != API_VERSION {
        let got = format!("{} {}", file.api_version, file.kind);
        return Err(Error::Policy {
            message: format!("{name} is {got}, not a policy"),
            help: format!("write apiVersion: {API_VERSION} and kind: {KIND}"),
        });
    }
    Ok(file)
}

fn said(error: &serde_saphyr::Error, name: &str) -> Error {
    let error = error.without_snippet();
    let place = error.location().map(|at| format!("{name}:{}:{}", at.line(), at.column()));
    let place = place.unwrap_or_else(|| name.to_owned());
    let (message, help) = match error {
        serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
            let known = format!("known here: {}", expected.join(", "));
            (format!("unknown key {field:?} in {place}"), hint(field, expected.iter().copied(), &known))
        }
        serde_saphyr::Error::SerdeUnknownVariant { variant, expected, .. } => {
            let known = format!("one of {}", expected.join(", "));
            (format!("unknown word {variant:?} in {place}"), hint(variant, expected.iter().copied(), &known))
        }
        serde_saphyr::Error::SerdeMissingField { field, .. } => {
            (format!("{field} is missing in {place}"), format!("add {field}:"))
        }
        other => {
            let help = "hardtack policy show -e production prints a policy file".to_owned();
            (format!("{place}: {other}"), help)
        }
    };
    Error::Policy { message, help }
}
