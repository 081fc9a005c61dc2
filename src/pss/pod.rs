//! A pod template as the checks see it: the pod and its containers, in the order Kubernetes visits them.

use std::borrow::Cow;
use std::iter;

use super::setting::{self, Malformed, Read, Setting};
use super::{ContainerRef, Version};
use crate::yaml::{Route, Value};

/// The lists that hold containers, in the order in which they are visited.
pub const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Most checks look into this field of the pod and of each container, so it is looked up once.
const CONTEXT: &str = "securityContext";

/// A pod, or the pod template of a workload.
#[derive(Debug, Clone)]
pub struct Pod<'a> {
    /// The pod spec.
    pub spec: Value<'a>,
    /// The annotations of the pod or the template, never those of its controller.
    pub annotations: Option<Value<'a>>,
    context: Setting<Value<'a>>,
    containers: Vec<Container<'a>>,
}

/// One container, or what stands where a container or a list of them belongs.
#[derive(Debug, Clone, Copy)]
pub struct Container<'a> {
    /// The container; null for a null item.
    pub value: Value<'a>,
    /// The list that holds it.
    pub list: &'static str,
    /// Its place in the list; `None` when `value` is the list itself, which is no list.
    pub index: Option<usize>,
    context: Setting<Value<'a>>,
}

/// Where a field that pods and containers share is looked up.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// The pod spec, and its security context.
    Pod(Value<'a>, Setting<Value<'a>>),
    /// One container.
    Container(Container<'a>),
}

impl<'a> Pod<'a> {
    /// The pod with this spec.
    #[must_use]
    pub fn new(spec: Value<'a>, annotations: Option<Value<'a>>) -> Self {
        let containers = CONTAINER_LISTS.into_iter().flat_map(|list| containers(spec, list)).collect();
        Self { spec, annotations, context: setting::find(spec, CONTEXT), containers }
    }

    /// The pod in an object that holds `spec` and `metadata`: a Pod, or the template of a workload. `None` without
    /// a spec.
    #[must_use]
    pub fn in_template(template: Value<'a>) -> Option<Self> {
        // A scalar where a map belongs is kept, so that the checks see something malformed and not nothing.
        let below = |value: Value<'a>, key| if value.is_map() { value.get(key) } else { Some(value) };
        let annotations = below(template, "metadata").and_then(|metadata| below(metadata, "annotations"));
        let spec = below(template, "spec").filter(|spec| !spec.is_null())?;
        Some(Self::new(spec, annotations))
    }

    /// The pod's own fields.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        Scope::Pod(self.spec, self.context)
    }

    /// Init, ordinary and ephemeral containers, in this order. A value that is no list counts as one malformed
    /// container.
    pub fn containers(&self) -> impl Iterator<Item = Container<'a>> {
        self.containers.iter().copied()
    }

    /// The pod, then every container.
    pub fn scopes(&self) -> impl Iterator<Item = Scope<'a>> {
        iter::once(self.scope()).chain(self.containers().map(Scope::Container))
    }

    /// Whether the checks that spare Windows pods spare this one: `spec.os.name` says so, and from 1.25 on.
    #[must_use]
    pub fn is_windows(&self, version: Version) -> bool {
        version >= Version::new(25)
            && matches!(setting::text(self.spec, "os.name"), Setting::Is(os) if os == "windows")
    }

    /// Whether the pod has its own user namespace, and the version takes that into account: from 1.35 on.
    #[must_use]
    pub fn host_users_false(&self, version: Version) -> bool {
        version >= Version::new(35) && setting::boolean(self.spec, "hostUsers") == Setting::Is(false)
    }
}

fn containers<'a>(spec: Value<'a>, list: &'static str) -> impl Iterator<Item = Container<'a>> {
    let value = spec.get(list);
    let whole = value.filter(|value| !value.is_seq());
    let items = value.into_iter().flat_map(Value::items).enumerate();
    let places = items.map(|(index, value)| (value, Some(index))).chain(whole.map(|value| (value, None)));
    places.map(move |(value, index)| {
        let context = setting::find(value, CONTEXT);
        Container { value, list, index, context }
    })
}

impl<'a> Container<'a> {
    /// Its name as text; empty when it has none.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        match setting::find(self.value, "name") {
            Setting::Is(name) => name.key_text(),
            Setting::Absent | Setting::Malformed(_) => Cow::Borrowed(""),
        }
    }

    /// The route to it from the object that holds the pod's `spec`.
    #[must_use]
    pub fn route(&self) -> Route {
        let list = Route::root().key("spec").key(self.list);
        self.index.map_or_else(|| list.clone(), |index| list.index(index))
    }
}

