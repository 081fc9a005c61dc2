//! `container-runtime-socket`.

use crate::k8s::{Release, Workload};
use crate::rule::Findings;
use crate::yaml::Value;

crate::rule! {
    /// The pod mounts the socket of the node's container runtime.
    ///
    /// # Why
    /// Who can talk to the runtime can start a privileged container, and so owns the node.
    ///
    /// # Fix
    /// None: a program that mounts the socket needs it, or should not run here. Builds do without it
    /// (buildkit rootless, kaniko), and so do log and metrics agents (the kubelet's API, the files under
    /// `/var/log/pods`).
    "container-runtime-socket", No, [critical, critical, critical],
    standards: ["NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-container-sock-mounts", "Kyverno docker-socket-check", "KubeLinter docker-sock",
        "kubesec DockerSock", "Trivy KSV-0006", "Checkov CKV_K8S_27", "Kubescape C-0074"],
    Workload => check
}

const SOCKETS: &[&str] =
    &["docker.sock", "containerd.sock", "crio.sock", "dockershim.sock", "cri-dockerd.sock"];

fn check(_: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    for (index, volume) in workload.get("volumes").into_iter().flat_map(Value::items).enumerate() {
        let Some(path) = volume.path("hostPath.path").and_then(Value::as_str) else { continue };
        let name = path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
        if SOCKETS.contains(&name) {
            let place = workload.at("volumes").index(index).path("hostPath.path");
            let found = place.wrong(format!("mounts the container runtime's socket {name}"));
            findings.add(found.help("take a program that needs no socket, or allow it"));
        }
    }
}
