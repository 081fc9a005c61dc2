//! `--resolve`: values in the place of references, before anything is planned.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::config::Config;
use crate::error::Error;
use crate::harden::Hardened;
use crate::k8s::Release;
use crate::policy::Policy;
use crate::policy::secrets::Target;
use crate::resolve::{Resolved, Trouble, Unresolved, resolve};
use crate::stores::{Cache, Stores};
use crate::wire::{Input, input};
use crate::yaml::{Route, Stream, Value};

/// References that a message lists.
const LISTED: usize = 20;

/// A stream whose references are resolved.
#[derive(Debug)]
pub struct Filled {
    /// The stream.
    pub stream: Stream,
    secrets: Vec<(usize, Route)>,
}

impl Filled {
    /// Refuses to write a value in plain text into a repository.
    ///
    /// # Errors
    /// [`Error::Unresolved`] with the first Secret that would stay one.
    pub fn check(&self, policy: &Policy, hardened: &Hardened<'_>) -> Result<(), Error> {
        if policy.secrets.run.target != Target::Git {
            return Ok(());
        }
        for (document, route) in &self.secrets {
            let root = hardened.changes.root(hardened.stream, *document);
            let Some(object) = root.and_then(|root| root.at(route)) else { continue };
            let is_secret = object.get("kind").and_then(Value::as_str).as_deref() == Some("Secret");
            if is_secret && object.get("sops").is_none() {
                let name = object.path("metadata.name").and_then(Value::as_str).unwrap_or_default();
                let message = format!(
                    "Secret/{name} holds resolved values and would be written in plain text (--target git)"
                );
                let help = "secrets: {to: sealed} or {to: sops} in the policy locks them away; without --resolve the references stay";
                return Err(Error::Unresolved { message, help: help.to_owned() });
            }
        }
        Ok(())
    }
}

/// The stream with its references resolved, where the policy asks for it and there are some. What was done is noted in the policy.
///
/// # Errors
/// [`Error::Unresolved`] with every reference that has no value, or whose value may not stand there.
pub fn resolved(
    config: &Config,
    policy: &mut Cow<'_, Policy>,
    stream: &Stream,
    name: &str,
) -> Result<Option<Filled>, Error> {
    if !policy.resolve.enabled {
        return Ok(None);
    }
    let release = Release::gather(stream, config.scope(policy));
    let mut cache = Cache::default();
    let resolved = resolve(stream, &release, &mut Stores::new(&policy.resolve, &mut cache));
    let Some(resolved) = resolved.map_err(failed)? else { return Ok(None) };
    let note = note(&resolved);
    policy.to_mut().notes.push(note);
    let text = Input { name: name.to_owned(), text: resolved.text };
    Ok(Some(Filled { stream: input::parse(text)?, secrets: resolved.secrets }))
}

fn failed(unresolved: Unresolved) -> Error {
    let troubles = match unresolved {
        Unresolved::Edit(object, error) => return Error::Edit { object, error: Box::new(error) },
        Unresolved::References(troubles) => troubles,
    };
    let mut helps: Vec<&str> = Vec::new();
    for trouble in &troubles {
        if !helps.contains(&trouble.failure.help.as_str()) {
            helps.push(&trouble.failure.help);
        }
    }
    let help = helps.iter().take(3).copied().collect::<Vec<_>>().join("; ");
    Error::Unresolved { message: message(&troubles), help }
}

fn message(troubles: &[Trouble]) -> String {
    if let [only] = troubles {
        return only.to_string();
    }
    let mut message = format!("{} references cannot be resolved", troubles.len());
    for trouble in troubles.iter().take(LISTED) {
        message.push_str(&format!("\n  {trouble}"));
    }
    if troubles.len() > LISTED {
        message.push_str(&format!("\n  and {} more", troubles.len() - LISTED));
    }
    message
}

/// What was done, without a value.
fn note(resolved: &Resolved) -> String {
    let counted: &BTreeMap<String, usize> = &resolved.sources;
    let sources: Vec<String> = counted.iter().map(|(source, count)| format!("{source} {count}")).collect();
    let references = if resolved.references == 1 { "reference" } else { "references" };
    let mut note = format!("{} {references} resolved: {}", resolved.references, sources.join(", "));
    if !resolved.removed.is_empty() {
        note.push_str(&format!("; removed, as they are missing: {}", resolved.removed.join(", ")));
    }
    note
}
