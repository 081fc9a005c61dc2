//! The only walk from an object to its pods: kind → pod template → init, ordinary and ephemeral containers.

use std::borrow::Cow;
use std::ops::Deref;

use super::image::Image;
use super::kinds::{POD_PATHS, PodPath, Shape};
use super::object::Object;
use super::selector::{self, Labels};
use crate::yaml::{Route, Value};

/// What hardtack may do to a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Judge and fix.
    Edit,
    /// Judge; the API refuses to change the template of what exists (non-hook Jobs, naked Pods), so fixing makes the
    /// next upgrade fail.
    Frozen,
    /// Judge; the controller completes or refuses parts of the template.
    Foreign,
    /// Only part of a pod spec: what is missing here says nothing.
    Part,
}

/// The list a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `initContainers`, native sidecars included.
    Init,
    /// `containers`, and what custom resources put in their place.
    Regular,
    /// `ephemeralContainers`.
    Ephemeral,
}

impl List {
    /// The key of the list in a pod spec.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Init => "initContainers",
            Self::Regular => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}

/// One pod template, or what a custom resource holds in its place.
#[derive(Debug)]
pub struct Workload<'a> {
    /// Number of its object in [`super::Release::objects`].
    pub object: usize,
    /// The pod template (for a naked Pod the object itself).
    pub template: Value<'a>,
    /// From the document's root to the pod template.
    pub template_route: Route,
    /// The pod spec.
    pub spec: Value<'a>,
    /// From the document's root to the pod spec.
    pub route: Route,
    /// What may be done to it.
    pub access: Access,
    /// In the order init, regular, ephemeral.
    pub parts: Vec<Part<'a>>,
    /// Labels of the pods.
    pub labels: Labels<'a>,
    /// Whether anything says that its pods run on Windows: more than Kubernetes' own verdicts look at.
    pub windows: bool,
}

/// One container.
#[derive(Debug)]
pub struct Part<'a> {
    /// The container's map.
    pub value: Value<'a>,
    /// From the document's root to the container.
    pub route: Route,
    /// Which list.
    pub list: List,
    /// Position in that list.
    pub index: usize,
    /// Its name; empty when missing.
    pub name: Cow<'a, str>,
    image: Cow<'a, str>,
}

/// A container with the pod it belongs to; what rules are given.
#[derive(Debug, Clone, Copy)]
pub struct Container<'r> {
    /// Its pod.
    pub workload: &'r Workload<'r>,
    part: &'r Part<'r>,
}

impl<'r> Deref for Container<'r> {
    type Target = Part<'r>;

    fn deref(&self) -> &Part<'r> {
        self.part
    }
}

impl<'a> Part<'a> {
    /// The image reference as written; empty when missing.
    #[must_use]
    pub fn image_text(&self) -> &str {
        &self.image
    }

    /// The image reference, taken apart.
    #[must_use]
    pub fn image(&self) -> Image<'_> {
        Image::parse(&self.image)
    }

    /// Whether it is a native sidecar: an init container that keeps running.
    #[must_use]
    pub fn is_sidecar(&self) -> bool {
        let policy = self.value.get("restartPolicy").and_then(Value::as_str);
        self.list == List::Init && policy.as_deref() == Some("Always")
    }

    /// Whether it runs for as long as the pod does.
    #[must_use]
    pub fn is_long_running(&self) -> bool {
        self.list == List::Regular || self.is_sidecar()
    }

    /// Whether `capabilities.add` names one of these, by exact text.
    #[must_use]
    pub fn adds_capability(&self, names: &[&str]) -> bool {
        let added = self.get("securityContext.capabilities.add").into_iter().flat_map(Value::items);
        added.filter_map(Value::as_str).any(|name| names.contains(&name.as_ref()))
    }

    /// Whether it asks for `privileged: true`.
    #[must_use]
    pub fn is_privileged(&self) -> bool {
        self.get("securityContext.privileged").and_then(Value::as_bool) == Some(true)
    }

    /// The ports it declares, by number.
    pub fn ports(&self) -> impl Iterator<Item = i64> {
        let ports = self.get("ports").into_iter().flat_map(Value::items);
        ports.filter_map(|port| port.get("containerPort").and_then(Value::as_i64))
    }

    /// The value at a dotted path below the container.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value<'a>> {
        self.value.path(path)
    }
}

