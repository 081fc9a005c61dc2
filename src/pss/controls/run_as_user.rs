//! Containers that ask for uid 0: `runAsUser: 0` may stand nowhere, also where every container overrides it.

use crate::pss::field::Field;
use crate::pss::setting::integer;
use crate::pss::violation::spared;
use crate::pss::{Pod, Version, Violation};

/// Check id.
pub const ID: &str = "runAsUser";

const FIELD: Field = Field { control: ID, rule: "explicit-root-user", path: "securityContext.runAsUser" };

/// Restricted, from 1.23; pods in a user namespace of their own are spared from 1.35.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(23) {
        return Vec::new();
    }
    let wrong = |value| (value == Some(0)).then(|| "0".to_owned());
    let found = pod.scopes().filter_map(|scope| FIELD.judge(&scope, integer, wrong)).collect();
    if pod.host_users_false(version) { spared(found) } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    const POD: &str = "explicit-root-user spec.securityContext.runAsUser";
    const CONTAINER: &str = "explicit-root-user spec.containers[0].securityContext.runAsUser";

    fn judged(pod: &str, container: &str, host_users: &str, minor: u8) -> Vec<String> {
        let spec = format!(
            "{{hostUsers: {host_users}, securityContext: {{runAsUser: {pod}}}, \
             containers: [{{securityContext: {{runAsUser: {container}}}}}]}}"
        );
        found(&spec, |pod| check(pod, Version::new(minor)))
    }

    #[test]
    fn zero_fails_in_the_pod_and_in_containers() {
        for (pod, container, expected) in [
            ("null", "null", vec![]),
            ("0", "7", vec![POD]),
            ("7", "0", vec![CONTAINER]),
            ("0", "0", vec![POD, CONTAINER]),
            ("-1", "null", vec![]),
            ("0.0", "null", vec![POD]),
            ("00", "0x0", vec![POD, CONTAINER]),
            ("'7'", "0.5", vec![POD, CONTAINER]),
        ] {
            assert_eq!(judged(pod, container, "null", 23), expected, "{pod} {container}");
            assert_eq!(judged(pod, container, "null", 22), [""; 0], "{pod} {container}");
        }
    }

    #[test]
    fn user_namespaces_spare_from_1_35() {
        assert_eq!(judged("0", "null", "false", 34), [POD]);
        assert_eq!(judged("0", "0", "false", 35), [""; 0]);
        assert_eq!(judged("0", "null", "true", 35), [POD]);
        assert_eq!(judged("'0'", "0", "false", 35), [POD]);
    }
}
