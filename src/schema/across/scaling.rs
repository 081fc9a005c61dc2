//! Autoscalers and how workloads roll: numbers that depend on each other, and which source a metric has.

use super::Place;
use crate::yaml::{Scalar, Value};

/// Types of metrics, and the key that says more of each.
const SOURCES: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

/// Checks an autoscaler.
pub(super) fn autoscaler(place: &mut Place<'_, '_>) {
    let count = |path: &str| place.get(path).and_then(Value::as_i64);
    if count("spec.minReplicas").unwrap_or(1) > count("spec.maxReplicas").unwrap_or(i64::MAX) {
        place.say("spec.maxReplicas", "maxReplicas is below minReplicas", "raise it");
    }
    place.each("spec.metrics", metric);
}

fn metric(place: &mut Place<'_, '_>) {
    let kind = place.text("type").unwrap_or_default();
    let Some((_, own)) = SOURCES.into_iter().find(|(name, _)| *name == kind) else { return };
    if place.get(own).is_none() {
        place.say(own, format!("{own} is missing: the metric is of type {kind}"), &format!("add {own}:"));
    }
    for (_, other) in SOURCES.into_iter().filter(|(_, key)| *key != own) {
        if place.get(other).is_some() {
            place.say(other, format!("{other} does not go with a metric of type {kind}"), "drop it");
        }
    }
    place.below(own, |source| target(source, &kind));
}

fn target(source: &mut Place<'_, '_>, kind: &str) {
    if source.get("target").is_none() {
        return;
    }
    let wanted: &[&str] = match kind {
        "Pods" => &["target.averageValue"],
        "Resource" | "ContainerResource" => &["target.averageUtilization", "target.averageValue"],
        _ => &["target.value", "target.averageValue"],
    };
    let names = |between: &str| wanted.join(between).replace("target.", "");
    match source.count(wanted) {
        0 => {
            let names = names(" or ");
            source.say("target", format!("the target has no {names}"), &format!("add {names}"));
        }
        // An object's metric may have both.
        2 if kind != "Object" => {
            source.say(
                "target",
                format!("the target has {}, and takes one", names(" and ")),
                "drop one of the two",
            );
        }
        _ => {}
    }
}

/// Checks how a Deployment rolls.
pub(super) fn deployment(place: &mut Place<'_, '_>) {
    let recreates = place.text("spec.strategy.type").as_deref() == Some("Recreate");
    if recreates && place.get("spec.strategy.rollingUpdate").is_some() {
        place.say("spec.strategy.rollingUpdate", "rollingUpdate does not go with Recreate", "drop it");
    }
    let seconds = |path: &str| place.get(path).and_then(Value::as_i64);
    let (deadline, ready) = (seconds("spec.progressDeadlineSeconds"), seconds("spec.minReadySeconds"));
    if deadline.unwrap_or(600) <= ready.unwrap_or(0) {
        let message = "progressDeadlineSeconds has to be above minReadySeconds";
        place.say("spec.progressDeadlineSeconds", message, "raise it (600 where it is not set)");
    }
    at_most_all(place, "spec.strategy.rollingUpdate.maxUnavailable");
    if is_zero(place, "spec.strategy.rollingUpdate.maxUnavailable")
        && is_zero(place, "spec.strategy.rollingUpdate.maxSurge")
    {
        let message = "maxSurge and maxUnavailable are both 0: nothing could ever roll";
        place.say("spec.strategy.rollingUpdate", message, "raise one of the two");
    }
}

/// Checks how a DaemonSet rolls.
pub(super) fn daemon_set(place: &mut Place<'_, '_>) {
    let (surge, unavailable) =
        ("spec.updateStrategy.rollingUpdate.maxSurge", "spec.updateStrategy.rollingUpdate.maxUnavailable");
    at_most_all(place, surge);
    at_most_all(place, unavailable);
    if place.get(surge).is_some() && !is_zero(place, surge) && !is_zero(place, unavailable) {
        let message = "maxSurge and maxUnavailable are both above 0";
        place.say(surge, message, "write maxUnavailable: 0 beside it");
    } else if is_zero(place, unavailable) && (place.get(surge).is_none() || is_zero(place, surge)) {
        place.say(
            unavailable,
            "maxSurge and maxUnavailable are both 0: nothing could ever roll",
            "raise one",
        );
    }
}

/// Checks a budget.
pub(super) fn budget(place: &mut Place<'_, '_>) {
    if place.count(&["spec.minAvailable", "spec.maxUnavailable"]) == 2 {
        place.say("spec.minAvailable", "has minAvailable and maxUnavailable", "keep one of the two");
    }
    at_most_all(place, "spec.minAvailable");
    at_most_all(place, "spec.maxUnavailable");
}

/// A share is at most 100%.
fn at_most_all(place: &mut Place<'_, '_>, path: &'static str) {
    let share = place.text(path).and_then(|text| text.strip_suffix('%')?.parse::<u64>().ok());
    if share.is_some_and(|share| share > 100) {
        place.say(path, "more than 100% is too much", "write 100% or less");
    }
}

fn is_zero(place: &Place<'_, '_>, path: &str) -> bool {
    match place.get(path).and_then(Value::scalar) {
        Some(Scalar::Str(text)) => text.strip_suffix('%').is_some_and(|share| share.parse() == Ok(0_u64)),
        Some(scalar) => scalar.as_i64() == Some(0),
        None => false,
    }
}
