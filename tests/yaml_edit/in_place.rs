//! Odd documents that are edited in place: every other byte is kept.

use serde_json::json;

use crate::model::{check, is_subsequence, set};

/// Two keys for the first container's security context and one for the pod.
fn harden() -> Vec<hardtack::yaml::Edit> {
    vec![
        set("spec.containers.0.securityContext.privileged", json!(false)),
        set("spec.containers.0.securityContext.runAsNonRoot", json!(true)),
        set("spec.automountServiceAccountToken", json!(false)),
    ]
}

#[track_caller]
fn case(input: &str, expected: &str) {
    let output = check(input, &harden());
    assert_eq!(output, expected, "from {input:?}");
    let kept = input.replace(" ~", "").replace(" null", "").replace("{ }", "{}").replace("{}", "");
    assert!(is_subsequence(kept.trim_end(), &output), "{input:?} is kept in {output:?}");
}
