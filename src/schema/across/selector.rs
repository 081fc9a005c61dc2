//! Selectors: which operators want values.

use super::Place;
use crate::yaml::Value;

/// Checks the selector's expressions.
pub(super) fn check(place: &mut Place<'_, '_>) {
    place.each("matchExpressions", requirement);
}

/// Checks the terms that choose a node.
pub(super) fn node(place: &mut Place<'_, '_>) {
    check(place);
    place.each("matchFields", requirement);
}

fn requirement(it: &mut Place<'_, '_>) {
    let values = it.get("values").map_or(0, |values| values.items().count());
    let operator = it.text("operator").unwrap_or_default();
    match operator.as_ref() {
        "In" | "NotIn" if values == 0 => {
            it.say("values", format!("operator: {operator} needs values"), "add values:");
        }
        "Exists" | "DoesNotExist" if values > 0 => {
            it.say("values", format!("operator: {operator} takes no values"), "drop them");
        }
        "Gt" | "Lt" if values != 1 => {
            it.say("values", format!("operator: {operator} takes one value"), "write one number, in quotes");
        }
        _ => {}
    }
}

/// Checks all selectors of a pod.
pub(super) fn of_pod(place: &mut Place<'_, '_>) {
    place.each("topologySpreadConstraints", |it| it.below("labelSelector", check));
    place.below("affinity", |affinity| {
        affinity.below("nodeAffinity", |it| {
            it.each("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms", node);
            it.each("preferredDuringSchedulingIgnoredDuringExecution", |it| it.below("preference", node));
        });
        for kind in ["podAffinity", "podAntiAffinity"] {
            affinity.below(kind, |it| {
                it.each("requiredDuringSchedulingIgnoredDuringExecution", of_term);
                it.each("preferredDuringSchedulingIgnoredDuringExecution", |it| {
                    it.below("podAffinityTerm", of_term);
                });
            });
        }
    });
}

fn of_term(term: &mut Place<'_, '_>) {
    term.below("labelSelector", check);
    term.below("namespaceSelector", check);
}

/// Checks a network policy: its selectors, and that each peer is one thing.
pub(super) fn network_policy(place: &mut Place<'_, '_>) {
    place.below("spec.podSelector", check);
    for (direction, peers) in [("spec.ingress", "from"), ("spec.egress", "to")] {
        place.each(direction, |rule| rule.each(peers, peer));
    }
}

fn peer(peer: &mut Place<'_, '_>) {
    let selectors = peer.count(&["podSelector", "namespaceSelector"]);
    match (peer.count(&["ipBlock"]), selectors) {
        (0, 0) => peer.say("", "the peer is empty", "add podSelector, namespaceSelector or ipBlock"),
        (1, 1..) => peer.say("ipBlock", "ipBlock does not go with selectors", "make two peers of it"),
        _ => {}
    }
    peer.below("podSelector", check);
    peer.below("namespaceSelector", check);
}

/// The selector of a workload has to select something.
pub(super) fn of_workload(place: &mut Place<'_, '_>) {
    let Some(selector) = place.get("spec.selector").filter(|selector| selector.is_map()) else { return };
    let labels = selector.get("matchLabels").is_some_and(|labels| !labels.entries().is_empty());
    if !labels && selector.get("matchExpressions").is_none_or(|it: Value<'_>| it.items().next().is_none()) {
        place.say("spec.selector", "the selector is empty", "add matchLabels:");
    }
    place.below("spec.selector", check);
}
