//! Which objects a ValidatingAdmissionPolicy or its binding is about.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::facts;
use crate::k8s::selector::{Labels, labels};
use crate::k8s::{Object, Release, resources};

/// `matchConstraints` or `matchResources`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Constraints {
    #[serde(default)]
    resource_rules: Vec<ResourceRule>,
    #[serde(default)]
    exclude_resource_rules: Vec<ResourceRule>,
    #[serde(default)]
    namespace_selector: Selector,
    #[serde(default)]
    object_selector: Selector,
    #[serde(default)]
    match_policy: MatchPolicy,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ResourceRule {
    #[serde(default)]
    api_groups: Vec<String>,
    #[serde(default)]
    api_versions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    resource_names: Vec<String>,
    #[serde(default)]
    operations: Vec<Operation>,
    #[serde(default)]
    scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Operation {
    Create,
    Update,
    Delete,
    Connect,
    #[serde(rename = "*")]
    Any,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Scope {
    #[default]
    #[serde(rename = "*")]
    Any,
    Cluster,
    Namespaced,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum MatchPolicy {
    #[default]
    Equivalent,
    Exact,
}

/// A label selector.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Selector {
    #[serde(default)]
    match_labels: BTreeMap<String, String>,
    #[serde(default)]
    match_expressions: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    key: String,
    operator: Operator,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// Whether all of it holds for these labels.
    #[must_use]
    pub fn holds(&self, labels: &Labels<'_>) -> bool {
        let label = |key: &str| labels.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref());
        let required = |it: &Requirement| {
            let label = label(&it.key);
            let listed = label.is_some_and(|label| it.values.iter().any(|value| value == label));
            match it.operator {
                Operator::In => listed,
                Operator::NotIn => !listed,
                Operator::Exists => label.is_some(),
                Operator::DoesNotExist => label.is_none(),
            }
        };
        self.match_labels.iter().all(|(key, value)| label(key) == Some(value.as_str()))
            && self.match_expressions.iter().all(required)
    }

    fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }
}

impl Constraints {
    /// Whether any resource is named.
    #[must_use]
    pub fn names_resources(&self) -> bool {
        !self.resource_rules.is_empty()
    }

    /// Whether creating the object is meant. Without resource rules every resource is.
    #[must_use]
    pub fn mean(&self, release: &Release<'_>, object: &Object<'_>) -> bool {
        let fits = |rule: &ResourceRule| rule.fits(release, object, self.match_policy);
        (self.resource_rules.is_empty() || self.resource_rules.iter().any(fits))
            && !self.exclude_resource_rules.iter().any(fits)
            && self.object_selector.holds(&labels(object.value.get("metadata")))
            && self.selects_namespace(release, object)
    }

    /// A namespace is judged by its own labels, what lives in none always fits.
    fn selects_namespace(&self, release: &Release<'_>, object: &Object<'_>) -> bool {
        if self.namespace_selector.is_empty() {
            return true;
        }
        let name = match facts::namespace(release, object) {
            Some(name) => name,
            None if object.is("", "Namespace") => object.id.name.as_str(),
            None => return true,
        };
        let found = release.objects.iter().find(|it| it.is("", "Namespace") && it.id.name == name);
        let mut labels = labels(found.and_then(|it| it.value.get("metadata")));
        labels.push(("kubernetes.io/metadata.name".into(), name.into()));
        self.namespace_selector.holds(&labels)
    }
}

impl ResourceRule {
    fn fits(&self, release: &Release<'_>, object: &Object<'_>, policy: MatchPolicy) -> bool {
        let resource = resources::of(release, object);
        let named = |list: &[String], word: &str| list.iter().any(|it| it == "*" || it == word);
        let version = object.id.api_version.rsplit('/').next().unwrap_or_default();
        // Other versions of the resource are converted to the one that is named.
        let version = policy == MatchPolicy::Equivalent && !self.api_versions.is_empty()
            || named(&self.api_versions, version);
        let is_resource = |it: &String| {
            let (name, part) = it.split_once('/').unwrap_or((it, ""));
            (name == "*" || name == resource.plural) && matches!(part, "" | "*")
        };
        let scope = match self.scope {
            Scope::Any => true,
            Scope::Cluster => !resource.namespaced || object.is("", "Namespace"),
            Scope::Namespaced => resource.namespaced,
        };
        let created = self.operations.iter().any(|it| matches!(it, Operation::Create | Operation::Any));
        let name = self.resource_names.is_empty() || self.resource_names.contains(&object.id.name);
        named(&self.api_groups, object.group())
            && version
            && scope
            && created
            && name
            && self.resources.iter().any(is_resource)
    }
}
