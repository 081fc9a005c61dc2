//! Which directories well-known images write to, beside the volumes they are given.

use crate::k8s::image::Image;
use crate::policy::matcher::glob;

/// What is known of one image.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// The image: a glob over the repository, or over `repository:tag` when it names a tag.
    image: &'static str,
    /// Directories it writes to; all are empty in the image, so an empty volume hides nothing.
    pub paths: &'static [&'static str],
    /// Where its data lies: one of these must be mounted, or the image is not understood. Empty when it keeps
    /// none.
    pub data: &'static [&'static str],
    /// A mount at or below one of these makes its start script write elsewhere too.
    pub unless: &'static [&'static str],
}

impl Needs {
    const fn data(mut self, data: &'static [&'static str]) -> Self {
        self.data = data;
        self
    }

    const fn unless(mut self, unless: &'static [&'static str]) -> Self {
        self.unless = unless;
        self
    }

    /// Whether it runs on a read-only root file system as it is.
    #[must_use]
    pub const fn nothing(&self) -> bool {
        self.paths.is_empty() && self.data.is_empty() && self.unless.is_empty()
    }
}

const fn row(image: &'static str, paths: &'static [&'static str]) -> Needs {
    Needs { image, paths, data: &[], unless: &[] }
}

const TMP: &[&str] = &["/tmp"];
const NONE: &[&str] = &[];

/// The first row that fits counts. The first part is what charts do that already set a read-only root file
/// system, the second what the images' own documentation says. Not here, because they write where the image
/// ships files: rabbitmq (`/etc/rabbitmq/conf.d`), Argo CD (its directories differ by role), and most of
/// Bitnami's (`conf`, `plugins`, `lib`).
const ROWS: &[Needs] = &[
    row("quay.io/jetstack/cert-manager-*", NONE),
    row("registry.k8s.io/kube-state-metrics/kube-state-metrics", NONE),
    row("quay.io/prometheus/node-exporter", NONE),
    row("docker.io/prom/node-exporter", NONE),
    row("quay.io/prometheus/blackbox-exporter", NONE),
    row("docker.io/prom/blackbox-exporter", NONE),
    row("quay.io/prometheus/snmp-exporter", NONE),
    row("docker.io/prom/snmp-exporter", NONE),
    row("*/oliver006/redis_exporter", NONE),
    row("*/percona/mongodb_exporter", NONE),
    row("*/prometheuscommunity/pgbouncer-exporter", NONE),
    row("*/prometheuscommunity/elasticsearch-exporter", NONE),
    row("quay.io/prometheuscommunity/systemd-exporter", NONE),
    row("quay.io/jiralert/jiralert-linux-amd64", NONE),
    row("quay.io/prometheus-operator/prometheus-operator", NONE),
    row("docker.io/library/memcached", NONE),
    row("registry.k8s.io/kubectl", NONE),
    row("registry.k8s.io/ingress-nginx/kube-webhook-certgen", NONE),
    row("registry.k8s.io/external-dns/external-dns", NONE),
    row("registry.k8s.io/coredns/coredns", NONE),
    row("quay.io/argoproj/workflow-controller", NONE),
    row("docker.io/bitnami*/configmap-reload", NONE),
    row("docker.io/bitnami*/envoy-gateway", NONE),
    row("docker.io/bitnami*/metallb-*", NONE),
    row("docker.io/bitnami*/vault-k8s", NONE),
    row("docker.io/bitnami*/victoriametrics-vmauth", NONE),
    row("docker.io/bitnami*/victoriametrics-vminsert", NONE),
    row("quay.io/prometheus-operator/prometheus-config-reloader", TMP),
    row("quay.io/prometheus/prometheus", NONE).data(&["/prometheus", "/data"]),
    row("docker.io/prom/prometheus", NONE).data(&["/prometheus", "/data"]),
    row("quay.io/prometheus/alertmanager", NONE).data(&["/alertmanager", "/data"]),
    row("docker.io/prom/alertmanager", NONE).data(&["/alertmanager", "/data"]),
    row("quay.io/prometheus/*-exporter", TMP),
    row("docker.io/prom/*-exporter", TMP),
    row("*/prometheuscommunity/*-exporter", TMP),
    row("*/dexidp/dex", TMP),
    row("docker.io/library/haproxy", TMP),
    row("quay.io/oauth2-proxy/oauth2-proxy", TMP),
    row("docker.io/library/nats", TMP),
    row("*/kubernetes-event-exporter", TMP),
    row("registry.k8s.io/prometheus-adapter/prometheus-adapter", TMP),
    row("registry.k8s.io/metrics-server/metrics-server", TMP),
    row("quay.io/argoprojlabs/argocd-image-updater", TMP),
    row("docker.io/grafana/promtail", TMP).data(&["/run/promtail"]),
    row("docker.io/grafana/loki", TMP).data(&["/var/loki", "/loki"]),
    row("docker.io/grafana/tempo", TMP).data(&["/var/tempo"]),
    row("docker.io/bitnami*/blackbox-exporter", TMP),
    row("docker.io/bitnami*/external-dns", TMP),
    row("docker.io/bitnami*/fluent-bit", TMP),
    row("docker.io/bitnami*/fluxcd-helm-controller", TMP),
    row("docker.io/bitnami*/fluxcd-image-automation-controller", TMP),
    row("docker.io/bitnami*/fluxcd-kustomize-controller", TMP),
    row("docker.io/bitnami*/fluxcd-notification-controller", TMP),
    row("docker.io/bitnami*/grafana-operator", TMP),
    row("docker.io/bitnami*/kong-ingress-controller", TMP),
    row("docker.io/bitnami*/kube-state-metrics", TMP),
    row("docker.io/bitnami*/kuberay-operator", TMP),
    row("docker.io/bitnami*/node-exporter", TMP),
    row("docker.io/bitnami*/pinniped", TMP),
    row("docker.io/bitnami*/prometheus-operator", TMP),
    row("docker.io/bitnami*/sealed-secrets-controller", TMP),
    row("docker.io/bitnami*/zipkin", TMP),
    row("*/nginxinc/nginx-unprivileged", TMP).unless(&["/etc/nginx/templates"]),
    // From here on: the images' own documentation.
    row("docker.io/library/nginx", &["/var/cache/nginx", "/var/run", "/tmp"])
        .unless(&["/etc/nginx/templates"]),
    row("docker.io/library/redis", &["/data"]),
    row("docker.io/valkey/valkey", &["/data"]),
    row("docker.io/library/postgres", &["/var/run/postgresql", "/tmp"])
        .data(&["/var/lib/postgresql/data", "/var/lib/postgresql"]),
    row("docker.io/library/mysql", &["/var/run/mysqld", "/tmp"]).data(&["/var/lib/mysql"]),
    row("docker.io/library/mariadb", &["/var/run/mysqld", "/tmp"]).data(&["/var/lib/mysql"]),
    row("docker.io/library/mongo", &["/data/configdb", "/tmp"]).data(&["/data/db"]),
    row("docker.io/library/httpd", &["/usr/local/apache2/logs"]),
    row("docker.io/library/php:*apache*", &["/var/run/apache2", "/var/lock/apache2", "/tmp"]),
    row(
        "docker.io/library/tomcat",
        &["/usr/local/tomcat/temp", "/usr/local/tomcat/work", "/usr/local/tomcat/logs"],
    ),
    row("docker.io/library/traefik", &["/data", "/tmp"]),
    row("docker.io/grafana/grafana", &["/var/lib/grafana", "/tmp"]),
];

/// What is known of the image; `None` for an unknown one.
#[must_use]
pub fn needs(image: &Image<'_>) -> Option<&'static Needs> {
    let repository = image.known_as();
    let tagged = format!("{repository}:{}", image.tag.unwrap_or("latest"));
    ROWS.iter().find(|row| glob(row.image, if row.image.contains(':') { &tagged } else { &repository }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached() {
        for (at, row) in ROWS.iter().enumerate() {
            let earlier = ROWS[..at].iter().find(|it| glob(it.image, row.image));
            assert!(earlier.is_none(), "{} is shadowed by {:?}", row.image, earlier.map(|it| it.image));
        }
    }

    #[test]
    fn tags_count_where_a_row_names_one() {
        let paths = |text| needs(&Image::parse(text)).map(|it| it.paths.len());
        assert_eq!(paths("php:8.3-apache"), Some(3));
        assert_eq!(paths("php:8.3-fpm"), None);
        assert_eq!(paths("nginx:1.25"), Some(3));
        assert_eq!(paths("localhost:5000/nginx:1.25"), None);
        assert_eq!(paths("bitnamilegacy/zipkin"), Some(1));
    }
}
