//! `probe-host`.

use super::stated;
use crate::k8s::{Release, Workload};
use crate::pss::Violation;
use crate::rule::{Findings, remove};
use crate::yaml::Data;

crate::rule! {
    /// A probe or lifecycle hook aims at a host of its own choosing.
    ///
    /// # Why
    /// The kubelet makes the request, from the node: whoever writes the pod reaches what the node reaches,
    /// and learns from the probe's result whether it answered.
    ///
    /// # Fix
    /// With consent: `host` is deleted, so that the request goes to the pod. A probe that asked another
    /// machine, or a program that listens on `127.0.0.1` alone, fails from then on. On the node's network
    /// nothing is edited.
    "probe-host", Consent, [medium, high, high],
    standards: ["PSS-B 1.34", "OWASP K01"],
    peers: [],
    Violation => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, violation: &Violation, findings: &mut Findings<'_>) {
    let place = workload.violated(violation);
    if violation.malformed {
        return findings.add(stated::malformed(place, violation));
    }
    let edit = remove(place.route.clone());
    let found = place.wrong(format!("aims at the host {}", violation.detail));
    findings.add(if findings.will_be(&workload.at("hostNetwork")) == Some(Data::Bool(true)) {
        found.help("not edited: on the node's network the host may be needed; see host-network")
    } else {
        found.consent([edit])
    });
}
