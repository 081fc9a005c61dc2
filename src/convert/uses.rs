//! Which pods use a Secret, and where.

use super::work::Work;
use crate::k8s::Workload;
use crate::yaml::Value;

/// Where a pod template uses one Secret.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Places of the containers that read it as variables, in [`Workload::parts`].
    pub parts: Vec<usize>,
    /// A volume, an image pull secret.
    pub pod: bool,
}

impl Uses {
    /// Whether it does at all.
    pub fn any(&self) -> bool {
        self.pod || !self.parts.is_empty()
    }
}

/// The items of a list that may not be there.
pub(super) fn items<'v>(list: Option<Value<'v>>) -> impl Iterator<Item = Value<'v>> + use<'v> {
    list.into_iter().flat_map(Value::items)
}

/// How a pod template uses the Secret of that name.
pub(super) fn of(workload: &Workload<'_>, secret: &str) -> Uses {
    let named = |value: Option<Value<'_>>, key: &str| {
        value.and_then(|it| it.get(key)).and_then(Value::as_str).is_some_and(|name| name == secret)
    };
    let mut uses = Uses::default();
    for (place, part) in workload.parts.iter().enumerate() {
        let variables = items(part.get("env")).any(|it| named(it.path("valueFrom.secretKeyRef"), "name"));
        let all = items(part.get("envFrom")).any(|it| named(it.get("secretRef"), "name"));
        if variables || all {
            uses.parts.push(place);
        }
    }
    uses.pod = items(workload.get("volumes")).any(|volume| {
        named(volume.get("secret"), "secretName")
            || items(volume.path("projected.sources")).any(|it| named(it.get("secret"), "name"))
    }) || items(workload.get("imagePullSecrets")).any(|it| named(Some(it), "name"));
    uses
}

/// Numbers of the objects whose pods use the Secret of that name in the namespace of object `beside`.
pub(super) fn users(work: &Work<'_, '_>, beside: usize, name: &str) -> Vec<usize> {
    let namespace = work.namespace(beside);
    let mut found = Vec::new();
    for object in &work.release.objects {
        if object.id.namespace.as_deref() == namespace
            && work.workloads(object).iter().any(|workload| of(workload, name).any())
        {
            found.push(object.number);
        }
    }
    found
}
