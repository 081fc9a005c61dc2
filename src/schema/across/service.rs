//! Services: which fields go with which type.

use super::Place;
use crate::yaml::Value;

/// Checks a Service.
pub(super) fn check(place: &mut Place<'_, '_>) {
    let kind = place.text("spec.type").filter(|kind| !kind.is_empty()).unwrap_or("ClusterIP".into());
    by_type(place, &kind);
    if kind == "ExternalName" {
        if place.text("spec.externalName").is_none_or(|name| name.is_empty()) {
            place.say("spec.externalName", "externalName is missing", "add externalName:");
        }
        return;
    }
    let headless = place.text("spec.clusterIP").as_deref() == Some("None");
    let ports = place.get("spec.ports").map_or(0, |ports| ports.items().count());
    if ports == 0 && !headless {
        place.say("spec.ports", "has no ports", "add ports:, or clusterIP: None");
    }
    if headless && matches!(kind.as_ref(), "NodePort" | "LoadBalancer") {
        place.say(
            "spec.clusterIP",
            format!("clusterIP: None does not go with type: {kind}"),
            "drop one of the two",
        );
    }
    let unnamed =
        |port: Value<'_>| port.get("name").and_then(Value::as_str).is_none_or(|name| name.is_empty());
    if ports > 1 && place.get("spec.ports").into_iter().flat_map(Value::items).any(unnamed) {
        place.say("spec.ports", "has several ports, and one without a name", "name each of them");
    }
}

fn by_type(place: &mut Place<'_, '_>, kind: &str) {
    let filled = |path: &str| place.get(path).is_some_and(|list| list.items().next().is_some());
    let external = filled("spec.externalIPs");
    let balanced = [
        ("spec.loadBalancerClass", place.get("spec.loadBalancerClass").is_some()),
        ("spec.allocateLoadBalancerNodePorts", place.get("spec.allocateLoadBalancerNodePorts").is_some()),
        ("spec.loadBalancerSourceRanges", filled("spec.loadBalancerSourceRanges")),
    ];
    for (path, _) in balanced.into_iter().filter(|(_, there)| *there && kind != "LoadBalancer") {
        let name = path.trim_start_matches("spec.");
        place.say(path, format!("{name} is for type: LoadBalancer"), "drop it, or change the type");
    }
    let reached = matches!(kind, "NodePort" | "LoadBalancer") || (kind == "ClusterIP" && external);
    if !reached && place.text("spec.externalTrafficPolicy").is_some_and(|policy| !policy.is_empty()) {
        let message = "externalTrafficPolicy is for a Service that is reached from outside";
        place.say("spec.externalTrafficPolicy", message, "drop it, or change the type");
    }
    if place.get("spec.sessionAffinityConfig").is_some()
        && place.text("spec.sessionAffinity").as_deref() != Some("ClientIP")
    {
        let message = "sessionAffinityConfig needs sessionAffinity: ClientIP";
        place.say("spec.sessionAffinityConfig", message, "add it, or drop sessionAffinityConfig");
    }
    if kind == "ClusterIP" {
        place.each("spec.ports", |port| {
            if port.get("nodePort").and_then(Value::as_i64).is_some_and(|number| number != 0) {
                port.say(
                    "nodePort",
                    "nodePort is for type: NodePort or LoadBalancer",
                    "drop it, or change the type",
                );
            }
        });
    }
}
