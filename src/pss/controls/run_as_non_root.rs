//! Containers that may start as root: `runAsNonRoot: true`, in the pod or in every container.

use crate::pss::field::Field;
use crate::pss::setting::{Setting, boolean};
use crate::pss::violation::spared;
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id.
pub const ID: &str = "runAsNonRoot";

const FIELD: Field = Field { control: ID, rule: "run-as-root", path: "securityContext.runAsNonRoot" };

/// Restricted, from 1.0; pods in a user namespace of their own are spared from 1.35. Windows pods are not.
///
/// False in the pod fails even where every container says true. A `runAsUser` does not stand in for it.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    let inherited = boolean(pod.spec, FIELD.path) == Setting::Is(true);
    let in_pod = |value| (value == Some(false)).then(|| "false".to_owned());
    let in_container = |value| match value {
        Some(true) => None,
        Some(false) => Some("false".to_owned()),
        None => (!inherited).then(|| "not set, and not true in the pod".to_owned()),
    };
    let containers =
        pod.containers().filter_map(|it| FIELD.judge(&Scope::Container(it), boolean, in_container));
    let found = FIELD.judge(&pod.scope(), boolean, in_pod).into_iter().chain(containers).collect();
    if pod.host_users_false(version) { spared(found) } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    const POD: &str = "run-as-root spec.securityContext.runAsNonRoot";
    const CONTAINER: &str = "run-as-root spec.containers[0].securityContext.runAsNonRoot";

    #[test]
    fn the_pod_is_inherited_and_false_fails_anywhere() {
        for (pod, container, expected) in [
            ("null", "null", vec![CONTAINER]),
            ("true", "null", vec![]),
            ("true", "true", vec![]),
            ("true", "false", vec![CONTAINER]),
            ("null", "true", vec![]),
            ("null", "false", vec![CONTAINER]),
            ("false", "true", vec![POD]),
            ("false", "null", vec![POD, CONTAINER]),
            ("'true'", "true", vec![POD]),
            ("true", "'true'", vec![CONTAINER]),
        ] {
            let spec = format!(
                "{{securityContext: {{runAsNonRoot: {pod}, runAsUser: 7}}, \
                 containers: [{{securityContext: {{runAsNonRoot: {container}, runAsUser: 7}}}}]}}"
            );
            assert_eq!(found(&spec, |pod| check(pod, Version::FIRST)), expected, "{pod} {container}");
        }
    }

    #[test]
    fn user_namespaces_spare_from_1_35_and_windows_does_not() {
        let spec = "{hostUsers: false, os: {name: windows}, containers: [null]}";
        assert_eq!(found(spec, |pod| check(pod, Version::new(34))), [CONTAINER]);
        assert_eq!(found(spec, |pod| check(pod, Version::new(35))), [""; 0]);
        let wrong_type = "{hostUsers: false, containers: [{securityContext: {runAsNonRoot: text}}]}";
        assert_eq!(found(wrong_type, |pod| check(pod, Version::new(35))), [CONTAINER]);
        assert_eq!(
            found("{os: {name: windows}, containers: [{}]}", |pod| check(pod, Version::LATEST)),
            [CONTAINER]
        );
    }
}
