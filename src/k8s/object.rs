//! One Kubernetes object of the stream and where it stands.

use std::borrow::Cow;
use std::fmt;

use crate::yaml::{Route, Value};

/// What names an object in messages: `Deployment/web`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// The namespace the object names, or the one the release goes to when that is known.
    pub namespace: Option<String>,
    /// `metadata.name`; empty when missing.
    pub name: String,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// An object: a document, or an item of a `List` or `ResourceList`.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    /// Its place in [`super::Release::objects`].
    pub number: usize,
    /// Who it is.
    pub id: Identity,
    /// Index of its document in the stream.
    pub document: usize,
    /// From the document's root to the object.
    pub route: Route,
    /// The object itself.
    pub value: Value<'a>,
    /// The chart template it was rendered from, as `# Source:` or Helm 4's annotation names it.
    pub template: Option<Cow<'a, str>>,
    /// Line of the stream, from 1, on which its document starts.
    pub document_line: usize,
}

impl<'a> Object<'a> {
    /// The API group: `apps` of `apps/v1`, empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.id.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// `Deployment/web (shop/templates/web.yaml)`, for messages.
    #[must_use]
    pub fn with_template(&self) -> String {
        match &self.template {
            Some(template) => format!("{} ({template})", self.id),
            None => self.id.to_string(),
        }
    }

    /// The chart it was rendered from: the folder around its template, else what the label `helm.sh/chart` says.
    #[must_use]
    pub fn chart(&self) -> Option<Cow<'_, str>> {
        let labels = self.value.get("metadata").and_then(|it| it.get("labels"));
        let of_label = || {
            let label = labels?.get("helm.sh/chart")?.as_str()?;
            let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let mut dashes = label.match_indices('-').map(|(at, _)| at);
            let end = dashes.find(|at| label[at + 1..].split('.').take(2).all(number)).unwrap_or(label.len());
            Some(Cow::Owned(label[..end].to_owned()))
        };
        let folder = self.template.as_deref().and_then(|template| {
            let folder = ["/templates/", "/crds/"].iter().find_map(|part| template.rsplit_once(part))?.0;
            Some(Cow::Borrowed(folder.rsplit('/').next().unwrap_or(folder)))
        });
        folder.or_else(of_label)
    }

    /// Whether it is of this group and kind, whatever the version.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.id.kind == kind && self.group() == group
    }

    /// An annotation's text.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<Cow<'a, str>> {
        self.value.get("metadata")?.get("annotations")?.get(key)?.as_str()
    }

    /// Whether Helm or Argo CD runs it as a hook: made anew each time, so nothing of it is immutable.
    #[must_use]
    pub fn is_hook(&self) -> bool {
        self.annotation("helm.sh/hook").is_some() || self.annotation("argocd.argoproj.io/hook").is_some()
    }

    /// Line of the stream, from 1, on which a node of this object stands.
    #[must_use]
    pub fn line_of(&self, value: Value<'_>) -> usize {
        self.document_line + value.line() - 1
    }
}
