//! Which objects and containers an entry of a policy is about.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Condition;
use crate::k8s::image::current;
use crate::k8s::{Container, Object, Part, Workload, selector};
use crate::yaml::Step;

/// All that is named must hold; what is absent matches everything. Texts are globs: `*` stands for any run of characters.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Match {
    /// `Deployment`.
    pub kind: Option<String>,
    /// `metadata.name`.
    pub name: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// Labels of the object or of its pods.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The image reference of the container, tag included.
    pub image: Option<String>,
    /// The container's name.
    pub container: Option<String>,
    /// The name of a port that the container declares.
    pub port: Option<String>,
    /// The chart: the folder around the template, or what the label `helm.sh/chart` says.
    pub chart: Option<String>,
    /// The chart template, as `# Source:` names it.
    pub template: Option<String>,
    /// A key of the ConfigMap or Secret.
    pub key: Option<String>,
    /// A condition on `object`, in CEL.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub expression: Option<Condition>,
}

impl Match {
    /// Whether the object is meant. `container` narrows to one container: then its name and image count too.
    #[must_use]
    pub fn object(&self, object: &Object<'_>, workload: Option<&Workload<'_>>) -> bool {
        let is = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|it| glob(it, text));
        // Helm values are no object: only who names their kind means them.
        let meant = self.kind.is_some() || !object.id.api_version.is_empty();
        meant
            && is(&self.kind, &object.id.kind)
            && is(&self.name, &object.id.name)
            && is(&self.namespace, object.id.namespace.as_deref().unwrap_or_default())
            && (self.labels.is_empty() || self.labelled(object, workload))
            && self.chart.as_deref().is_none_or(|it| object.chart().is_some_and(|chart| glob(it, &chart)))
            && self
                .template
                .as_deref()
                .is_none_or(|it| object.template.as_deref().is_some_and(|template| glob(it, template)))
            && self.key.as_deref().is_none_or(|it| holds_key(object, it))
            && self.expression.as_ref().is_none_or(|it| it.holds(object))
    }

    fn labelled(&self, object: &Object<'_>, workload: Option<&Workload<'_>>) -> bool {
        let own = selector::labels(object.value.get("metadata"));
        let pods = workload.map(|it| &it.labels);
        let labels = || own.iter().chain(pods.into_iter().flatten());
        let wanted = |(key, pattern): (&String, &String)| {
            labels().any(|(name, value)| name == key && glob(pattern, value))
        };
        self.labels.iter().all(wanted)
    }

    /// Whether this container of the object is meant.
    #[must_use]
    pub fn container(&self, object: &Object<'_>, container: &Container<'_>) -> bool {
        self.object(object, Some(container.workload)) && self.part(container)
    }

    /// Whether the words about containers (image, container, port) hold for this one.
    #[must_use]
    pub fn part(&self, part: &Part<'_>) -> bool {
        let is = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|it| glob(it, text));
        is(&self.container, &part.name)
            && self.image.as_deref().is_none_or(|it| glob(&current(it), &current(part.image_text())))
            && self.port.as_deref().is_none_or(|pattern| declares_port(part, pattern))
    }

    /// Whether a place of the object (its route from the object) is under a key that is meant.
    #[must_use]
    pub fn place(&self, steps: &[Step]) -> bool {
        let Some(pattern) = &self.key else { return true };
        match steps {
            [Step::Key(map), Step::Key(key), ..] => KEYED.contains(&map.as_ref()) && glob(pattern, key),
            _ => false,
        }
    }

    /// Whether the entry speaks of single containers.
    #[must_use]
    pub fn is_about_containers(&self) -> bool {
        self.container.is_some() || self.image.is_some() || self.port.is_some()
    }
}

/// The maps of ConfigMaps and Secrets that hold keys.
const KEYED: [&str; 3] = ["data", "stringData", "binaryData"];

fn holds_key(object: &Object<'_>, pattern: &str) -> bool {
    let maps = KEYED.into_iter().filter_map(|map| object.value.get(map));
    maps.flat_map(crate::yaml::Value::entries).any(|(key, _)| glob(pattern, &key))
}

fn declares_port(part: &Part<'_>, pattern: &str) -> bool {
    let ports = part.get("ports").into_iter().flat_map(crate::yaml::Value::items);
    ports.into_iter().any(|port| {
        port.get("name").and_then(crate::yaml::Value::as_str).is_some_and(|name| glob(pattern, &name))
    })
}

/// Whether `text` fits `pattern`, in which `*` stands for any run of characters.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    // Patterns and names are short: the searchers of `str` would spend more on getting ready than on looking.
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let mut parts = pattern.split(|byte| *byte == b'*').peekable();
    let head = parts.next().unwrap_or_default();
    let Some(mut left) = text.strip_prefix(head) else { return false };
    if parts.peek().is_none() {
        return left.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match if part.is_empty() { Some(0) } else { left.windows(part.len()).position(|it| it == part) } {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_is_any_run() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*b*b", "ab", false),
            ("ghcr.io/acme/*", "ghcr.io/acme/web:1", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }
}
