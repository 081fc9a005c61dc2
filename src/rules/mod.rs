//! The table: one word per rule; its order is the order of reports.

use crate::rule::Rule;

pub mod api_clients;
pub mod images;
pub mod mounts;
pub mod needs_root;
pub mod node_agent;
pub mod plain_credentials;
pub mod probes;
pub mod quorum;
pub mod replicated;
pub mod resources;
pub mod stated;
pub mod writable_paths;

macro_rules! rules {
    ($($name:ident)*) => {
        $(pub mod $name;)*

        /// Every rule, in the order in which they run and are reported.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    deprecated_api_version
    host_network
    host_pid
    host_ipc
    privileged_container
    host_process_container
    dangerous_capability
    capability_not_in_baseline
    host_path_volume
    host_port
    probe_host
    apparmor_not_enforced
    selinux_options_custom
    proc_mount_unmasked
    seccomp_unconfined
    unsafe_sysctl
    privilege_escalation
    run_as_root
    explicit_root_user
    seccomp_profile_missing
    capabilities_not_dropped
    capability_not_in_restricted
    net_raw_not_dropped
    volume_type_restricted
    writable_root_filesystem
    container_runtime_socket
    cpu_request_missing
    memory_request_missing
    memory_limit_missing
    cpu_limit_missing
    ephemeral_storage_missing
    empty_dir_unbounded
    namespace_limits_missing
    liveness_probe_missing
    readiness_probe_missing
    startup_probe_missing
    hpa_replicas_conflict
    pdb_missing
    pdb_blocks_eviction
    pdb_without_budget
    pdb_blocks_unhealthy_eviction
    pod_anti_affinity_missing
    topology_spread_missing
    image_tag_mutable
    image_registry_deprecated
    secret_in_env
    secret_in_arguments
    secret_in_config_map
    secret_in_object
    credentials_in_url
    secret_in_plain_text
    secret_placeholder
    secret_too_short
    secret_encoding_invalid
    certificate_invalid
    certificate_expiring
    env_duplicate
    secret_reference_unresolved
    service_account_token_automount
    deprecated_service_account_field
    schema_invalid
    selector_mismatch
    duplicate_definition
    secret_overdue
    exemption_invalid
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Whether two rules report what one control of the Pod Security Standards refuses: a level's stricter twin
/// takes the place of the other.
#[must_use]
pub fn share_control(one: &str, other: &str) -> bool {
    const TWINS: &[&[&str]] = &[
        &["dangerous-capability", "capability-not-in-baseline", "capability-not-in-restricted"],
        &["seccomp-unconfined", "seccomp-profile-missing"],
        &["host-path-volume", "volume-type-restricted"],
    ];
    TWINS.iter().any(|twins| twins.contains(&one) && twins.contains(&other))
}
