//! Windows HostProcess containers: `hostProcess` may only be absent or false, in the pod and in every container.

use crate::pss::field::Field;
use crate::pss::setting::boolean;
use crate::pss::{Pod, Version, Violation};

/// Check id.
pub const ID: &str = "windowsHostProcess";

const FIELD: Field =
    Field { control: ID, rule: "host-process-container", path: "securityContext.windowsOptions.hostProcess" };

/// Baseline, from 1.0.
#[must_use]
pub fn check(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    let wrong = |value| (value == Some(true)).then(|| "true".to_owned());
    pod.scopes().filter_map(|scope| FIELD.judge(&scope, boolean, wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    #[test]
    fn pod_and_containers_are_judged_apart() {
        let options =
            |value: &str| format!("{{securityContext: {{windowsOptions: {{hostProcess: {value}}}}}}}");
        let both = format!(
            "{{securityContext: {{windowsOptions: {{hostProcess: true}}}}, containers: [{}, {}, {}, {}]}}",
            options("false"),
            options("true"),
            options("null"),
            options("text")
        );
        assert_eq!(
            found(&both, |pod| check(pod, Version::FIRST)),
            [
                "host-process-container spec.securityContext.windowsOptions.hostProcess",
                "host-process-container spec.containers[1].securityContext.windowsOptions.hostProcess",
                "host-process-container spec.containers[3].securityContext.windowsOptions.hostProcess"
            ]
        );
        assert_eq!(
            found("{securityContext: {windowsOptions: {}}}", |pod| check(pod, Version::FIRST)),
            [""; 0]
        );
    }
}
