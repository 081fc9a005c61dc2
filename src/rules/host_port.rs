//! `host-port`.

use super::{node_agent, stated};
use crate::k8s::{Container, Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};
use crate::yaml::{Data, Value};

crate::rule! {
    /// The container claims a port of the node.
    ///
    /// # Why
    /// The port is open on the node's address, past Services and most network policies, and only one pod per
    /// node can have it.
    ///
    /// # Fix
    /// With consent, never on a DaemonSet or a pod of class `system-node-critical`: `hostPort` is deleted,
    /// and only where a Service of the release leads to the same port, so that there is another way in. On
    /// the node's network every port is the node's, so nothing is edited there. Whoever connects to the
    /// node's address is cut off.
    "host-port", Consent, [medium, medium, high],
    standards: ["PSS-B 1.0", "CIS 5.2.12", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-ports", "Kyverno disallow-host-ports-range", "Polaris hostPortSet",
        "Trivy KSV-0024", "Checkov CKV_K8S_26", "Kubescape C-0044"],
    Violation => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let Some(port) = port_of(workload, violation) else { return };
    let edit = remove(place.route.clone());
    let found = place.wrong(format!("claims port {} of the node", violation.detail));
    findings.add(if findings.will_be(&workload.at("hostNetwork")) == Some(Data::Bool(true)) {
        found.help("not edited: on the node's network every port is the node's; see host-network")
    } else if release.services_of(workload).any(|service| leads_to(service.value, port)) {
        node_agent::spare(found, release, workload, [edit])
    } else {
        found.help("not edited: no Service of the release leads to the port; add one, or allow it")
    });
}

fn port_of<'r>(workload: &'r Workload<'r>, violation: &Violation) -> Option<Value<'r>> {
    let container: Container<'r> = workload.violating_container(violation)?;
    let below = &violation.route.steps()[violation.route.steps().len() - 3..];
    let [ports, index, _] = below else { return None };
    container.value.at(&[ports, index].into_iter().cloned().collect())
}

/// Whether a port of the Service has this container port as its target, by number or by name.
fn leads_to(service: Value<'_>, port: Value<'_>) -> bool {
    let number = port.get("containerPort").map(Value::to_data);
    let name = port.get("name").map(Value::to_data);
    let mut ports = service.path("spec.ports").into_iter().flat_map(Value::items);
    ports.any(|candidate| {
        let target = candidate.get("targetPort").or_else(|| candidate.get("port")).map(Value::to_data);
        target.is_some() && (target == number || target == name) && protocol(candidate) == protocol(port)
    })
}

fn protocol(port: Value<'_>) -> Data {
    port.get("protocol").map_or_else(|| Data::from("TCP"), Value::to_data)
}
