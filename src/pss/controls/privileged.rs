//! Containers that run privileged: `privileged` may only be absent or false.

use crate::pss::field::Field;
use crate::pss::setting::boolean;
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id.
pub const ID: &str = "privileged";

const FIELD: Field = Field { control: ID, rule: "privileged-container", path: "securityContext.privileged" };

/// Baseline, from 1.0.
#[must_use]
pub fn check(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    let wrong = |value| (value == Some(true)).then(|| "true".to_owned());
    pod.containers().filter_map(|it| FIELD.judge(&Scope::Container(it), boolean, wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    #[test]
    fn only_true_and_wrong_types_fail() {
        for (value, fails) in [
            ("true", true),
            ("false", false),
            ("null", false),
            ("yes", true),
            ("off", false),
            ("'false'", true),
            ("1", true),
            ("{}", true),
        ] {
            let spec = format!("{{containers: [{{}}, {{securityContext: {{privileged: {value}}}}}]}}");
            let expected: &[&str] = if fails {
                &["privileged-container spec.containers[1].securityContext.privileged"]
            } else {
                &[]
            };
            assert_eq!(found(&spec, |pod| check(pod, Version::FIRST)), expected, "{value}");
        }
    }

    #[test]
    fn every_list_is_visited_and_what_is_in_the_way_fails() {
        let wrong = "[{securityContext: {privileged: true}}]";
        let spec = format!("{{ephemeralContainers: {wrong}, initContainers: {wrong}, containers: {{}}}}");
        assert_eq!(
            found(&spec, |pod| check(pod, Version::LATEST)),
            [
                "privileged-container spec.initContainers[0].securityContext.privileged",
                "privileged-container spec.containers",
                "privileged-container spec.ephemeralContainers[0].securityContext.privileged"
            ]
        );
        for (spec, at) in [
            ("{containers: text}", "spec.containers"),
            ("{containers: [text]}", "spec.containers[0]"),
            ("{containers: [{securityContext: []}]}", "spec.containers[0].securityContext"),
        ] {
            let expected = format!("privileged-container {at}");
            assert_eq!(found(spec, |pod| check(pod, Version::FIRST)), [expected], "{spec}");
        }
    }
}
