//! AppArmor switched off: profile types by field, in pod and containers, and by the annotations of older versions.

use std::borrow::Cow;

use crate::pss::field::Field;
use crate::pss::setting::{map, text};
use crate::pss::violation::{annotation, shown};
use crate::pss::{Pod, Scope, Version, Violation};
use crate::yaml::{Scalar, Value};

/// Check id.
pub const ID: &str = "appArmorProfile";

/// What the key of an annotation that names a container's profile starts with.
pub const ANNOTATION_PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";

const RULE: &str = "apparmor-not-enforced";
const PROFILE: &str = "securityContext.appArmorProfile";
const TYPE: Field = Field { control: ID, rule: RULE, path: "securityContext.appArmorProfile.type" };

/// Baseline, from 1.0. Annotations count in every version, also for containers that do not exist.
#[must_use]
pub fn check(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    pod.scopes().filter_map(|scope| judge(&scope)).chain(annotations(pod)).collect()
}

fn judge(scope: &Scope<'_>) -> Option<Violation> {
    // A profile without a type is refused, so an empty one differs from none.
    let given = !scope.read(PROFILE, map).is_absent();
    TYPE.judge(scope, text, |kind: Option<Cow<'_, str>>| match kind.as_deref() {
        Some("RuntimeDefault" | "Localhost") => None,
        Some(other) => Some(shown(other)),
        None => given.then(|| "a profile without a type".to_owned()),
    })
}

fn annotations(pod: &Pod<'_>) -> Vec<Violation> {
    let Some(annotations) = pod.annotations else { return Vec::new() };
    if !annotations.is_map() {
        return vec![annotation(ID, RULE, None, "not a map").refused_by_decoder()];
    }
    let ours = annotations.entries().into_iter().filter(|(key, _)| key.starts_with(ANNOTATION_PREFIX));
    ours.filter_map(|(key, value)| judge_annotation(&key, value)).collect()
}

fn judge_annotation(key: &str, value: Value<'_>) -> Option<Violation> {
    match value.scalar() {
        Some(Scalar::Null) => None,
        Some(Scalar::Str(it)) if it.is_empty() || it == "runtime/default" || it.starts_with("localhost/") => {
            None
        }
        Some(Scalar::Str(it)) => Some(annotation(ID, RULE, Some(key), shown(&it))),
        _ => Some(annotation(ID, RULE, Some(key), "not a string").refused_by_decoder()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::{found, found_in};

    #[test]
    fn types_in_pod_and_containers() {
        for (profile, at) in [
            ("null", None),
            ("{type: RuntimeDefault}", None),
            ("{type: Localhost, localhostProfile: x}", None),
            ("{type: Unconfined}", Some("appArmorProfile.type")),
            ("{type: runtime/default}", Some("appArmorProfile.type")),
            ("{type: ''}", Some("appArmorProfile.type")),
            ("{type: null}", Some("appArmorProfile.type")),
            ("{}", Some("appArmorProfile.type")),
            ("{type: 1}", Some("appArmorProfile.type")),
            ("text", Some("appArmorProfile")),
        ] {
            let spec = format!(
                "{{securityContext: {{appArmorProfile: {profile}}}, \
                 ephemeralContainers: [{{securityContext: {{appArmorProfile: {profile}}}}}]}}"
            );
            let places = ["spec.securityContext", "spec.ephemeralContainers[0].securityContext"];
            let expected = |at| places.map(|place| format!("apparmor-not-enforced {place}.{at}")).to_vec();
            let expected = at.map_or(Vec::new(), expected);
            assert_eq!(found(&spec, |pod| check(pod, Version::FIRST)), expected, "{profile}");
        }
    }

    #[test]
    fn annotations_count_in_every_version_and_for_any_container() {
        for (value, fails) in [
            ("runtime/default", false),
            ("localhost/x", false),
            ("localhost/", false),
            ("''", false),
            ("null", false),
            ("unconfined", true),
            ("runtime/default2", true),
            ("localhost", true),
            ("docker/default", true),
            ("true", true),
        ] {
            let template = format!(
                "{{metadata: {{annotations: {{other/x: unconfined, {ANNOTATION_PREFIX}gone: {value}}}}}, spec: {{}}}}"
            );
            let at = format!("apparmor-not-enforced metadata.annotations[\"{ANNOTATION_PREFIX}gone\"]");
            let expected = if fails { vec![at] } else { vec![] };
            for version in [Version::FIRST, Version::LATEST] {
                assert_eq!(found_in(&template, |pod| check(pod, version)), expected, "{value}");
            }
        }
        let found = found_in("{metadata: {annotations: text}, spec: {}}", |pod| check(pod, Version::FIRST));
        assert_eq!(found, ["apparmor-not-enforced metadata.annotations"]);
    }
}
