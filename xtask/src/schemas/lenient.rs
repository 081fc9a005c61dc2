//! Fields that the published documents call required, and that the API server does without: it was asked about each
//! required field of each kind (1.34.4, `fieldValidation=Strict`). Left out they mean zero, "", or a default.

/// Definition and field.
const LENIENT: &[(&str, &[&str])] = &[
    ("api.apps.v1.ControllerRevision", &["revision"]),
    ("api.batch.v1.PodFailurePolicy", &["rules"]),
    ("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", &["status"]),
    ("api.core.v1.ClusterTrustBundleProjection", &["path"]),
    ("api.core.v1.HTTPHeader", &["value"]),
    ("api.core.v1.ISCSIPersistentVolumeSource", &["lun"]),
    ("api.core.v1.ISCSIVolumeSource", &["lun"]),
    ("api.core.v1.LimitRangeSpec", &["limits"]),
    ("api.core.v1.PreferredSchedulingTerm", &["preference"]),
    ("api.core.v1.ScaleIOVolumeSource", &["secretRef"]),
    ("api.core.v1.SleepAction", &["seconds"]),
    ("api.core.v1.Sysctl", &["value"]),
    ("api.discovery.v1.EndpointSlice", &["endpoints"]),
    ("api.discovery.v1.ForZone", &["name"]),
    ("api.rbac.v1.RoleRef", &["apiGroup"]),
    ("api.resource.v1.DeviceClass", &["spec"]),
    ("api.resource.v1.ResourceClaim", &["spec"]),
    ("api.scheduling.v1.PriorityClass", &["value"]),
    ("api.storage.v1.CSIDriver", &["spec"]),
    ("api.storage.v1.CSINode", &["spec"]),
    ("api.storage.v1.CSINodeSpec", &["drivers"]),
    ("api.storage.v1.TokenRequest", &["audience"]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", &["served"]),
];

/// Whether the API server takes an object without this field, whatever the documents say.
pub fn is_lenient(definition: &str, field: &str) -> bool {
    let short = definition.strip_prefix("io.k8s.").unwrap_or(definition);
    // Where a status is written the server fills in what is missing; nobody applies one.
    short.ends_with("Status")
        || LENIENT.iter().any(|(name, fields)| *name == short && fields.contains(&field))
}