impl<'a> Workload<'a> {
    /// The containers, each with this pod.
    pub fn containers<'r>(&'r self) -> impl Iterator<Item = Container<'r>>
    where
        'a: 'r,
    {
        self.parts.iter().map(move |part| Container { workload: self, part })
    }

    /// The value at a dotted path below the pod spec.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value<'a>> {
        self.spec.path(path)
    }

    /// The effective value of a field that containers inherit from the pod's `securityContext`.
    #[must_use]
    pub fn effective(&self, container: &Part<'a>, field: &str) -> Option<Value<'a>> {
        let own = container.value.get("securityContext").and_then(|context| context.get(field));
        own.or_else(|| self.spec.get("securityContext")?.get(field))
    }

    /// The uid a container runs as, when pod or container says so.
    #[must_use]
    pub fn effective_user(&self, container: &Part<'a>) -> Option<i64> {
        self.effective(container, "runAsUser").and_then(Value::as_i64)
    }

    /// Whether the manifest shows that a container does not run as root: `runAsNonRoot`, or a uid other than 0.
    #[must_use]
    pub fn is_non_root(&self, container: &Part<'a>) -> bool {
        let forced = self.effective(container, "runAsNonRoot").and_then(Value::as_bool) == Some(true);
        let user = self.effective_user(container);
        user.is_some_and(|uid| uid != 0) || (forced && user != Some(0))
    }

    /// The service account the pods run under.
    #[must_use]
    pub fn service_account(&self) -> Cow<'a, str> {
        let named = |key: &str| self.spec.get(key).and_then(Value::as_str).filter(|name| !name.is_empty());
        named("serviceAccountName").or_else(|| named("serviceAccount")).unwrap_or(Cow::Borrowed("default"))
    }
}

/// The workloads of an object, in the order of its pod paths.
#[must_use]
pub fn of<'a>(object: &Object<'a>) -> Vec<Workload<'a>> {
    let paths = POD_PATHS.iter().filter(|path| object.is(path.group, path.kind));
    let mut found = Vec::new();
    for path in paths {
        let words: Vec<&'static str> = path.path.split('.').filter(|word| !word.is_empty()).collect();
        descend(object.value, object.route.clone(), &words, &mut |value, route| {
            found.extend(workload(object, path, value, route));
        });
    }
    found
}

fn descend<'a>(
    value: Value<'a>,
    route: Route,
    words: &[&'static str],
    found: &mut dyn FnMut(Value<'a>, Route),
) {
    let Some((word, rest)) = words.split_first() else {
        return found(value, route);
    };
    let (key, each) = word.strip_suffix("[]").map_or((*word, false), |key| (key, true));
    let found_here: Vec<(Cow<'a, str>, Value<'a>)> = match key.strip_prefix('*') {
        Some(ending) => value.entries().into_iter().filter(|(name, _)| name.ends_with(ending)).collect(),
        None => value.get(key).map(|child| (Cow::Borrowed(key), child)).into_iter().collect(),
    };
    for (name, child) in found_here.into_iter().filter(|(_, child)| !child.is_null()) {
        let below = route.key(name.into_owned());
        if each {
            for (index, item) in child.items().enumerate() {
                descend(item, below.index(index), rest, found);
            }
        } else {
            descend(child, below, rest, found);
        }
    }
}

fn workload<'a>(
    object: &Object<'a>,
    path: &PodPath,
    template: Value<'a>,
    template_route: Route,
) -> Option<Workload<'a>> {
    let (spec, route) = match path.shape {
        Shape::Part => (template, template_route.clone()),
        Shape::Template | Shape::TemplateOfOthers => (template.get("spec")?, template_route.key("spec")),
    };
    if !spec.is_map() {
        return None;
    }
    let frozen = !object.is_hook() && (object.is("batch", "Job") || object.is("", "Pod"));
    let access = match path.shape {
        Shape::Template if frozen => Access::Frozen,
        Shape::Template => Access::Edit,
        Shape::TemplateOfOthers => Access::Foreign,
        Shape::Part => Access::Part,
    };
    let parts = parts(spec, &route, access);
    if access == Access::Part && parts.is_empty() && spec.get("securityContext").is_none() {
        return None;
    }
    let labels = selector::labels(template.get("metadata"));
    let windows = runs_on_windows(spec, &parts);
    Some(Workload {
        object: object.number,
        template,
        template_route,
        spec,
        route,
        access,
        parts,
        labels,
        windows,
    })
}

