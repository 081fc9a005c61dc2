//! Which images talk to the API server with the token of their service account.

use crate::k8s::image::Image;
use crate::policy::matcher::glob;

/// Last parts of repositories (globs).
const CONSUMERS: &[&str] = &[
    "*kubectl*",
    "*operator*",
    "*controller*",
    "*csi*",
    "*autoscaler*",
    "*ingress*",
    "*webhook*",
    "*scheduler*",
    "*admission*",
    "*provisioner*",
    "*descheduler*",
    "*reloader*",
    "*sidecar*",
    "*certgen*",
    "*external-dns*",
    "*external-secrets*",
    "*kube-*",
    "*k8s*",
    "*kubernetes*",
    "*kyverno*",
    "*gatekeeper*",
    "airflow*",
    "alloy",
    "argo*",
    "cert-manager*",
    "cilium*",
    "calico*",
    "coredns",
    "consul",
    "dashboard*",
    "eventrouter",
    "fluent*",
    "flux*",
    "gitlab-runner*",
    "grafana-agent*",
    "grafana-alloy",
    "harbor*",
    "headlamp*",
    "helm*",
    "istio*",
    "jenkins*",
    "jupyterhub*",
    "k8s-hub",
    "keda*",
    "kong*",
    "kubeapps*",
    "linkerd*",
    "pilot",
    "proxyv2",
    "manager",
    "metrics-server*",
    "nats-server-config-reloader",
    "node-problem-detector",
    "opentelemetry-collector*",
    "pinniped*",
    "prometheus",
    "prometheus-adapter*",
    "promtail",
    "rancher*",
    "sealed-secrets*",
    "spark*",
    "speaker",
    "spilo*",
    "tekton*",
    "telegraf*",
    "traefik*",
    "trivy*",
    "vault*",
    "vector",
    "velero*",
    "victoriametrics-vmagent",
    "vmagent",
    "weave*",
];

/// Whether the image is known to talk to the API server.
#[must_use]
pub fn talks_to_the_api(image: &Image<'_>) -> bool {
    let name = image.basename();
    CONSUMERS.iter().any(|pattern| glob(pattern, name))
}

/// Pieces of a command line that only a program with access to the API has.
pub const FLAGS: &[&str] = &[
    "leader-elect",
    "leaderelect",
    "leader_elect",
    "kubeconfig",
    "in-cluster",
    "incluster",
    "kubectl",
    "apiserver",
    "kubernetes.default",
    "serviceaccount/token",
    "service-account-token",
    "KUBERNETES_SERVICE_HOST",
    "watch-namespace",
    "kubernetes-namespace",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_controllers_by_their_name() {
        let talks = |text| talks_to_the_api(&Image::parse(text));
        assert!(talks("registry.k8s.io/ingress-nginx/controller:v1.9") && talks("bitnami/kubectl"));
        assert!(!talks("ghcr.io/acme/web:1.0") && !talks("redis:7") && !talks("postgres"));
    }
}
