//! Containers.

use std::collections::HashSet;

use super::{Place, downward};
use crate::k8s::quantity::millis;
use crate::yaml::{Scalar, Value};

/// What a container's pod says.
pub(super) struct Around {
    pub(super) windows: bool,
    pub(super) host_network: bool,
    pub(super) volumes: HashSet<String>,
}

/// What a container of a Windows pod must not have.
const LINUX_ONLY: &[&str] = &[
    "securityContext.appArmorProfile",
    "securityContext.seLinuxOptions",
    "securityContext.seccompProfile",
    "securityContext.capabilities",
    "securityContext.readOnlyRootFilesystem",
    "securityContext.privileged",
    "securityContext.allowPrivilegeEscalation",
    "securityContext.procMount",
    "securityContext.runAsUser",
    "securityContext.runAsGroup",
];
const HANDLERS: &[&str] = &["exec", "httpGet", "tcpSocket", "grpc"];
const HOOKS: &[&str] = &["exec", "httpGet", "tcpSocket", "sleep"];
const SOURCES: &[&str] = &["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// Checks a container.
pub(super) fn check(place: &mut Place<'_, '_>, around: &Around, init: bool) {
    for field in
        LINUX_ONLY.iter().filter(|field| around.windows && place.get(field).is_some()).collect::<Vec<_>>()
    {
        place.say(field, format!("{field} is for Linux, and this pod is for Windows"), "drop it");
    }
    let image = place.text("image").filter(|image| image.trim() == image && !image.is_empty());
    if image.is_some_and(|image| !is_reference(&image)) {
        place.say(
            "image",
            "no node can read this image reference",
            "write it like registry.example.com/team/app:1.0",
        );
    }
    amounts(place);
    probes(place, init);
    place.each("env", |it| {
        it.below("valueFrom", |from| {
            from.one_of("valueFrom", SOURCES);
            downward::variable(from);
        });
        if it.get("valueFrom").is_some() && it.text("value").is_some_and(|value| !value.is_empty()) {
            it.say("valueFrom", "the variable has a value and valueFrom", "keep one of the two");
        }
    });
    place.each("envFrom", |it| it.one_of("this item of envFrom", &["configMapRef", "secretRef"]));
    for list in ["volumeMounts", "volumeDevices"] {
        place.each(list, |it| {
            let name =
                it.text("name").filter(|name| !name.is_empty() && !around.volumes.contains(name.as_ref()));
            if let Some(name) = name {
                it.say("name", format!("no volume of the pod is called {name}"), "add it to volumes:");
            }
        });
    }
    ports(place, around.host_network);
    escalation(place);
}

fn amounts(place: &mut Place<'_, '_>) {
    let requests = place.get("resources.requests").map(Value::entries).unwrap_or_default();
    for (name, request) in requests {
        let limit = place.get("resources.limits").and_then(|limits| limits.get(&name));
        let own = name.contains('/') && !name.contains("kubernetes.io/");
        let (least, most) = (size(request), limit.and_then(size));
        let (Some(least), true) = (least, most.is_some() || limit.is_none()) else { continue };
        let wrong = match most {
            Some(most) if own && least != most => "differs from the limit",
            Some(most) if least > most => "is above the limit",
            None if own => "needs a limit",
            _ => continue,
        };
        let help = if own { "make the two equal" } else { "raise the limit, or lower the request" };
        place.say("resources.requests", format!("the {name} request {wrong}"), help);
    }
}

/// A quantity in thousandths, written as text or as a number.
fn size(value: Value<'_>) -> Option<i128> {
    match value.scalar()? {
        Scalar::Str(text) => millis(text.trim()),
        Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_) => millis(value.raw()),
        Scalar::Bool(_) | Scalar::Null => None,
    }
}

fn probes(place: &mut Place<'_, '_>, init: bool) {
    let sidecar = place.text("restartPolicy").as_deref() == Some("Always");
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if init && !sidecar && place.get(probe).is_some() {
            let help = "drop it, or make the container a sidecar: restartPolicy: Always";
            place.say(probe, format!("an init container takes no {probe}"), help);
        }
        place.below(probe, |it| {
            it.one_of(probe, HANDLERS);
            let once = it.get("successThreshold").and_then(Value::as_i64).is_none_or(|times| times <= 1);
            if probe != "readinessProbe" && !once {
                it.say("successThreshold", format!("successThreshold of a {probe} has to be 1"), "drop it");
            }
        });
    }
    for hook in ["lifecycle.postStart", "lifecycle.preStop"] {
        place.below(hook, |it| it.one_of(hook, HOOKS));
    }
}

fn ports(place: &mut Place<'_, '_>, host_network: bool) {
    let mut seen = HashSet::new();
    place.each("ports", |it| {
        if let Some(name) = it.text("name").filter(|name| !name.is_empty())
            && !seen.insert(name.clone().into_owned())
        {
            it.say("name", format!("two ports of the container are called {name}"), "rename one of the two");
        }
        let number = |key: &str| it.get(key).and_then(Value::as_i64).filter(|number| *number != 0);
        if let (true, Some(host), Some(own)) = (host_network, number("hostPort"), number("containerPort"))
            && host != own
        {
            it.say(
                "hostPort",
                "on the host's network hostPort has to be containerPort",
                "make the two equal",
            );
        }
    });
}

fn escalation(place: &mut Place<'_, '_>) {
    let context = "securityContext.allowPrivilegeEscalation";
    if place.get(context).and_then(Value::as_bool) != Some(false) {
        return;
    }
    let added = place.get("securityContext.capabilities.add").into_iter().flat_map(Value::items);
    let admin = added.filter_map(Value::as_str).any(|name| name == "CAP_SYS_ADMIN");
    if place.is("securityContext.privileged") || admin {
        let help = "drop one of the two";
        place.say(context, "allowPrivilegeEscalation: false does not go with privileged or SYS_ADMIN", help);
    }
}

/// Whether it is an image reference by the distribution grammar, loosely: registries look like hosts, the path is lower
/// case, and tag and digest have their characters.
fn is_reference(text: &str) -> bool {
    let image = crate::k8s::image::Image::parse(text);
    let part = |part: &str| {
        let inner = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        };
        let end = |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
        part.bytes().all(inner) && end(part.as_bytes().first()) && end(part.as_bytes().last())
    };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let tag = |tag: &str| {
        !tag.is_empty() && tag.len() <= 128 && tag.bytes().all(word) && !tag.starts_with(['.', '-'])
    };
    let digest = |digest: &str| {
        digest
            .split_once(':')
            .is_some_and(|(_, hex)| hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    image.registry.is_none_or(|registry| registry.bytes().all(host))
        && image.path.split('/').all(part)
        && image.tag.is_none_or(tag)
        && image.digest.is_none_or(digest)
}
