//! What is known of well-known images: who they run as, what they write to.

use crate::k8s::image::Image;
use crate::policy::matcher::glob;

/// Repositories whose image names no user, so that it runs as root: Docker's official images by their
/// published Dockerfiles. `runAsNonRoot: true` alone keeps them from starting.
const ROOT: &[&str] = &[
    "alpine",
    "amazonlinux",
    "busybox",
    "caddy",
    "centos",
    "debian",
    "fedora",
    "golang",
    "httpd",
    "influxdb",
    "mariadb",
    "mongo",
    "mysql",
    "nginx",
    "node",
    "openjdk",
    "php",
    "postgres",
    "python",
    "rabbitmq",
    "redis",
    "registry",
    "rockylinux",
    "ruby",
    "tomcat",
    "traefik",
    "ubuntu",
    "valkey",
    "vault",
    "wordpress",
];

/// Whether the image is known to run as root unless told otherwise.
#[must_use]
pub fn runs_as_root(image: &Image<'_>) -> bool {
    let repository = image.known_as();
    let official =
        repository.strip_prefix("docker.io/library/").or(repository.strip_prefix("docker.io/valkey/"));
    official.is_some_and(|name| ROOT.contains(&name))
}

/// Images whose binaries carry file capabilities: they do not start once the bounding set lacks those.
const FILE_CAPABILITIES: &[&str] = &[
    "*/ingress-nginx/controller",
    "registry.k8s.io/coredns/coredns",
    "docker.io/coredns/coredns",
    "docker.io/hashicorp/vault",
    "docker.io/library/caddy",
    "docker.io/pihole/pihole",
    "*/nginx-ingress-controller",
];

/// Whether the image is known to start a binary with file capabilities.
#[must_use]
pub fn has_file_capabilities(image: &Image<'_>) -> bool {
    let repository = image.known_as();
    FILE_CAPABILITIES.iter().any(|pattern| glob(pattern, &repository))
}

/// Images that start setuid helpers: rootless builders (`newuidmap`) and development images with `sudo`.
const SETUID_HELPERS: &[&str] = &[
    "docker.io/moby/buildkit",
    "quay.io/buildah/*",
    "quay.io/podman/*",
    "quay.io/containers/*",
    "docker.io/library/docker",
    "docker.io/codercom/code-server",
    "*/coder/code-server",
];

/// Whether the image is known to need setuid binaries.
#[must_use]
pub fn starts_setuid_helpers(image: &Image<'_>) -> bool {
    let repository = image.known_as();
    SETUID_HELPERS.iter().any(|pattern| glob(pattern, &repository))
}

/// Images that ping, sniff, tunnel or set up pod networks.
const RAW_SOCKETS: &[&str] = &[
    "*/calico/*",
    "*/cilium/*",
    "*/flannel",
    "*/flannel-cni-plugin",
    "*/kube-router",
    "*/metallb/*",
    "*/multus-cni",
    "*/netshoot",
    "*/openvpn*",
    "*/smokeping*",
    "*/tailscale",
    "*/weave-*",
    "*/wireguard*",
    "docker.io/prom/blackbox-exporter",
    "docker.io/library/telegraf",
    "quay.io/prometheus/blackbox-exporter",
];

/// Whether the image is known to use raw sockets.
#[must_use]
pub fn uses_raw_sockets(image: &Image<'_>) -> bool {
    let repository = image.known_as();
    RAW_SOCKETS.iter().any(|pattern| glob(pattern, &repository))
}
