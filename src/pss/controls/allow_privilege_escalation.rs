//! Processes that may gain more privileges than their parent: `allowPrivilegeEscalation: false` must be written out.

use crate::pss::field::Field;
use crate::pss::setting::boolean;
use crate::pss::violation::spared;
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id.
pub const ID: &str = "allowPrivilegeEscalation";

const FIELD: Field =
    Field { control: ID, rule: "privilege-escalation", path: "securityContext.allowPrivilegeEscalation" };

/// Restricted, from 1.8; Windows pods are spared from 1.25.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(8) {
        return Vec::new();
    }
    let wrong = |value| match value {
        Some(false) => None,
        Some(true) => Some("true".to_owned()),
        None => Some("not set".to_owned()),
    };
    let found =
        pod.containers().filter_map(|it| FIELD.judge(&Scope::Container(it), boolean, wrong)).collect();
    if pod.is_windows(version) { spared(found) } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    const AT: &str = "privilege-escalation spec.containers[0].securityContext.allowPrivilegeEscalation";

    fn judged(container: &str, os: &str, minor: u8) -> Vec<String> {
        let spec = format!("{{os: {{name: {os}}}, containers: [{container}]}}");
        found(&spec, |pod| check(pod, Version::new(minor)))
    }

    #[test]
    fn false_must_be_written_out() {
        for container in ["null", "{}", "{securityContext: null}", "{securityContext: {}}"] {
            assert_eq!(judged(container, "linux", 8), [AT], "{container}");
            assert_eq!(judged(container, "linux", 7), [""; 0], "{container}");
        }
        for (value, fails) in
            [("false", false), ("no", false), ("true", true), ("null", true), ("'false'", true), ("0", true)]
        {
            let container = format!("{{securityContext: {{allowPrivilegeEscalation: {value}}}}}");
            assert_eq!(!judged(&container, "linux", 37).is_empty(), fails, "{value}");
        }
    }

    #[test]
    fn windows_is_spared_from_1_25() {
        assert_eq!(judged("{}", "windows", 24), [AT]);
        assert_eq!(judged("{securityContext: {allowPrivilegeEscalation: true}}", "windows", 25), [""; 0]);
        assert_eq!(judged("{}", "linux", 25), [AT]);
        assert_eq!(judged("{securityContext: {allowPrivilegeEscalation: 'true'}}", "windows", 25), [AT]);
    }
}
