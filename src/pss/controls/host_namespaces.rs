//! The node's namespaces: `hostNetwork`, `hostPID` and `hostIPC` may only be absent or false.

use crate::pss::field::Field;
use crate::pss::setting::boolean;
use crate::pss::{Pod, Version, Violation};

/// Check id.
pub const ID: &str = "hostNamespaces";

const FIELDS: [Field; 3] = [
    Field { control: ID, rule: "host-network", path: "hostNetwork" },
    Field { control: ID, rule: "host-pid", path: "hostPID" },
    Field { control: ID, rule: "host-ipc", path: "hostIPC" },
];

/// Baseline, from 1.0.
#[must_use]
pub fn check(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    let wrong = |value| (value == Some(true)).then(|| "true".to_owned());
    FIELDS.iter().filter_map(|field| field.judge(&pod.scope(), boolean, wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::{found, found_in};

    #[test]
    fn each_namespace_is_judged_apart() {
        for (spec, expected) in [
            ("{}", vec![]),
            ("{hostNetwork: false, hostPID: null, hostIPC: n}", vec![]),
            ("{hostNetwork: true}", vec!["host-network spec.hostNetwork"]),
            ("{hostIPC: true, hostPID: on}", vec!["host-pid spec.hostPID", "host-ipc spec.hostIPC"]),
            ("{hostPID: 'false'}", vec!["host-pid spec.hostPID"]),
            ("{hostpid: true}", vec![]),
        ] {
            assert_eq!(found(spec, |pod| check(pod, Version::FIRST)), expected, "{spec}");
        }
    }

    #[test]
    fn a_spec_that_is_no_map_fails() {
        let found = found_in("{spec: text}", |pod| check(pod, Version::FIRST));
        assert_eq!(found, ["host-network spec", "host-pid spec", "host-ipc spec"]);
    }
}
