//! What pods and containers are given, and what they may.

use super::{Facts, Place, Reply};
use crate::plan::pod_of;
use crate::pss::{self, Level};

/// The rules of the restricted level, and of baseline below it.
pub const RESTRICTED: &[&str] = &[
    "host-network",
    "host-pid",
    "host-ipc",
    "privileged-container",
    "host-process-container",
    "dangerous-capability",
    "capability-not-in-baseline",
    "host-path-volume",
    "host-port",
    "probe-host",
    "apparmor-not-enforced",
    "selinux-options-custom",
    "proc-mount-unmasked",
    "seccomp-unconfined",
    "unsafe-sysctl",
    "privilege-escalation",
    "run-as-root",
    "explicit-root-user",
    "seccomp-profile-missing",
    "capabilities-not-dropped",
    "capability-not-in-restricted",
    "volume-type-restricted",
];

const NO_PODS: &str = "the stream holds no pods";

/// Held against the Pod Security Standards.
pub fn restricted(facts: &Facts<'_>) -> Reply {
    let (mut pods, mut allowed) = (0, 0);
    let mut places: Vec<Place> = Vec::new();
    for workload in facts.pods() {
        pods += 1;
        let object = facts.release().object_of(workload);
        let mut rules: Vec<&str> = Vec::new();
        for violation in pss::strictest(&pod_of(workload), Level::Restricted, facts.policy.pss_versions) {
            if facts.allows(&[violation.rule], object.number, &workload.template_route) {
                allowed += 1;
            } else if !rules.contains(&violation.rule) {
                rules.push(violation.rule);
            }
        }
        if !rules.is_empty() {
            places.push(facts.on(object, workload.spec, rules.join(", ")));
        }
    }
    if pods == 0 {
        return Reply::unknown(NO_PODS);
    }
    let allowed =
        if allowed > 0 { format!(", {allowed} violations allowed by policy") } else { String::new() };
    Reply::judged(places, pods, "pod template", &allowed)
}

/// Requests of cpu and memory, limits of memory. A limit of cpu is no duty: many teams leave it out on purpose.
pub fn resources(facts: &Facts<'_>) -> Reply {
    let (mut containers, mut unlimited) = (0, 0);
    let mut places = Vec::new();
    for workload in facts.pods() {
        let object = facts.release().object_of(workload);
        let scaled = facts.release().is_scaled_vertically(object);
        for part in &workload.parts {
            containers += 1;
            let given = |path: &str| part.get(path).is_some() || workload.get(path).is_some();
            let limited = |name: &str| given(&format!("resources.limits.{name}"));
            // The API server takes the limit for a request that is missing.
            let requested =
                |name: &str| scaled || given(&format!("resources.requests.{name}")) || limited(name);
            let mut absent = Vec::new();
            absent.extend((!requested("cpu")).then_some("cpu request"));
            absent.extend((!requested("memory")).then_some("memory request"));
            absent.extend((!limited("memory")).then_some("memory limit"));
            unlimited += usize::from(!limited("cpu"));
            if !absent.is_empty() {
                places.push(facts.at(workload, part, format!("no {}", absent.join(", no "))));
            }
        }
    }
    if containers == 0 {
        return Reply::unknown(NO_PODS);
    }
    let cpu = match unlimited {
        0 => ", all limit cpu too".to_owned(),
        some => format!(", {some} without a limit of cpu, which is a matter of taste"),
    };
    Reply::judged(places, containers, "container", &cpu)
}

/// `readOnlyRootFilesystem`.
pub fn read_only_root(facts: &Facts<'_>) -> Reply {
    let mut containers = 0;
    let mut places = Vec::new();
    for workload in facts.pods().filter(|workload| !workload.windows) {
        for part in &workload.parts {
            containers += 1;
            let route = &part.route;
            let read_only =
                part.get("securityContext.readOnlyRootFilesystem").and_then(crate::yaml::Value::as_bool);
            if read_only != Some(true) && !facts.allows(&["writable-root-filesystem"], workload.object, route)
            {
                places.push(facts.at(workload, part, "can write to its root file system"));
            }
        }
    }
    if containers == 0 {
        return Reply::unknown(NO_PODS);
    }
    Reply::judged(places, containers, "container", "")
}

/// A tag that names a version, or a digest.
pub fn image_tags(facts: &Facts<'_>) -> Reply {
    let (mut images, mut digests) = (0, 0);
    let mut places = Vec::new();
    for workload in &facts.release().workloads {
        for part in workload.parts.iter().filter(|part| !part.image_text().is_empty()) {
            images += 1;
            let image = part.image();
            digests += usize::from(image.digest.is_some());
            if image.digest.is_some() || facts.allows(&["image-tag-mutable"], workload.object, &part.route) {
                continue;
            }
            match image.tag {
                None => places.push(facts.at(workload, part, "no tag")),
                Some("latest" | "stable" | "edge" | "main" | "master" | "dev" | "nightly") => {
                    places.push(facts.at(workload, part, "a tag that moves"));
                }
                Some(_) => {}
            }
        }
    }
    if images == 0 {
        return Reply::unknown("the stream names no image");
    }
    Reply::judged(places, images, "image", &format!(", {digests} by digest"))
}
