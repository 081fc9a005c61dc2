//! Whether pods are watched and scaled.

use super::{Facts, Place, Reply};

const PROBES: [(&str, &str); 3] =
    [("livenessProbe", "liveness"), ("readinessProbe", "readiness"), ("startupProbe", "startup")];

/// All three kinds, of every container that keeps running in a pod that stays.
pub fn probes(facts: &Facts<'_>) -> Reply {
    let mut containers = 0;
    let mut places = Vec::new();
    for workload in facts.services() {
        for part in workload.parts.iter().filter(|part| part.is_long_running()) {
            containers += 1;
            let absent: Vec<&str> =
                PROBES.iter().filter(|(key, _)| part.get(key).is_none()).map(|(_, name)| *name).collect();
            if !absent.is_empty() {
                places.push(facts.at(workload, part, format!("no {} probe", absent.join(", no "))));
            }
        }
    }
    if containers == 0 {
        return Reply::unknown("the stream holds no pod that stays");
    }
    Reply::judged(places, containers, "container", "")
}

/// `timeoutSeconds`, whose default of one second suits few programs.
pub fn timeouts(facts: &Facts<'_>) -> Reply {
    let mut probes = 0;
    let mut places: Vec<Place> = Vec::new();
    for workload in facts.services() {
        let object = facts.release().object_of(workload);
        for part in workload.parts.iter().filter(|part| part.is_long_running()) {
            for (key, name) in PROBES {
                let Some(probe) = part.get(key) else { continue };
                probes += 1;
                if probe.get("timeoutSeconds").is_none() {
                    let what = format!("the {name} probe takes the default of 1 second ({})", part.name);
                    places.push(facts.on(object, probe, what));
                }
            }
        }
    }
    if probes == 0 {
        return Reply::unknown("the stream holds no probe");
    }
    Reply::judged(places, probes, "probe", "")
}

/// A HorizontalPodAutoscaler, a ScaledObject or a VerticalPodAutoscaler that names the Deployment.
pub fn autoscaling(facts: &Facts<'_>) -> Reply {
    let mut deployments = 0;
    let mut places = Vec::new();
    for object in facts.of_kind("apps", "Deployment") {
        deployments += 1;
        let release = facts.release();
        if release.autoscalers_of(object).is_empty() && !release.is_scaled_vertically(object) {
            places.push(facts.on(object, object.value, "no autoscaler names it"));
        }
    }
    if deployments == 0 {
        return Reply::unknown("the stream holds no Deployment");
    }
    Reply::judged(places, deployments, "Deployment", "")
}
