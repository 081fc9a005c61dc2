//! Pod specs.

use std::collections::HashSet;

use super::{Place, container, downward, selector};
use crate::k8s::Object;
use crate::yaml::Value;

/// What a Windows pod must not have, in the pod's part.
const LINUX_ONLY: &[&str] = &[
    "hostPID",
    "hostIPC",
    "hostUsers",
    "shareProcessNamespace",
    "securityContext.appArmorProfile",
    "securityContext.seLinuxOptions",
    "securityContext.seccompProfile",
    "securityContext.fsGroup",
    "securityContext.fsGroupChangePolicy",
    "securityContext.sysctls",
    "securityContext.runAsUser",
    "securityContext.runAsGroup",
    "securityContext.supplementalGroups",
    "securityContext.supplementalGroupsPolicy",
];

/// Checks the spec of a pod or of a pod template.
pub(super) fn check(object: &Object<'_>, place: &mut Place<'_, '_>) {
    if !matches!(object.group(), "" | "apps" | "batch") {
        return;
    }
    if place.get("ephemeralContainers").is_some_and(|list| list.items().next().is_some()) {
        let help = "they are added to running pods: kubectl debug";
        place.say("ephemeralContainers", "ephemeral containers cannot stand in a manifest", help);
    }
    restarts(object, place);
    let os = place.text("os.name");
    let windows = os.as_deref() == Some("windows");
    for field in LINUX_ONLY.iter().filter(|field| windows && place.get(field).is_some()).collect::<Vec<_>>() {
        place.say(field, format!("{field} is for Linux, and this pod is for Windows"), "drop it");
    }
    if os.as_deref() == Some("linux") && place.get("securityContext.windowsOptions").is_some() {
        place.say("securityContext.windowsOptions", "windowsOptions in a pod for Linux", "drop it");
    }
    place.each("volumes", volume);
    place.each("tolerations", toleration);
    selector::of_pod(place);
    names(place);
    let around = container::Around {
        windows,
        host_network: place.is("hostNetwork"),
        volumes: volumes(object, place.value),
    };
    place.each("initContainers", |it| container::check(it, &around, true));
    place.each("containers", |it| container::check(it, &around, false));
}

fn restarts(object: &Object<'_>, place: &mut Place<'_, '_>) {
    let policy = place.text("restartPolicy");
    let wanted: &[&str] = match object.id.kind.as_str() {
        "Job" | "CronJob" => &["OnFailure", "Never"],
        "Pod" | "PodTemplate" => return,
        _ => &["Always"],
    };
    let policy = policy.as_deref().filter(|policy| !policy.is_empty()).unwrap_or("Always");
    if !wanted.contains(&policy) && ["Always", "OnFailure", "Never"].contains(&policy) {
        let kind = &object.id.kind;
        let message = format!("restartPolicy is {policy}, and a {kind} takes {}", wanted.join(" or "));
        place.say("restartPolicy", message, &format!("write restartPolicy: {}", wanted[0]));
    }
}

fn volume(place: &mut Place<'_, '_>) {
    let sources = place.value.entries().into_iter().filter(|(key, value)| key != "name" && !value.is_null());
    if sources.count() > 1 {
        place.say("", "the volume has more than one source", "keep one");
    }
    place.each("downwardAPI.items", downward::file);
    place.each("projected.sources", |it| it.each("downwardAPI.items", downward::file));
}

fn toleration(place: &mut Place<'_, '_>) {
    let text = |path: &str| place.text(path).filter(|text| !text.is_empty());
    let exists = text("operator").as_deref() == Some("Exists");
    let (keyed, valued) = (text("key").is_some(), text("value").is_some());
    let evicts = text("effect").as_deref() == Some("NoExecute");
    if !keyed && !exists {
        place.say("operator", "a toleration without a key needs operator: Exists", "add it, or a key");
    } else if exists && valued {
        place.say("value", "operator: Exists takes no value", "drop it");
    }
    if place.get("tolerationSeconds").is_some() && !evicts {
        place.say("effect", "tolerationSeconds needs effect: NoExecute", "add it, or drop tolerationSeconds");
    }
}

/// A name may stand once among ordinary and init containers together.
fn names(place: &mut Place<'_, '_>) {
    let names = |list: &str| -> Vec<String> {
        let items = place.get(list).into_iter().flat_map(Value::items);
        items.filter_map(|it| it.get("name")?.as_str().map(std::borrow::Cow::into_owned)).collect()
    };
    let ordinary: HashSet<String> = names("containers").into_iter().collect();
    for name in names("initContainers").into_iter().filter(|name| ordinary.contains(name)) {
        let message = format!("an init container and a container are both called {name}");
        place.say("initContainers", message, "rename one of the two");
    }
}

/// The names that mounts may use: volumes, and the claims of a StatefulSet.
fn volumes<'a>(object: &Object<'a>, spec: Value<'a>) -> HashSet<String> {
    let name = |it: Value<'_>, path: &str| it.path(path)?.as_str().map(std::borrow::Cow::into_owned);
    let own = spec.get("volumes").into_iter().flat_map(Value::items).filter_map(move |it| name(it, "name"));
    let claims = object.value.path("spec.volumeClaimTemplates").into_iter().flat_map(Value::items);
    own.chain(claims.filter_map(|it| name(it, "metadata.name"))).collect()
}
