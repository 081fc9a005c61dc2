//! Seccomp: baseline refuses to switch it off, restricted asks for a profile.

use std::borrow::Cow;

use crate::pss::field::Field;
use crate::pss::setting::{map, text};
use crate::pss::violation::{annotation, shown, spared};
use crate::pss::{Container, Pod, Scope, Version, Violation};
use crate::yaml::{Scalar, Value};

/// Check id of the baseline check.
pub const BASELINE: &str = "seccompProfile_baseline";
/// Check id of the restricted check.
pub const RESTRICTED: &str = "seccompProfile_restricted";
/// The annotation that named the pod's profile before 1.19.
pub const POD_ANNOTATION: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// What the key of an annotation that named a container's profile before 1.19 starts with.
pub const CONTAINER_ANNOTATION_PREFIX: &str = "container.seccomp.security.alpha.kubernetes.io/";

const UNCONFINED: &str = "seccomp-unconfined";
const MISSING: &str = "seccomp-profile-missing";
const PROFILE: &str = "securityContext.seccompProfile";
const TYPE: &str = "securityContext.seccompProfile.type";

/// Baseline, from 1.0: the annotations alone below 1.19, the fields alone from then on.
#[must_use]
pub fn baseline(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(19) {
        return annotations(pod);
    }
    pod.scopes().filter_map(|scope| switched_off(&scope, BASELINE)).collect()
}

/// Restricted, from 1.19; Windows pods are spared from 1.25.
#[must_use]
pub fn restricted(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(19) {
        return Vec::new();
    }
    let of_pod = switched_off(&pod.scope(), RESTRICTED);
    let inherited = of_pod.is_none() && !pod.scope().read(PROFILE, map).is_absent();
    let of_container = |container: Container<'_>| {
        let scope = Scope::Container(container);
        let absent = scope.read(PROFILE, map).is_absent();
        if absent && !inherited {
            return Some(Violation::at(
                RESTRICTED,
                MISSING,
                &scope,
                PROFILE,
                "not set, and no good one in the pod",
            ));
        }
        switched_off(&scope, RESTRICTED)
    };
    let found = of_pod.into_iter().chain(pod.containers().filter_map(of_container)).collect();
    if pod.is_windows(version) { spared(found) } else { found }
}

/// A profile that is there and is not a good one; one without a type is not.
fn switched_off(scope: &Scope<'_>, control: &'static str) -> Option<Violation> {
    let given = !scope.read(PROFILE, map).is_absent();
    let field = Field { control, rule: UNCONFINED, path: TYPE };
    field.judge(scope, text, |kind: Option<Cow<'_, str>>| match kind.as_deref() {
        Some("RuntimeDefault" | "Localhost") => None,
        Some(other) => Some(shown(other)),
        None => given.then(|| "a profile without a type".to_owned()),
    })
}

fn annotations(pod: &Pod<'_>) -> Vec<Violation> {
    let Some(annotations) = pod.annotations else { return Vec::new() };
    if !annotations.is_map() {
        return vec![annotation(BASELINE, UNCONFINED, None, "not a map").refused_by_decoder()];
    }
    let names = pod.containers().map(|it| format!("{CONTAINER_ANNOTATION_PREFIX}{}", it.name()));
    let mut keys: Vec<String> = Vec::new();
    for key in std::iter::once(POD_ANNOTATION.to_owned()).chain(names) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.iter().filter_map(|key| judge_annotation(key, annotations.entry(key)?)).collect()
}

