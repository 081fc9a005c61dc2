//! Ports of the node: `hostPort` may only be absent or 0.

use crate::pss::field::{Field, Item};
use crate::pss::setting::{Setting, integer};
use crate::pss::{Pod, Scope, Version, Violation};
use crate::yaml::Value;

/// Check id.
pub const ID: &str = "hostPorts";

const FIELD: Field = Field { control: ID, rule: "host-port", path: "ports" };

/// Baseline, from 1.0.
#[must_use]
pub fn check(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    pod.containers().flat_map(|it| FIELD.judge_items(&Scope::Container(it), wrong)).collect()
}

fn wrong(port: Value<'_>) -> Option<Item> {
    match integer(port, "hostPort") {
        Setting::Absent | Setting::Is(0) => None,
        Setting::Is(number) => Some(Item::wrong(format!("{number}")).at("hostPort")),
        Setting::Malformed(malformed) => Some(Item::malformed(malformed.wanted).at(malformed.at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    #[test]
    fn only_absent_and_zero_pass() {
        for (port, expected) in [
            ("null", None),
            ("{}", None),
            ("{containerPort: 80}", None),
            ("{hostPort: 0}", None),
            ("{hostPort: null}", None),
            ("{hostPort: 80}", Some("[0].hostPort")),
            ("{hostPort: -1}", Some("[0].hostPort")),
            ("{hostPort: '0'}", Some("[0].hostPort")),
            ("{hostPort: 0.5}", Some("[0].hostPort")),
            ("text", Some("[0]")),
        ] {
            let spec = format!("{{containers: [{{ports: [{port}]}}]}}");
            let expected: Vec<_> =
                expected.map(|at| format!("host-port spec.containers[0].ports{at}")).into_iter().collect();
            assert_eq!(found(&spec, |pod| check(pod, Version::FIRST)), expected, "{port}");
        }
    }

    #[test]
    fn ports_that_are_no_list_fail() {
        let found = found("{initContainers: [{ports: {hostPort: 80}}]}", |pod| check(pod, Version::FIRST));
        assert_eq!(found, ["host-port spec.initContainers[0].ports"]);
    }
}
