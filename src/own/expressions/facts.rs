//! What expressions are told beside the object: the request that would create it, and its namespace.

use crate::cel::value::Text;
use crate::cel::{Provided, Val};
use crate::k8s::{Object, Release, resources};

/// What is provided to the expressions about one object.
#[derive(Debug, Clone)]
pub struct Facts<'a>(pub Provided<'a>);

/// Where objects go when nobody says where.
const DEFAULT_NAMESPACE: &str = "default";

/// The namespace an object goes to; `None` for those outside namespaces.
#[must_use]
pub fn namespace<'r>(release: &Release<'_>, object: &'r Object<'_>) -> Option<&'r str> {
    let namespaced = resources::of(release, object).namespaced;
    namespaced
        .then(|| object.id.namespace.as_deref().filter(|it| !it.is_empty()).unwrap_or(DEFAULT_NAMESPACE))
}

impl<'a> Facts<'a> {
    /// What is known about an object: it is being created, by nobody in particular.
    #[must_use]
    pub fn of(release: &'a Release<'a>, object: &'a Object<'a>) -> Self {
        let resource = resources::of(release, object);
        let namespace = namespace(release, object);
        let text = |text: &'a str| Val::Text(Text::Lent(text));
        let version = object.id.api_version.rsplit('/').next().unwrap_or_default();
        let group = || ("group", text(object.group()));
        let kind = || Val::record([group(), ("version", text(version)), ("kind", text(&object.id.kind))]);
        let resource =
            || Val::record([group(), ("version", text(version)), ("resource", Val::text(&resource.plural))]);
        let user = Val::record([
            ("username", text("")),
            ("uid", text("")),
            ("groups", Val::list(Vec::new())),
            ("extra", Val::map(Vec::new())),
        ]);
        // What is empty is missing: the namespace of what lives in none, subresources.
        let namespaced = namespace.map(|name| ("namespace", text(name)));
        let request = [
            ("kind", kind()),
            ("resource", resource()),
            ("requestKind", kind()),
            ("requestResource", resource()),
            ("name", text(&object.id.name)),
            ("operation", text("CREATE")),
            ("userInfo", user),
            ("dryRun", Val::Bool(false)),
            ("options", Val::map(Vec::new())),
        ];
        let request =
            Val::map(request.into_iter().chain(namespaced).map(|(key, value)| (text(key), value)).collect());
        let namespace = namespace.map_or(Val::Null, |name| namespace_object(release, name));
        Self(Provided { object: Val::read(object.value), request, params: Val::Null, namespace })
    }
}

/// The Namespace of the stream, or what is known of every one: its name, also as a label.
fn namespace_object<'a>(release: &'a Release<'a>, name: &'a str) -> Val<'a> {
    let found = release.objects.iter().find(|it| it.is("", "Namespace") && it.id.name == name);
    if let Some(found) = found {
        return Val::read(found.value);
    }
    let name = Val::Text(Text::Lent(name));
    let labels = Val::record([("kubernetes.io/metadata.name", name.clone())]);
    let text = |text: &'static str| Val::Text(Text::Lent(text));
    Val::record([
        ("apiVersion", text("v1")),
        ("kind", text("Namespace")),
        ("metadata", Val::record([("name", name), ("labels", labels)])),
    ])
}
