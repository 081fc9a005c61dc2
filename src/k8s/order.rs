//! Where an added object goes in the stream: Helm creates objects in the order of its output.

use super::release::Release;
use crate::yaml::Data;

/// Helm's install order; kinds that are not listed come last.
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

fn rank(kind: &str) -> usize {
    INSTALL_ORDER.iter().position(|known| *known == kind).unwrap_or(INSTALL_ORDER.len())
}

/// The number of the document before which `object` belongs: the first whose kind is created later. `end` when none is.
#[must_use]
pub fn position(release: &Release<'_>, object: &Data, end: usize) -> usize {
    let kind = object.get("kind").and_then(Data::as_str).unwrap_or_default();
    let later = release.objects.iter().find(|other| rank(&other.id.kind) > rank(kind));
    later.map_or(end, |other| other.document)
}