impl<'a> Scope<'a> {
    /// The map with the fields.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        match self {
            Scope::Pod(spec, _) => *spec,
            Scope::Container(container) => container.value,
        }
    }

    fn context(&self) -> Setting<Value<'a>> {
        match self {
            Scope::Pod(_, context) => *context,
            Scope::Container(container) => container.context,
        }
    }

    /// Reads a field. What stands where a list of containers belongs has none, whatever it holds.
    pub(super) fn read<T>(&self, path: &'static str, read: Read<'a, T>) -> Setting<T> {
        if let Scope::Container(Container { index: None, .. }) = self {
            return Setting::Malformed(Malformed { at: "", wanted: "a list" });
        }
        let below = path.strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('.'));
        let Some(below) = below else { return read(self.value(), path) };
        match self.context() {
            Setting::Absent => Setting::Absent,
            Setting::Is(context) => read(context, below).seen_from(path, below),
            Setting::Malformed(malformed) => Setting::Malformed(malformed),
        }
    }

    /// The container, when it is one.
    #[must_use]
    pub fn container(&self) -> Option<ContainerRef> {
        match self {
            Scope::Pod(..) => None,
            Scope::Container(container) => Some(ContainerRef {
                list: container.list,
                index: container.index.unwrap_or(0),
                name: container.name().into_owned(),
            }),
        }
    }

    /// The route to it from the object that holds the pod's `spec`.
    #[must_use]
    pub fn route(&self) -> Route {
        match self {
            Scope::Pod(..) => Route::root().key("spec"),
            Scope::Container(container) => container.route(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::{with_pod, with_spec, with_value};

    fn seen(yaml: &str) -> Vec<String> {
        let mut all = Vec::new();
        with_spec(yaml, |pod| {
            all = pod
                .containers()
                .map(|container| format!("{} {}", container.route(), container.name()))
                .collect();
        });
        all
    }

    #[test]
    fn containers_come_init_ordinary_ephemeral() {
        assert_eq!(
            seen(
                "{ephemeralContainers: [{name: e}], containers: [{name: b}, {name: c}], initContainers: [{name: a}]}"
            ),
            [
                "spec.initContainers[0] a",
                "spec.containers[0] b",
                "spec.containers[1] c",
                "spec.ephemeralContainers[0] e"
            ]
        );
    }

    #[test]
    fn null_items_count_and_what_is_no_list_counts_once() {
        assert_eq!(seen("{initContainers: null, containers: [null]}"), ["spec.containers[0] "]);
        assert_eq!(seen("{containers: {name: a}}"), ["spec.containers a"]);
        assert_eq!(seen("{containers: text}"), ["spec.containers "]);
        assert_eq!(seen("{containers: []}"), [""; 0]);
    }

    #[test]
    fn windows_is_what_os_name_says_from_1_25() {
        for (yaml, windows) in [
            ("{os: {name: windows}}", true),
            ("{os: {name: linux}}", false),
            ("{os: {name: Windows}}", false),
            ("{os: windows}", false),
            ("{os: null}", false),
            ("{nodeSelector: {kubernetes.io/os: windows}}", false),
        ] {
            with_spec(yaml, |pod| {
                assert_eq!(pod.is_windows(Version::new(25)), windows, "{yaml}");
                assert!(!pod.is_windows(Version::new(24)), "{yaml}");
            });
        }
    }

    #[test]
    fn user_namespaces_count_from_1_35() {
        for (yaml, relaxed) in [
            ("{hostUsers: false}", true),
            ("{hostUsers: true}", false),
            ("{hostUsers: 'false'}", false),
            ("{}", false),
        ] {
            with_spec(yaml, |pod| {
                assert_eq!(pod.host_users_false(Version::new(35)), relaxed, "{yaml}");
                assert!(!pod.host_users_false(Version::new(34)), "{yaml}");
            });
        }
    }

    #[test]
    fn annotations_are_those_of_the_template() {
        with_pod("{metadata: {annotations: {a: b}}, spec: {}}", |pod| {
            assert_eq!(pod.annotations.map(|it| it.entries().len()), Some(1));
        });
        with_pod("{metadata: null, spec: {}}", |pod| assert!(pod.annotations.is_none()));
        with_pod("{metadata: text, spec: {}}", |pod| {
            assert!(pod.annotations.is_some_and(|it| !it.is_map()));
        });
        with_value("{metadata: {}, spec: null}", |value| assert!(Pod::in_template(value).is_none()));
        with_value("text", |value| assert!(Pod::in_template(value).is_some_and(|pod| !pod.spec.is_map())));
    }
}
