//! `pdb-without-budget`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;

crate::rule! {
    /// The disruption budget names neither `minAvailable` nor `maxUnavailable`.
    ///
    /// # Why
    /// It looks like protection, and what it means is left to a default that nobody wrote down.
    ///
    /// # Fix
    /// Safe: `maxUnavailable: 1`. One pod at a time may go, which lets every drain go on.
    "pdb-without-budget", Safe, [low, medium, medium],
    standards: [],
    peers: ["kube-score poddisruptionbudget-has-policy"],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let has = |path: &str| object.value.path(path).is_some();
    if object.is("policy", "PodDisruptionBudget") && !has("spec.minAvailable") && !has("spec.maxUnavailable")
    {
        findings.want(object.at("spec.maxUnavailable"), 1, "has neither minAvailable nor maxUnavailable");
    }
}
