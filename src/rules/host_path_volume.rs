//! `host-path-volume`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// A volume is a directory of the node.
    ///
    /// # Why
    /// What a pod reads there belongs to the node and to every other pod on it, and what it writes there
    /// outlives it.
    ///
    /// # Fix
    /// None: what the pod looks for on the node is not to be found in another kind of volume. Whether a
    /// container mounts the volume does not matter: the pod may.
    "host-path-volume", No, [medium, high, high],
    standards: ["PSS-B 1.0", "CIS 5.2.11", "NSA P4", "OWASP K01"],
    peers: ["Kyverno disallow-host-path", "Kyverno limit-hostpath-vols", "Kyverno remove-hostpath-volumes",
        "Polaris hostPathSet", "Trivy KSV-0023", "Kubescape C-0048"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let path = place.near.get("path").and_then(crate::yaml::Value::as_str);
    let message = format!("mounts {} of the node", path.as_deref().unwrap_or("a directory"));
    findings.add(place.wrong(message).help(stated::ALLOW_OR_CHANGE));
}
