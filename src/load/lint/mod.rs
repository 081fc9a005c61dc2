//! What is allowed in a policy file and yet surely not meant.

mod exemptions;
mod lists;
mod matches;
mod rules;
mod secrets;
mod shadowed;

use std::collections::BTreeSet;

use serde::Serialize;

use super::environments::BUILT_IN;
use super::file::PolicyFile;
use super::layers::{self, Layer, Layers};
use super::resolve::mean;
use super::source::Source;
use crate::error::Error;
use crate::policy::{Date, Policy};
use crate::yaml::{Data, Route};

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is odd, lower case.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// One file, or one environment within it, with the policy it ends up in.
struct Part<'p> {
    source: &'p Source,
    spec: Data,
    policy: &'p Policy,
}

/// Where remarks go, each once.
#[derive(Default)]
struct Remarks(BTreeSet<Warning>);

impl Remarks {
    fn say(&mut self, source: &Source, route: &Route, message: impl Into<String>, help: impl Into<String>) {
        let (line, column) = source.line_and_column(route).unwrap_or_default();
        let (message, help) = (message.into(), help.into());
        self.0.insert(Warning { file: source.name.clone(), line, column, message, help });
    }
}

/// Everything odd in a file, and in the files it extends, under each environment that may be in force.
///
/// # Errors
/// [`Error::Policy`] and [`Error::Io`] for what is plainly wrong in any of them.
pub fn lint(file: &PolicyFile, source: &Source, today: Date) -> Result<Vec<Warning>, Error> {
    let mut remarks = Remarks::default();
    let default = layers::gather(file.clone(), source, None)?;
    let own = file.spec.environments.keys().map(String::as_str);
    let names: BTreeSet<&str> = own.chain(BUILT_IN.iter().map(|(name, _)| *name)).collect();
    let mut under = vec![default.clone()];
    for name in names {
        under.push(layers::gather(file.clone(), source, Some(name))?);
    }
    for layers in &under {
        let policy = mean(layers.clone(), today)?;
        for layer in files(layers) {
            let part = Part { source: &layer.source, spec: layer.source.said(), policy: &policy };
            rules::look(&part, &mut remarks);
            exemptions::look(&part, &mut remarks);
            lists::look(&part, &mut remarks);
            matches::look(&part, &mut remarks);
            secrets::look(&part, &mut remarks);
        }
    }
    gate(&default, today, &mut remarks)?;
    shadowed::look(&default, &under, &mut remarks);
    let notes = default.notes.iter().map(|note| Warning {
        file: source.name.clone(),
        line: 0,
        column: 0,
        message: note.clone(),
        help: String::new(),
    });
    Ok(notes.chain(remarks.0).collect())
}

/// The layers that people wrote, not the built-in ones.
fn files(layers: &Layers) -> impl Iterator<Item = &Layer> {
    layers.list.iter().filter(|layer| !layer.built_in)
}

fn gate(layers: &Layers, today: Date, remarks: &mut Remarks) -> Result<(), Error> {
    let Some(last) = files(layers).last() else { return Ok(()) };
    let policy = mean(layers.clone(), today)?;
    let route = |key: &'static str| Route::root().key(key);
    if !policy.gate.is_on() {
        remarks.say(&last.source, &route("gate"), "the gate refuses nothing", "gate: {severity: critical}");
    }
    if policy.annotations.iter().any(|id| id == "*") {
        let what = "every chart may exempt itself from every rule by an annotation";
        remarks.say(
            &last.source,
            &route("annotations"),
            what,
            "name the rules: annotations: {allow: [host-network]}",
        );
    }
    Ok(())
}
