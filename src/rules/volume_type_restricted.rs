//! `volume-type-restricted`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::Findings;

crate::rule! {
    /// A volume has a source outside the restricted list.
    ///
    /// # Why
    /// In-tree network volumes hand the pod's author the node's credentials and mount options; claims put a
    /// storage class and its owner in between.
    ///
    /// # Fix
    /// None: the data is where it is. Restricted allows `configMap`, `csi`, `downwardAPI`, `emptyDir`,
    /// `ephemeral`, `image`, `persistentVolumeClaim`, `projected` and `secret`; a volume with no source at
    /// all is an `emptyDir`.
    "volume-type-restricted", No, [low, medium, high],
    standards: ["PSS-R 1.0", "OWASP K01"],
    peers: ["Kyverno restrict-volume-types", "Trivy KSV-0028", "Trivy KSV-0121"],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    findings.add(if violation.malformed {
        stated::malformed(place, violation)
    } else {
        let message = format!("has a volume of type {}", violation.detail);
        place.wrong(message).help("mount it through a persistentVolumeClaim, or allow it with a reason")
    });
}