/// Null becomes an empty text in Kubernetes, which is no good profile.
fn judge_annotation(key: &str, value: Value<'_>) -> Option<Violation> {
    let good = |it: &str| it == "runtime/default" || it == "docker/default" || it.starts_with("localhost/");
    match value.scalar() {
        Some(Scalar::Str(it)) if good(&it) => None,
        Some(Scalar::Str(it)) => Some(annotation(BASELINE, UNCONFINED, Some(key), shown(&it))),
        Some(Scalar::Null) => Some(annotation(BASELINE, UNCONFINED, Some(key), "empty")),
        _ => Some(annotation(BASELINE, UNCONFINED, Some(key), "not a string").refused_by_decoder()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::{found, found_in};

    fn judged(
        pod: &str,
        container: &str,
        check: fn(&Pod<'_>, Version) -> Vec<Violation>,
        minor: u8,
    ) -> Vec<String> {
        let spec = format!(
            "{{securityContext: {{seccompProfile: {pod}}}, \
             containers: [{{name: a, securityContext: {{seccompProfile: {container}}}}}]}}"
        );
        found(&spec, |pod| check(pod, Version::new(minor)))
    }

    const GOOD: &str = "{type: RuntimeDefault}";
    const OFF: &str = "{type: Unconfined}";
    const POD: &str = "seccomp-unconfined spec.securityContext.seccompProfile.type";
    const CONTAINER: &str = "seccomp-unconfined spec.containers[0].securityContext.seccompProfile.type";
    const ABSENT: &str = "seccomp-profile-missing spec.containers[0].securityContext.seccompProfile";

    #[test]
    fn fields_from_1_19() {
        for (pod, container, of_baseline, of_restricted) in [
            ("null", "null", vec![], vec![ABSENT]),
            (GOOD, "null", vec![], vec![]),
            ("null", GOOD, vec![], vec![]),
            ("{type: Localhost}", "{type: Localhost}", vec![], vec![]),
            (OFF, GOOD, vec![POD], vec![POD]),
            (GOOD, OFF, vec![CONTAINER], vec![CONTAINER]),
            (OFF, "null", vec![POD], vec![POD, ABSENT]),
            ("{}", "null", vec![POD], vec![POD, ABSENT]),
            (GOOD, "{}", vec![CONTAINER], vec![CONTAINER]),
            (GOOD, "{type: null}", vec![CONTAINER], vec![CONTAINER]),
            (GOOD, "{type: runtime/default}", vec![CONTAINER], vec![CONTAINER]),
            (GOOD, "{type: 1}", vec![CONTAINER], vec![CONTAINER]),
        ] {
            for minor in [19, 24, 25, 37] {
                assert_eq!(judged(pod, container, baseline, minor), of_baseline, "{pod} {container}");
                assert_eq!(judged(pod, container, restricted, minor), of_restricted, "{pod} {container}");
            }
            assert_eq!(judged(pod, container, baseline, 18), [""; 0], "{pod} {container}");
            assert_eq!(judged(pod, container, restricted, 18), [""; 0], "{pod} {container}");
        }
    }

    #[test]
    fn wrong_types_fail() {
        assert_eq!(
            judged("text", GOOD, restricted, 19),
            ["seccomp-unconfined spec.securityContext.seccompProfile"]
        );
        let at = "seccomp-unconfined spec.containers[0].securityContext.seccompProfile";
        assert_eq!(judged(GOOD, "[]", restricted, 19), [at]);
        let found = found("{containers: [{securityContext: text}]}", |pod| restricted(pod, Version::LATEST));
        assert_eq!(found, ["seccomp-unconfined spec.containers[0].securityContext"]);
    }

    #[test]
    fn windows_is_spared_by_restricted_from_1_25() {
        let spec = "{os: {name: windows}, containers: [{}]}";
        assert_eq!(found(spec, |pod| restricted(pod, Version::new(24))), [ABSENT]);
        assert_eq!(found(spec, |pod| restricted(pod, Version::new(25))), [""; 0]);
        let wrong_type = "{os: {name: windows}, containers: [text]}";
        let at = "seccomp-unconfined spec.containers[0]";
        assert_eq!(found(wrong_type, |pod| restricted(pod, Version::new(25))), [at]);
    }

    #[test]
    fn annotations_below_1_19_for_containers_that_exist() {
        for (value, fails) in [
            ("runtime/default", false),
            ("docker/default", false),
            ("localhost/x", false),
            ("unconfined", true),
            ("''", true),
            ("null", true),
            ("1", true),
        ] {
            for (key, exists) in [
                (POD_ANNOTATION.to_owned(), true),
                (format!("{CONTAINER_ANNOTATION_PREFIX}a"), true),
                (format!("{CONTAINER_ANNOTATION_PREFIX}b"), false),
            ] {
                let template = format!(
                    "{{metadata: {{annotations: {{{key}: {value}}}}}, \
                     spec: {{containers: [{{name: a}}], initContainers: [{{name: a}}]}}}}"
                );
                let at = format!("seccomp-unconfined metadata.annotations[\"{key}\"]");
                let expected = if fails && exists { vec![at] } else { vec![] };
                assert_eq!(
                    found_in(&template, |pod| baseline(pod, Version::new(18))),
                    expected,
                    "{key} {value}"
                );
                assert_eq!(
                    found_in(&template, |pod| baseline(pod, Version::new(19))),
                    [""; 0],
                    "{key} {value}"
                );
            }
        }
        let found = found_in("{metadata: [], spec: {}}", |pod| baseline(pod, Version::FIRST));
        assert_eq!(found, ["seccomp-unconfined metadata.annotations"]);
    }

    #[test]
    fn an_annotation_that_is_null_is_an_empty_text_and_no_wrong_type() {
        let template = |value: &str| {
            format!("{{metadata: {{annotations: {{{POD_ANNOTATION}: {value}}}}}, spec: {{containers: []}}}}")
        };
        for (value, malformed) in [("null", false), ("''", false), ("1", true), ("[]", true)] {
            crate::pss::testing::with_pod(&template(value), |pod| {
                let found = annotations(pod);
                assert_eq!(found.iter().map(|it| it.malformed).collect::<Vec<_>>(), [malformed], "{value}");
            });
        }
    }
}
