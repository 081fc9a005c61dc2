//! What labels in the stream ask for.

use crate::k8s::{Release, Scope, selector};
use crate::policy::environment::LABEL;
use crate::yaml::Stream;

/// An environment that a Namespace of the stream asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The Namespace.
    pub namespace: String,
    /// The environment's name.
    pub environment: String,
}

/// The environments that the Namespaces of a stream ask for, in the order of the stream.
#[must_use]
pub fn environments(stream: &Stream) -> Vec<Labelled> {
    if memchr::memmem::find(stream.text.as_bytes(), LABEL.as_bytes()).is_none() {
        return Vec::new();
    }
    let release = Release::gather(stream, Scope::default());
    let namespaces = release.objects.iter().filter(|object| object.id.kind == "Namespace");
    let labelled = namespaces.filter_map(|object| {
        let labels = selector::labels(object.value.get("metadata"));
        let (_, environment) = labels.into_iter().find(|(key, _)| key == LABEL)?;
        Some(Labelled { namespace: object.id.name.clone(), environment: environment.to_string() })
    });
    labelled.collect()
}
