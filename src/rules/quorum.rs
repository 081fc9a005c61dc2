//! Which images run in a quorum, where each member counts.

use crate::k8s::image::Image;
use crate::policy::matcher::glob;

/// Last parts of repositories (globs): members elect a leader, or hold replicas that must agree.
const MEMBERS: &[&str] = &[
    "*cassandra*",
    "*clickhouse*",
    "*cockroach*",
    "consul",
    "consul-enterprise",
    "*couchbase*",
    "*elasticsearch*",
    "etcd*",
    "*-etcd",
    "*galera*",
    "*kafka*",
    "*mongo*",
    "nats*",
    "*opensearch*",
    "*pulsar*",
    "*rabbitmq*",
    "*redpanda*",
    "*repmgr*",
    "*scylla*",
    "*sentinel*",
    "*solr*",
    "tikv",
    "pd",
    "vault",
    "*zookeeper*",
    "minio",
    "spilo*",
    "*patroni*",
];

/// Whether the image is known to run in a quorum.
#[must_use]
pub fn votes(image: &Image<'_>) -> bool {
    let name = image.basename();
    !name.ends_with("exporter") && MEMBERS.iter().any(|pattern| glob(pattern, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exporters_do_not_vote() {
        let votes = |text| votes(&Image::parse(text));
        assert!(votes("quay.io/coreos/etcd:v3.5") && votes("bitnami/mongodb") && votes("zookeeper"));
        assert!(!votes("percona/mongodb_exporter:0.40") && !votes("nginx") && !votes("hashicorp/vault-k8s"));
    }
}
