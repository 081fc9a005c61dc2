//! Objects: their names, and a few kinds whose fields depend on each other.

use super::{Place, scaling, selector, service};
use crate::k8s::Object;
use crate::schema::format::Format;
use crate::yaml::Value;

/// Checks an object.
pub(super) fn check(object: &Object<'_>, place: &mut Place<'_, '_>) {
    name(object, place);
    finalizers(object, place);
    match (object.group(), object.id.kind.as_str()) {
        ("", "Service") => service::check(place),
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::autoscaler(place),
        ("policy", "PodDisruptionBudget") => {
            scaling::budget(place);
            place.below("spec.selector", selector::check);
        }
        ("apps", kind @ ("Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")) => {
            match kind {
                "Deployment" => scaling::deployment(place),
                "DaemonSet" => scaling::daemon_set(place),
                _ => {}
            }
            selector::of_workload(place);
        }
        ("networking.k8s.io", "NetworkPolicy") => selector::network_policy(place),
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

/// The server wants to know whose they are; definitions and aggregated APIs it asks less.
fn finalizers(object: &Object<'_>, place: &mut Place<'_, '_>) {
    if object.group().starts_with("api") {
        return;
    }
    let own =
        |name: &str| name.contains('/') || matches!(name, "kubernetes" | "orphan" | "foregroundDeletion");
    let names = place.get("metadata.finalizers").into_iter().flat_map(Value::items).filter_map(Value::as_str);
    if names.into_iter().any(|name| !own(&name)) {
        place.say("metadata.finalizers", "a finalizer has no domain", "write it like example.com/name");
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
