//! The masking of `/proc`: `procMount` may only be absent or `Default`.

use std::borrow::Cow;

use crate::pss::field::Field;
use crate::pss::setting::text;
use crate::pss::violation::{shown, spared};
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id of the baseline check.
pub const BASELINE: &str = "procMount";
/// Check id of the restricted check.
pub const RESTRICTED: &str = "procMount_restricted";

/// Baseline, from 1.0; pods in a user namespace of their own are spared from 1.35.
#[must_use]
pub fn baseline(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    let found = judge(pod, BASELINE);
    if pod.host_users_false(version) { spared(found) } else { found }
}

/// Restricted, from 1.35, sparing nobody.
#[must_use]
pub fn restricted(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(35) { Vec::new() } else { judge(pod, RESTRICTED) }
}

fn judge(pod: &Pod<'_>, control: &'static str) -> Vec<Violation> {
    let field = Field { control, rule: "proc-mount-unmasked", path: "securityContext.procMount" };
    let wrong = |value: Option<Cow<'_, str>>| value.filter(|it| it != "Default").map(|it| shown(&it));
    pod.containers().filter_map(|it| field.judge(&Scope::Container(it), text, wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    fn spec(host_users: &str, value: &str) -> String {
        format!("{{hostUsers: {host_users}, containers: [{{securityContext: {{procMount: {value}}}}}]}}")
    }

    #[test]
    fn only_default_and_absent_pass() {
        for (value, fails) in [
            ("Default", false),
            ("null", false),
            ("Unmasked", true),
            ("''", true),
            ("default", true),
            ("true", true),
        ] {
            let found = found(&spec("null", value), |pod| baseline(pod, Version::FIRST));
            assert_eq!(!found.is_empty(), fails, "{value}");
        }
    }

    #[test]
    fn wrong_types_are_not_spared() {
        let at = "proc-mount-unmasked spec.containers[0].securityContext.procMount";
        assert_eq!(found(&spec("false", "[]"), |pod| baseline(pod, Version::LATEST)), [at]);
    }

    #[test]
    fn user_namespaces_spare_baseline_from_1_35_and_never_restricted() {
        let at = "proc-mount-unmasked spec.containers[0].securityContext.procMount";
        for (host_users, minor, of_baseline, of_restricted) in [
            ("false", 34, true, false),
            ("false", 35, false, true),
            ("true", 34, true, false),
            ("true", 35, true, true),
            ("null", 37, true, true),
        ] {
            let spec = spec(host_users, "Unmasked");
            let version = Version::new(minor);
            let expected = |fails: bool| if fails { vec![at] } else { vec![] };
            assert_eq!(
                found(&spec, |pod| baseline(pod, version)),
                expected(of_baseline),
                "{host_users} {minor}"
            );
            assert_eq!(
                found(&spec, |pod| restricted(pod, version)),
                expected(of_restricted),
                "{host_users} {minor}"
            );
        }
    }
}
