//! `ephemeral-storage-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{Container, Release};
use crate::rule::Findings;

crate::rule! {
    /// Nothing limits what the container writes to the node's disk.
    ///
    /// # Why
    /// Logs, the writable layer and `emptyDir` volumes fill the disk until the node evicts pods that did
    /// nothing wrong.
    ///
    /// # Fix
    /// With consent, request and limit from the first entries of the policy's `resources` that match and name
    /// them; never a limit below the request. A container that writes more is evicted. Init containers only
    /// with `initContainers: true`.
    "ephemeral-storage-missing", Consent, [off, low, medium],
    standards: ["NSA N3", "OWASP K01"],
    peers: ["kube-score container-ephemeral-storage-request-and-limit"],
    settings: ["initContainers"],
    Container => check
}

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let figure = |side| Figure { side, name: "ephemeral-storage" };
    let given = |side| resources::is_given(release, container, figure(side));
    if !resources::is_asked(container, findings) || given(Side::Limits) {
        return;
    }
    let found = resources::place(container, figure(Side::Limits)).wrong("has no ephemeral-storage limit");
    let missing = [Side::Requests, Side::Limits].into_iter().filter(|side| !given(*side));
    let offers: Vec<_> =
        missing.filter_map(|side| resources::edit(release, container, figure(side), findings)).collect();
    let edits: Result<Vec<_>, String> = offers.into_iter().collect();
    findings.add(match edits {
        Ok(edits) if edits.is_empty() => {
            found.help("resources: {limits: {ephemeral-storage: …}} in a policy says how much")
        }
        Ok(edits) => found.consent(edits),
        Err(why) => found.help(why),
    });
}
