//! `startup-probe-missing`.

use super::probes::{self, Probe};
use crate::k8s::{Container, Release};
use crate::rule::{Findings, set};
use crate::yaml::{Data, Op, Value};

crate::rule! {
    /// A slow start is covered only by a long initial delay of the liveness probe.
    ///
    /// # Why
    /// The delay is waited out on every restart, also when the program starts at once, and a start that takes
    /// longer than that ends in a restart loop.
    ///
    /// # Fix
    /// With consent. Where the policy's `probes` map a startup probe for the container, that one. Else the
    /// liveness probe's handler and `timeoutSeconds` are copied, with `periodSeconds: 10` and a
    /// `failureThreshold` that allows the initial delay and the old threshold, and at least 30 tries; the
    /// liveness probe stays as it is. A liveness probe that never worked then shows later. `copy: false`, as
    /// in the built-in environments, keeps to the mapping.
    "startup-probe-missing", Consent, [off, low, low],
    standards: ["REQ"],
    peers: [],
    settings: ["copy"],
    Container => check
}

const LONG: i64 = 30;

fn check(release: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let key = Probe::Startup.key();
    if container.get(key).is_some() || !probes::is_asked(release, container) {
        return;
    }
    let route = container.route.key(key);
    let place = container.at(key);
    match probes::mapped(release, container, Probe::Startup, findings.policy()) {
        Some(Ok(data)) => {
            findings.add(
                place.wrong("has no startup probe, and the policy maps one").consent([set(route, data)]),
            );
        }
        Some(Err(why)) => findings.add(place.wrong("has no startup probe").help(why)),
        None => from_liveness(container, findings),
    }
}

fn from_liveness(container: &Container<'_>, findings: &mut Findings<'_>) {
    let own = container.get(Probe::Liveness.key());
    let delay = own.and_then(|probe| probe.get("initialDelaySeconds")).and_then(Value::as_i64);
    if own.is_some() && delay.is_none_or(|delay| delay <= LONG) {
        return;
    }
    let liveness = container.at(Probe::Liveness.key());
    let Some(mut probe) = findings.will_be(&liveness) else { return };
    let delay = probe.get("initialDelaySeconds").and_then(Data::as_i64).filter(|delay| *delay > LONG);
    let Some(delay) = delay else { return };
    for handler in ["httpGet", "tcpSocket"] {
        let host = liveness.route.key(handler).key("host");
        if let (Some(Op::Remove), Some(fields)) =
            (findings.planned(liveness.object, &host), probe.get_mut(handler).and_then(Data::as_object_mut))
        {
            fields.shift_remove("host");
        }
    }
    let place = container.at(Probe::Startup.key());
    let edit = set(place.route.clone(), copy(&probe, delay));
    let found = place.wrong(format!("waits {delay} seconds before the first liveness check"));
    let wanted = findings.setting("copy").and_then(Data::as_bool) != Some(false);
    findings.add(if wanted {
        found.consent([edit])
    } else {
        found.help("map one under probes:, or let the liveness probe be copied with copy: true")
    });
}

/// A startup probe with the liveness probe's handler that fails no earlier than that would have.
fn copy(liveness: &Data, delay: i64) -> Data {
    let mut probe = serde_json::Map::new();
    for key in ["httpGet", "tcpSocket", "exec", "grpc", "timeoutSeconds"] {
        if let Some(value) = liveness.get(key) {
            probe.insert(key.to_owned(), value.clone());
        }
    }
    let old = liveness.get("failureThreshold").and_then(Data::as_i64).unwrap_or(3);
    let tries = (delay + 9) / 10 + old;
    probe.insert("periodSeconds".to_owned(), Data::from(10));
    probe.insert("failureThreshold".to_owned(), Data::from(tries.max(30)));
    Data::Object(probe)
}
