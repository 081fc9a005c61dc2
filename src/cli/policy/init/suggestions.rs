//! What only the team can say, as far as the release shows that it is asked for.

use std::collections::BTreeMap;

use crate::finding::Status;
use crate::harden::Hardened;
use crate::yaml::{Data, Value};

/// Seen in the release, each once, in the order of names.
#[derive(Debug, Default)]
pub(super) struct Suggestions {
    /// Named ports of containers without a liveness or readiness probe, by the workload's name.
    pub probes: BTreeMap<(String, String), Vec<&'static str>>,
    /// Containers without limits or requests, by image repository.
    pub resources: BTreeMap<String, Data>,
    /// Images whose writable paths are not known.
    pub images: Vec<String>,
    /// Workloads that say no user.
    pub users: Vec<String>,
}

impl Suggestions {
    pub(super) fn gather(&mut self, hardened: &Hardened<'_>) {
        let release = &hardened.release;
        for workload in &release.workloads {
            let object = release.object_of(workload);
            let open = |rule: &str, route: &crate::yaml::Route| {
                hardened.plan.with_status(Status::Open).any(|finding| {
                    finding.rule == rule
                        && finding.object == object.number
                        && finding.route.starts_with(route)
                })
            };
            for container in workload.containers() {
                let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
                let repository = untagged(&image).to_owned();
                if open("writable-root-filesystem", &container.route) && !self.images.contains(&repository) {
                    self.images.push(repository.clone());
                }
                if open("memory-limit-missing", &container.route) && !repository.is_empty() {
                    self.resources.insert(repository, serde_json::json!({"limits": {"memory": "512Mi"}}));
                }
                let missing: Vec<&'static str> =
                    [("liveness-probe-missing", "liveness"), ("readiness-probe-missing", "readiness")]
                        .into_iter()
                        .filter(|(rule, _)| open(rule, &container.route))
                        .map(|(_, probe)| probe)
                        .collect();
                let ports = container.get("ports").into_iter().flat_map(Value::items);
                let named = ports.into_iter().find_map(|port| port.get("name")?.as_str());
                if let (Some(port), false) = (named, missing.is_empty()) {
                    self.probes.insert((object.id.name.clone(), port.into_owned()), missing);
                }
            }
            if open("run-as-root", &workload.route) && !self.users.contains(&object.id.name) {
                self.users.push(object.id.name.clone());
            }
        }
        self.images.sort();
    }
}

/// An image reference as the manifest writes it, without tag and digest.
fn untagged(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
