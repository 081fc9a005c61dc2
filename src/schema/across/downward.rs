//! What the downward API offers to variables and volumes.

use super::Place;
use crate::k8s::quantity::millis;
use crate::schema::format::Format;
use crate::yaml::Scalar;

const OF_VARIABLES: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.host",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const OF_VOLUMES: &[&str] =
    &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
const RESOURCES: &[&str] = &[
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// Checks the source of a variable.
pub(super) fn variable(from: &mut Place<'_, '_>) {
    from.below("fieldRef", |it| field(it, OF_VARIABLES));
    from.below("resourceFieldRef", resource);
}

/// Checks a file of a volume.
pub(super) fn file(item: &mut Place<'_, '_>) {
    item.one_of("this file", &["fieldRef", "resourceFieldRef"]);
    item.below("fieldRef", |it| field(it, OF_VOLUMES));
    item.below("resourceFieldRef", |it| {
        if it.text("containerName").is_none_or(|name| name.is_empty()) {
            it.say("containerName", "containerName is missing", "add containerName:");
        }
        resource(it);
    });
}

fn field(reference: &mut Place<'_, '_>, offered: &[&str]) {
    if reference.text("apiVersion").is_some_and(|version| !matches!(version.as_ref(), "" | "v1")) {
        reference.say("apiVersion", "fields of a pod are those of v1", "drop it");
    }
    let Some(path) = reference.text("fieldPath") else { return };
    if offered.contains(&path.as_ref()) || is_entry(&path) {
        return;
    }
    let help = match crate::nearest::nearest(&path, offered.iter().copied()) {
        _ if matches!(path.as_ref(), "metadata.labels" | "metadata.annotations") => {
            format!("name one of them: {path}['KEY']")
        }
        Some(meant) => format!("did you mean {meant}?"),
        None => {
            let all = offered.join(", ");
            format!("it takes {all}, and metadata.labels['KEY'] or metadata.annotations['KEY']")
        }
    };
    reference.say("fieldPath", format!("the downward API offers no {path} here"), &help);
}

/// One label or annotation: `metadata.labels['app']`.
fn is_entry(path: &str) -> bool {
    let key = |start: &str| path.strip_prefix(start)?.strip_prefix("['")?.strip_suffix("']");
    let label = key("metadata.labels").is_some_and(|key| Format::Qualified.fits(key));
    label || key("metadata.annotations").is_some_and(|key| Format::Qualified.fits(&key.to_lowercase()))
}

fn resource(reference: &mut Place<'_, '_>) {
    let Some(name) = reference.text("resource").filter(|name| !name.is_empty()) else { return };
    let huge = ["limits.hugepages-", "requests.hugepages-"].iter().any(|start| name.starts_with(start));
    if !huge && !RESOURCES.contains(&name.as_ref()) {
        let message = format!("the downward API offers no {name}");
        return reference.say("resource", message, &format!("it takes {}", RESOURCES.join(", ")));
    }
    let divisor = reference.get("divisor").and_then(|it| match it.scalar()? {
        Scalar::Str(text) => millis(text.trim()),
        _ => millis(it.raw()),
    });
    let cpu = name.ends_with(".cpu");
    let fits = |size: i128| if cpu { [0, 1, 1000].contains(&size) } else { is_unit(size) };
    if divisor.is_some_and(|size| !fits(size)) {
        let units = if cpu { "1 or 1m" } else { "1, 1k, 1M, 1G, 1T, 1P, 1E, or 1Ki to 1Ei" };
        reference.say("divisor", format!("no divisor that {name} takes"), &format!("write {units}"));
    }
}

/// Whether a size in thousandths is 0, 1, or 1 with a letter behind it.
fn is_unit(size: i128) -> bool {
    let whole = size / 1000;
    let power = |base: i128| (0..=6).any(|exponent| base.pow(exponent) == whole);
    size % 1000 == 0 && (whole == 0 || power(1000) || power(1024))
}
