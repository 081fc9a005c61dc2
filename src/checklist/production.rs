//! What to tick off before a release goes to production.

use super::{Item, access, availability, config, network, operations, secrets, workloads};

const fn item(
    section: &'static str,
    id: &'static str,
    question: &'static str,
    rules: &'static [&'static str],
    ask: fn(&super::Facts<'_>) -> super::Reply,
) -> Item {
    Item { id, section, question, rules, ask }
}

/// The list, in the order it is read. The rules are those whose fixes mend it and whose exemptions excuse it.
pub const ITEMS: &[Item] = &[
    item(
        "pods",
        "security-contexts",
        "pods reach the restricted Pod Security level",
        workloads::RESTRICTED,
        workloads::restricted,
    ),
    item(
        "pods",
        "requests-and-limits",
        "containers request cpu and memory and limit memory",
        &["cpu-request-missing", "memory-request-missing", "memory-limit-missing"],
        workloads::resources,
    ),
    item(
        "pods",
        "read-only-root",
        "root file systems are read-only",
        &["writable-root-filesystem"],
        workloads::read_only_root,
    ),
    item(
        "pods",
        "image-tags",
        "images are pinned to a version or digest",
        &["image-tag-mutable"],
        workloads::image_tags,
    ),
    item(
        "secrets",
        "secrets-in-secrets",
        "secret values stand in Secrets, not in variables or ConfigMaps",
        &[],
        secrets::in_secrets,
    ),
    item(
        "secrets",
        "secret-encoding",
        "data of Secrets is base64, once, without a stray line end",
        &[],
        secrets::encoding,
    ),
    item(
        "secrets",
        "jwt-keys",
        "keys that sign tokens are there and come from Secrets",
        &[],
        secrets::jwt_keys,
    ),
    item("configuration", "debug-off", "debugging is off", &[], config::debug_off),
    item("configuration", "log-level", "log levels are info or quieter", &[], config::log_level),
    item("configuration", "no-placeholders", "no sample value is left", &[], config::placeholders),
    item(
        "availability",
        "probes",
        "containers have liveness, readiness and startup probes",
        &["liveness-probe-missing", "readiness-probe-missing", "startup-probe-missing"],
        availability::probes,
    ),
    item("availability", "probe-timeouts", "probes name their timeouts", &[], availability::timeouts),
    item("availability", "autoscaling", "Deployments have an autoscaler", &[], availability::autoscaling),
    item(
        "network",
        "network-policies",
        "network policies select every pod, both ways",
        &[],
        network::policies,
    ),
    item("network", "tls-on-ingress", "what is exposed by host name has TLS", &[], network::tls),
    item("access", "service-accounts", "pods run under accounts of their own", &[], access::accounts),
    item("access", "rbac", "accounts have the rights they need and no more", &[], access::rights),
    item("operations", "service-monitors", "metrics are scraped", &[], operations::monitors),
    item("operations", "alert-rules", "alerts are defined", &[], operations::alerts),
    item("operations", "backups", "what is stored is backed up", &[], operations::backups),
];