const LISTS: &[(&str, List)] = &[
    ("initContainers", List::Init),
    ("containers", List::Regular),
    ("ephemeralContainers", List::Ephemeral),
];
const LISTS_OF_CUSTOM_RESOURCES: &[(&str, List)] =
    &[("sidecars", List::Regular), ("sideCars", List::Regular), ("steps", List::Regular)];
const SINGLES_OF_CUSTOM_RESOURCES: &[&str] = &["container", "script", "stepTemplate"];

fn parts<'a>(spec: Value<'a>, route: &Route, access: Access) -> Vec<Part<'a>> {
    let custom = if access == Access::Part { LISTS_OF_CUSTOM_RESOURCES } else { &[] };
    let mut parts = Vec::new();
    for (key, list) in LISTS.iter().chain(custom) {
        let Some(items) = spec.get(key).filter(|value| value.is_seq()) else { continue };
        let below = route.key(*key);
        for (index, item) in items.items().enumerate().filter(|(_, item)| item.is_map()) {
            parts.push(part(item, below.index(index), *list, index));
        }
    }
    if access == Access::Part {
        for key in SINGLES_OF_CUSTOM_RESOURCES {
            if let Some(item) = spec.get(key).filter(|value| value.is_map()) {
                parts.push(part(item, route.key(*key), List::Regular, 0));
            }
        }
    }
    parts
}

fn part(value: Value<'_>, route: Route, list: List, index: usize) -> Part<'_> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    Part { value, route, list, index, name: text("name"), image: text("image") }
}

/// Looks at `spec.os`, the node selector, required node affinity and `windowsOptions`.
fn runs_on_windows(spec: Value<'_>, parts: &[Part<'_>]) -> bool {
    let is_windows = |value: Option<Value<'_>>| value.and_then(Value::as_str).as_deref() == Some("windows");
    let options = |value: Value<'_>| value.path("securityContext.windowsOptions").is_some();
    is_windows(spec.path("os.name"))
        || spec.get("nodeSelector").is_some_and(|selector| is_windows(selector.get("kubernetes.io/os")))
        || options(spec)
        || parts.iter().any(|part| options(part.value))
        || requires_windows_node(spec)
}

fn requires_windows_node(spec: Value<'_>) -> bool {
    let required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let terms = spec.path(required).into_iter().flat_map(Value::items);
    let expressions = terms.filter_map(|term| term.get("matchExpressions")).flat_map(Value::items);
    expressions.into_iter().any(|term| {
        let text = |key: &str| term.get(key).and_then(Value::as_str);
        let values = term.get("values").into_iter().flat_map(Value::items);
        text("key").as_deref() == Some("kubernetes.io/os")
            && text("operator").as_deref() == Some("In")
            && values.filter_map(Value::as_str).any(|value| value == "windows")
    })
}

#[cfg(test)]
mod tests {
    use crate::k8s::{Release, Scope};
    use crate::yaml::stream::{ParseOptions, parse};

    #[test]
    fn pods_for_windows_say_so_in_many_places() {
        let required = |operator: &str, system: &str| {
            format!(
                "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: \
                 [{{matchExpressions: [{{key: kubernetes.io/os, operator: {operator}, values: [{system}]}}]}}]}}}}}}"
            )
        };
        let options = "securityContext: {windowsOptions: {runAsUserName: a}}";
        for (spec, container, windows) in [
            ("", "", false),
            ("os: {name: linux}", "", false),
            ("os: {name: windows}", "", true),
            ("nodeSelector: {kubernetes.io/os: windows}", "", true),
            (options, "", true),
            ("", options, true),
            (&*required("In", "windows"), "", true),
            (&*required("NotIn", "windows"), "", false),
            (&*required("In", "linux"), "", false),
        ] {
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  {spec}\n  containers:\n  - name: a\n    {container}\n"
            );
            let stream = parse(text, ParseOptions::default()).unwrap();
            let release = Release::gather(&stream, Scope::default());
            assert_eq!(release.workloads[0].windows, windows, "{spec} {container}");
        }
    }
}
