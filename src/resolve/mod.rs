//! Values in the place of references to secrets, and only where a Secret keeps its data.
//!
//! Asking the stores is `stores`' work; here is which places hold references, what may stand in them, and how a value gets
//! there: as data through the editor of `yaml`, never as YAML text.

mod ask;
mod fill;
pub mod sites;

use std::collections::BTreeMap;
use std::fmt;

use crate::k8s::{Object, Release};
use crate::secrets::reference::Held;
use crate::yaml::edit::{self, EditError, Edited};
use crate::yaml::{Edit, Op, Route, Stream};

use fill::Filled;
use sites::Site;

/// What a reference comes down to once those in it are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// `hardtack://NAME/KEY`.
    Own {
        /// Of the secret.
        name: String,
        /// In it.
        key: String,
    },
    /// `ref+BACKEND://PATH?PARAMS#/KEYS`.
    Vals {
        /// In lower case.
        backend: String,
        /// What stands behind `://`.
        path: String,
        /// What stands behind `?`.
        params: Vec<(String, String)>,
        /// Empty when there is no fragment.
        keys: Vec<String>,
    },
    /// A placeholder of argocd-vault-plugin.
    Placeholder {
        /// As that plugin takes it: of Vault's HTTP API, `data/` included.
        path: String,
        /// In the secret.
        key: String,
        /// Of the secret.
        version: Option<String>,
        /// The version of Vault's key/value engine, when the object says it.
        kv: Option<u8>,
    },
}

/// What a store says.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The value.
    pub held: Held,
    /// Where it comes from: `vault https://vault:8200`.
    pub source: String,
}

/// Why a store says nothing. Holds no value, no token and nothing that a store or a command wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whether the store answered that there is no such secret or key.
    pub missing: bool,
    /// What happened, lower case, no full stop.
    pub what: String,
    /// What to do next.
    pub help: String,
}

impl Failure {
    /// Something other than an absent value.
    #[must_use]
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { missing: false, what: what.into(), help: help.into() }
    }

    /// There is no such secret or key.
    #[must_use]
    pub fn missing(what: impl Into<String>) -> Self {
        Self {
            missing: true,
            what: what.into(),
            help: "make the secret first, or correct the reference".to_owned(),
        }
    }
}

/// Whoever answers questions.
pub trait Stores {
    /// Answers one.
    ///
    /// # Errors
    /// Why not.
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure>;
}

/// A reference that cannot be resolved, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The reference, as messages show it.
    pub reference: String,
    /// `Secret/db (shop/templates/db.yaml), line 12, stringData.password`.
    pub place: String,
    /// Why.
    pub failure: Failure,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: {}", self.reference, self.place, self.failure.what)
    }
}

/// A stream without references.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The whole stream.
    pub text: String,
    /// How many references there were.
    pub references: usize,
    /// How many came from where.
    pub sources: BTreeMap<String, usize>,
    /// The Secrets that hold values now: numbers of their documents, and the way to each.
    pub secrets: Vec<(usize, Route)>,
    /// Keys that are gone because the chart says that missing ones may go.
    pub removed: Vec<String>,
}

/// Why nothing was resolved.
#[derive(Debug)]
pub enum Unresolved {
    /// By the references.
    References(Vec<Trouble>),
    /// A value did not land as planned in this object.
    Edit(String, EditError),
}

/// Resolves every reference of a release; `None` when there is none.
///
/// # Errors
/// All references that cannot be resolved, or may not be where they stand: then nothing is.
pub fn resolve(
    stream: &Stream,
    release: &Release<'_>,
    stores: &mut dyn Stores,
) -> Result<Option<Resolved>, Unresolved> {
    let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    let (mut troubles, mut resolved) = (Vec::new(), Resolved::default());
    for object in &release.objects {
        let all = sites::of(object);
        if !all.is_empty() {
            resolved.secrets.push((object.document, object.route.clone()));
        }
        for site in all {
            resolved.references += site.found.len();
            match fill::fill(object, &site, stores, &mut resolved.sources) {
                Ok(filled) => {
                    let op = match filled {
                        Filled::Data(data) => Op::Set(data),
                        Filled::Gone => {
                            resolved.removed.push(place(object, &site));
                            Op::Remove
                        }
                    };
                    edits.entry(object.document).or_default().push(Edit { route: site.route.clone(), op });
                }
                Err(found) => troubles.extend(found),
            }
        }
    }
    if !troubles.is_empty() {
        return Err(Unresolved::References(troubles));
    }
    if edits.is_empty() {
        return Ok(None);
    }
    resolved.text = edited(stream, release, &edits)?;
    Ok(Some(resolved))
}

/// The stream with its documents edited.
fn edited(
    stream: &Stream,
    release: &Release<'_>,
    edits: &BTreeMap<usize, Vec<Edit>>,
) -> Result<String, Unresolved> {
    let mut text = String::with_capacity(stream.text.len() + 1024);
    for (number, document) in stream.documents.iter().enumerate() {
        text.push_str(&stream.text[document.separator.clone()]);
        let body = stream.body(document);
        match (edits.get(&number), stream.root(document)) {
            (Some(edits), Some(root)) => {
                let Edited { text: new, .. } = edit::apply_keeping_lines(root, edits).map_err(|error| {
                    let object = release.objects.iter().find(|object| object.document == number);
                    Unresolved::Edit(object.map(Object::with_template).unwrap_or_default(), error)
                })?;
                text.push_str(&new);
            }
            _ => text.push_str(body),
        }
    }
    Ok(text)
}

/// Where a site is, for messages.
fn place(object: &Object<'_>, site: &Site) -> String {
    let below = site.route.steps()[object.route.steps().len()..].iter().cloned();
    let below: Route = below.collect();
    format!("{}, line {}, {below}", object.with_template(), site.line)
}

#[cfg(test)]
mod tests;
