//! What the API calls the objects of a kind: the resource in its paths, and whether it lives in a namespace.

use super::Release;
use super::object::Object;

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// `deployments`.
    pub plural: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

const NAMESPACED: bool = true;
const CLUSTER: bool = false;

/// Kinds whose resource is not their name in lower case with an `s`, or that live outside namespaces.
const KINDS: &[(&str, &str, &str, bool)] = &[
    ("", "Endpoints", "endpoints", NAMESPACED),
    ("", "Namespace", "namespaces", CLUSTER),
    ("", "Node", "nodes", CLUSTER),
    ("", "PersistentVolume", "persistentvolumes", CLUSTER),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", CLUSTER),
    (
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
        CLUSTER,
    ),
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        CLUSTER,
    ),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", CLUSTER),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        CLUSTER,
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        CLUSTER,
    ),
    ("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", CLUSTER),
    ("apiregistration.k8s.io", "APIService", "apiservices", CLUSTER),
    ("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests", CLUSTER),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema", "flowschemas", CLUSTER),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "prioritylevelconfigurations", CLUSTER),
    ("networking.k8s.io", "IngressClass", "ingressclasses", CLUSTER),
    ("networking.k8s.io", "IPAddress", "ipaddresses", CLUSTER),
    ("networking.k8s.io", "ServiceCIDR", "servicecidrs", CLUSTER),
    ("node.k8s.io", "RuntimeClass", "runtimeclasses", CLUSTER),
    ("policy", "PodSecurityPolicy", "podsecuritypolicies", CLUSTER),
    ("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", CLUSTER),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", CLUSTER),
    ("resource.k8s.io", "DeviceClass", "deviceclasses", CLUSTER),
    ("resource.k8s.io", "ResourceSlice", "resourceslices", CLUSTER),
    ("scheduling.k8s.io", "PriorityClass", "priorityclasses", CLUSTER),
    ("storage.k8s.io", "CSIDriver", "csidrivers", CLUSTER),
    ("storage.k8s.io", "CSINode", "csinodes", CLUSTER),
    ("storage.k8s.io", "StorageClass", "storageclasses", CLUSTER),
    ("storage.k8s.io", "VolumeAttachment", "volumeattachments", CLUSTER),
    ("storage.k8s.io", "VolumeAttributesClass", "volumeattributesclasses", CLUSTER),
];

/// The resource of an object: one of Kubernetes' own, that of a definition in the stream, or else what its kind
/// suggests.
#[must_use]
pub fn of(release: &Release<'_>, object: &Object<'_>) -> Resource {
    let (group, kind) = (object.group(), object.id.kind.as_str());
    if let Some((.., plural, namespaced)) = KINDS.iter().find(|it| it.0 == group && it.1 == kind) {
        return Resource { plural: (*plural).to_owned(), namespaced: *namespaced };
    }
    let defined = group.contains('.').then(|| definition(release, group, kind)).flatten();
    defined.unwrap_or_else(|| Resource { plural: plural(kind), namespaced: NAMESPACED })
}

fn definition(release: &Release<'_>, group: &str, kind: &str) -> Option<Resource> {
    let text = |object: &Object<'_>, path: &str| {
        object.value.path(path).and_then(|it| it.as_str()).map(String::from)
    };
    let found = release.objects.iter().find(|it| {
        it.is("apiextensions.k8s.io", "CustomResourceDefinition")
            && text(it, "spec.group").as_deref() == Some(group)
            && text(it, "spec.names.kind").as_deref() == Some(kind)
    })?;
    let namespaced = text(found, "spec.scope").as_deref() != Some("Cluster");
    Some(Resource { plural: text(found, "spec.names.plural")?, namespaced })
}

/// What a kind is called in the API's paths, where nothing else says.
#[must_use]
pub fn plural(kind: &str) -> String {
    let name = kind.to_ascii_lowercase();
    let mut ends = name.bytes().rev();
    let (last, before) = (ends.next().unwrap_or(b'x'), ends.next().unwrap_or(b'x'));
    match (last, before) {
        (b'y', before) if !b"aeiou".contains(&before) => format!("{}ies", &name[..name.len() - 1]),
        (b's' | b'x', _) | (b'h', b'c' | b's') => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::Scope;
    use crate::yaml::stream::{ParseOptions, parse};

    #[test]
    fn resources_of_the_api_and_of_definitions_in_the_stream() {
        let object = |api_version: &str, kind: &str| {
            format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n---\n")
        };
        let definition = |kind: &str, plural: &str, scope: &str| {
            format!(
                "{}spec: {{group: example.com, scope: {scope}, names: {{kind: {kind}, plural: {plural}}}}}\n---\n",
                object("apiextensions.k8s.io/v1", "CustomResourceDefinition").trim_end_matches("---\n")
            )
        };
        let definitions = definition("Fleet", "fleets", "Cluster") + &definition("Ox", "oxen", "Namespaced");
        for (api_version, kind, plural, namespaced) in [
            ("v1", "Endpoints", "endpoints", NAMESPACED),
            ("v1", "Node", "nodes", CLUSTER),
            ("v1", "Pod", "pods", NAMESPACED),
            ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", CLUSTER),
            ("rbac.authorization.k8s.io/v1", "Role", "roles", NAMESPACED),
            ("networking.k8s.io/v1", "Ingress", "ingresses", NAMESPACED),
            ("example.com/v1", "Fleet", "fleets", CLUSTER),
            ("example.com/v1", "Ox", "oxen", NAMESPACED),
            ("example.com/v1", "Sheep", "sheeps", NAMESPACED),
        ] {
            let stream = parse(object(api_version, kind) + &definitions, ParseOptions::default()).unwrap();
            let release = Release::gather(&stream, Scope::default());
            let expected = Resource { plural: plural.to_owned(), namespaced };
            assert_eq!(of(&release, &release.objects[0]), expected, "{kind}");
        }
    }

    #[test]
    fn plurals() {
        for (kind, expected) in [
            ("Deployment", "deployments"),
            ("NetworkPolicy", "networkpolicies"),
            ("Ingress", "ingresses"),
            ("Gateway", "gateways"),
            ("CronJob", "cronjobs"),
        ] {
            assert_eq!(plural(kind), expected);
        }
    }
}
