//! Probes and lifecycle hooks that aim at another host: `host` may only be absent or empty.

use std::borrow::Cow;

use crate::pss::field::Field;
use crate::pss::setting::text;
use crate::pss::violation::shown;
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id.
pub const ID: &str = "hostProbesAndHostLifecycle";

const fn field(path: &'static str) -> Field {
    Field { control: ID, rule: "probe-host", path }
}

const FIELDS: [Field; 10] = [
    field("livenessProbe.httpGet.host"),
    field("livenessProbe.tcpSocket.host"),
    field("readinessProbe.httpGet.host"),
    field("readinessProbe.tcpSocket.host"),
    field("startupProbe.httpGet.host"),
    field("startupProbe.tcpSocket.host"),
    field("lifecycle.postStart.httpGet.host"),
    field("lifecycle.postStart.tcpSocket.host"),
    field("lifecycle.preStop.httpGet.host"),
    field("lifecycle.preStop.tcpSocket.host"),
];

/// Baseline, from 1.34.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(34) {
        return Vec::new();
    }
    let wrong = |host: Option<Cow<'_, str>>| host.filter(|host| !host.is_empty()).map(|host| shown(&host));
    let judge =
        |container| FIELDS.iter().filter_map(move |it| it.judge(&Scope::Container(container), text, wrong));
    pod.containers().flat_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    #[test]
    fn each_handler_is_looked_at_from_1_34() {
        for it in FIELDS {
            let nested = it
                .path
                .split('.')
                .rev()
                .fold("127.0.0.1".to_owned(), |inner, key| format!("{{{key}: {inner}}}"));
            let spec = format!("{{containers: [{nested}]}}");
            let expected = format!("probe-host spec.containers[0].{}", it.path);
            assert_eq!(found(&spec, |pod| check(pod, Version::new(34))), [expected]);
            assert_eq!(found(&spec, |pod| check(pod, Version::new(33))), [""; 0]);
        }
    }

    #[test]
    fn handlers_without_a_host_pass() {
        for container in [
            "{}",
            "{livenessProbe: null}",
            "{livenessProbe: {httpGet: {host: ''}}}",
            "{livenessProbe: {tcpSocket: {host: null}}}",
            "{livenessProbe: {httpGet: {httpHeaders: [{name: Host, value: x}]}}}",
            "{livenessProbe: {exec: {command: [host]}}, lifecycle: {preStop: {sleep: {seconds: 1}}}}",
            "{readinessProbe: {grpc: {port: 1, service: host}}}",
        ] {
            let spec = format!("{{containers: [{container}]}}");
            assert_eq!(found(&spec, |pod| check(pod, Version::LATEST)), [""; 0], "{container}");
        }
    }

    #[test]
    fn wrong_types_fail() {
        for (container, at) in [
            ("{livenessProbe: {httpGet: {host: 1}}}", "livenessProbe.httpGet.host"),
            ("{lifecycle: {preStop: {tcpSocket: x}}}", "lifecycle.preStop.tcpSocket"),
        ] {
            let spec = format!("{{containers: [{container}]}}");
            let expected = format!("probe-host spec.containers[0].{at}");
            assert_eq!(found(&spec, |pod| check(pod, Version::LATEST)), [expected]);
        }
    }
}
