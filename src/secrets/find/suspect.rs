//! A credential and where in the release it stands.

use super::{Confidence, Hit, Kind};
use crate::secrets::LengthClass;
use crate::yaml::{Route, Value};

/// What holds a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A variable of a container.
    Variable,
    /// A word of a container's command or arguments, a probe or a handler.
    Argument,
    /// A key of a ConfigMap.
    ConfigMap,
    /// An annotation of an object or of its pods.
    Annotation,
    /// A field of a custom resource, or of anything else.
    Field,
    /// A comment.
    Comment,
}

/// A credential in plain text, outside Secrets.
#[derive(Debug, Clone)]
pub struct Suspect<'a> {
    /// Number of its object in the release.
    pub object: usize,
    /// Name of the container.
    pub container: Option<String>,
    /// What holds it.
    pub holder: Holder,
    /// From the document's root to the value it is, or is part of; of a comment, to the object.
    pub route: Route,
    /// That value.
    pub near: Value<'a>,
    /// What the value is called: a variable, an option, a key, a field.
    pub name: String,
    /// What it is.
    pub hit: Hit,
    /// It is all of the value, so that the value can move to a Secret as it is.
    pub whole: bool,
    /// Line of the stream, from 1.
    pub line: usize,
}

impl Suspect<'_> {
    /// The rule that reports it.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match (self.hit.confidence, self.hit.kind, self.holder) {
            (Confidence::StandIn, ..) => "secret-placeholder",
            (_, Kind::Url, _) => "credentials-in-url",
            (_, _, Holder::Variable) => "secret-in-env",
            (_, _, Holder::Argument) => "secret-in-arguments",
            (_, _, Holder::ConfigMap) => "secret-in-config-map",
            (_, _, Holder::Annotation | Holder::Field | Holder::Comment) => "secret-in-object",
        }
    }

    /// About how long it is.
    #[must_use]
    pub fn length(&self) -> LengthClass {
        self.hit.plain.length_class()
    }

    /// Where it stands and what it is, for messages: `DB_PASSWORD holds a credential (8 to 15 characters)`.
    #[must_use]
    pub fn words(&self) -> String {
        let inside = self.hit.name.as_deref().filter(|inside| *inside != self.name);
        let inside = inside.map_or_else(String::new, |inside| format!(" under {inside}"));
        let what = match self.hit.confidence {
            Confidence::StandIn => "a stand-in for a secret",
            _ => self.hit.kind.words(),
        };
        let place = match self.holder {
            Holder::Comment => "a comment".to_owned(),
            Holder::Annotation => format!("annotation {}", self.name),
            _ => self.name.clone(),
        };
        format!("{place} holds {what}{inside} ({})", self.length())
    }
}
