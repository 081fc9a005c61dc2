//! Probes: which containers they are asked of, and what the policy maps for them. What the three rules share.

use std::borrow::Cow;

use serde_json::Map;

use crate::k8s::{Access, Container, Release};
use crate::policy::matcher::glob;
use crate::policy::{Policy, Probes};
use crate::rule::{Findings, set};
use crate::template::{self, Facts};
use crate::yaml::{Data, Value};

/// Which probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Restarts the container when it fails.
    Liveness,
    /// Takes the pod out of its Services while it fails.
    Readiness,
    /// Holds the other two back until it succeeds.
    Startup,
}

impl Probe {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Liveness => "liveness",
            Self::Readiness => "readiness",
            Self::Startup => "startup",
        }
    }

    /// The container's key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Liveness => "livenessProbe",
            Self::Readiness => "readinessProbe",
            Self::Startup => "startupProbe",
        }
    }

    fn of(self, entry: &Probes) -> Option<&Map<String, Data>> {
        match self {
            Self::Liveness => entry.liveness.as_ref(),
            Self::Readiness => entry.readiness.as_ref(),
            Self::Startup => entry.startup.as_ref(),
        }
    }
}

/// Whether a probe makes sense for the container: it runs as long as its pod, and the pod is meant to run on.
#[must_use]
pub fn is_asked(release: &Release<'_>, container: &Container<'_>) -> bool {
    let workload = container.workload;
    let object = release.object_of(workload);
    let restarts = workload.get("restartPolicy").and_then(Value::as_str);
    let ends = restarts.is_some_and(|policy| policy != "Always")
        || object.id.kind.contains("Job")
        || object.id.kind.contains("Analysis")
        || object.is_hook();
    container.is_long_running() && !ends && workload.access != Access::Part
}

/// The probe that the policy maps for the container: of the first matching entry that has one. An error says
/// why the entry cannot be used.
#[must_use]
pub fn mapped(
    release: &Release<'_>,
    container: &Container<'_>,
    probe: Probe,
    policy: &Policy,
) -> Option<Result<Data, String>> {
    let object = release.object_of(container.workload);
    let mut entries = policy.probes.iter().filter(|entry| entry.matches.container(object, container));
    let (entry, written) = entries.find_map(|entry| Some((entry, probe.of(entry)?)))?;
    let mut written = written.clone();
    for handler in ["httpGet", "tcpSocket", "grpc"] {
        let Some(Data::Object(fields)) = written.get_mut(handler) else { continue };
        if fields.contains_key("port") {
            continue;
        }
        let pattern = entry.matches.port.as_deref();
        let Some((name, number)) = pattern.and_then(|pattern| named_port(container, pattern)) else {
            return Some(Err(format!(
                "the policy's {} probe names no port, nor does its match",
                probe.word()
            )));
        };
        // gRPC probes take numbers only.
        let port = if handler == "grpc" { Data::from(number) } else { Data::from(name) };
        fields.insert("port".to_owned(), port);
    }
    let environment = policy.environment.as_ref().map_or("", |environment| environment.name.as_str());
    let facts = || Facts { release, object, part: Some(container), environment }.data(Map::new());
    Some(template::fill(&Data::Object(written), &facts).map(Cow::into_owned))
}

fn named_port(container: &Container<'_>, pattern: &str) -> Option<(String, i64)> {
    let ports = container.get("ports").into_iter().flat_map(Value::items);
    ports.into_iter().find_map(|port| {
        let name = port.get("name")?.as_str()?;
        let number = port.get("containerPort")?.as_i64()?;
        glob(pattern, &name).then(|| (name.into_owned(), number))
    })
}

/// Says that a container has no such probe, unless it has, and offers the policy's; `weigh` may soften it.
pub fn check<'r>(
    release: &Release<'_>,
    container: &Container<'r>,
    probe: Probe,
    findings: &mut Findings<'_>,
    weigh: impl FnOnce(crate::finding::Draft<'r>) -> crate::finding::Draft<'r>,
) {
    if container.get(probe.key()).is_some() || !is_asked(release, container) {
        return;
    }
    let route = container.route.key(probe.key());
    let place = container.at(probe.key());
    let found = weigh(place.wrong(format!("has no {} probe", probe.word())));
    findings.add(match mapped(release, container, probe, findings.policy()) {
        Some(Ok(data)) => found.consent([set(route, data)]),
        Some(Err(why)) => found.help(why),
        None => found.help("probes: in a policy maps named ports to paths; nothing is guessed from a number"),
    });
}
