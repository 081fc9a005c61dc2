//! Objects: their names, and a few kinds whose fields depend on each other.

use super::Place;
use crate::k8s::Object;
use crate::schema::format::Format;
use crate::yaml::Value;

/// Checks an object.
pub(super) fn check(object: &Object<'_>, place: &mut Place<'_, '_>) {
    name(object, place);
    match (object.group(), object.id.kind.as_str()) {
        ("", "Service") => service(place),
        ("autoscaling", "HorizontalPodAutoscaler") => {
            let count = |path: &str| place.get(path).and_then(Value::as_i64);
            if count("spec.minReplicas").unwrap_or(1) > count("spec.maxReplicas").unwrap_or(i64::MAX) {
                place.say("spec.maxReplicas", "maxReplicas is below minReplicas", "raise it");
            }
        }
        ("policy", "PodDisruptionBudget")
            if place.count(&["spec.minAvailable", "spec.maxUnavailable"]) == 2 =>
        {
            place.say("spec.minAvailable", "has minAvailable and maxUnavailable", "keep one of the two");
        }
        ("apps", "Deployment") => {
            let recreates = place.text("spec.strategy.type").as_deref() == Some("Recreate");
            if recreates && place.get("spec.strategy.rollingUpdate").is_some() {
                place.say(
                    "spec.strategy.rollingUpdate",
                    "rollingUpdate does not go with Recreate",
                    "drop it",
                );
            }
            selector(place);
        }
        ("apps", "ReplicaSet" | "StatefulSet" | "DaemonSet") => selector(place),
        ("networking.k8s.io", "Ingress") => ingress(place),
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => place.each("rules", rule),
        ("", "PersistentVolumeClaim") if place.get("spec.resources.requests.storage").is_none() => {
            place.say("spec.resources", "asks for no storage", "add resources: {requests: {storage: 1Gi}}");
        }
        _ => {}
    }
}

fn name(object: &Object<'_>, place: &mut Place<'_, '_>) {
    let kind = object.id.kind.as_str();
    let (format, most) = match (object.group(), kind) {
        ("rbac.authorization.k8s.io", _) | ("policy", "PodDisruptionBudget") => (Format::Segment, usize::MAX),
        ("", "Service") => (Format::Dns1035, 63),
        ("", "Namespace") | ("apps", "StatefulSet") => (Format::Label, 63),
        ("batch", "CronJob") => (Format::Subdomain, 52),
        _ => (Format::Subdomain, 253),
    };
    let help = || {
        if most < 253 {
            format!("write {}, here at most {most}", format.wanted())
        } else {
            format!("write {}", format.wanted())
        }
    };
    match place.text("metadata.name") {
        Some(name) if !name.is_empty() => {
            if !format.fits(&name) || name.len() > most {
                place.say("metadata.name", "this name has a form that the API does not take", &help());
            }
        }
        _ if place.text("metadata.generateName").is_some_and(|name| !name.is_empty()) => {}
        // The API server really takes one without a name.
        _ if kind == "LimitRange" || place.get("metadata.name").is_some_and(|it| it.as_str().is_none()) => {}
        _ => place.say("metadata.name", "has no name", "add metadata: {name: …}"),
    }
}

fn service(place: &mut Place<'_, '_>) {
    let kind = place.text("spec.type");
    if kind.as_deref() == Some("ExternalName") {
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
    let unnamed =
        |port: Value<'_>| port.get("name").and_then(Value::as_str).is_none_or(|name| name.is_empty());
    if ports > 1 && place.get("spec.ports").into_iter().flat_map(Value::items).any(unnamed) {
        place.say("spec.ports", "has several ports, and one without a name", "name each of them");
    }
}

fn selector(place: &mut Place<'_, '_>) {
    let Some(selector) = place.get("spec.selector").filter(|selector| selector.is_map()) else { return };
    let labels = selector.get("matchLabels").is_some_and(|labels| !labels.entries().is_empty());
    if !labels && selector.get("matchExpressions").is_none_or(|it| it.items().next().is_none()) {
        place.say("spec.selector", "the selector is empty", "add matchLabels:");
    }
}

fn ingress(place: &mut Place<'_, '_>) {
    if place.get("spec").is_some() && place.count(&["spec.defaultBackend", "spec.rules"]) == 0 {
        place.say("spec", "has neither rules nor a defaultBackend", "add one");
    }
    place.below("spec.defaultBackend", backend);
    place.below("spec", |spec| {
        spec.each("rules", |rule| {
            rule.below("http", |http| {
                http.each("paths", |path| {
                    let ours = path.text("pathType").is_some_and(|kind| kind != "ImplementationSpecific");
                    if ours && path.get("path").is_none() {
                        path.say("path", "path is missing", "add path: /");
                    }
                    path.below("backend", backend);
                });
            });
        });
    });
}

fn backend(place: &mut Place<'_, '_>) {
    place.one_of("the backend", &["service", "resource"]);
    if place.get("service").is_some_and(|service| service.is_map())
        && place.count(&["service.port.name", "service.port.number"]) == 0
    {
        place.say("service.port", "the backend names no port", "add port: {number: 80}");
    }
}

fn rule(place: &mut Place<'_, '_>) {
    let filled = |key: &str| place.get(key).is_some_and(|list| list.items().next().is_some());
    if filled("nonResourceURLs") {
        return;
    }
    for key in ["apiGroups", "resources"] {
        if place.get(key).is_none_or(|list| list.is_seq() && list.items().next().is_none()) {
            place.say(key, format!("{key} is missing"), &format!("add {key}:"));
        }
    }
}
