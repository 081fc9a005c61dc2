//! SELinux options of one's own: `type` from a short list, `user` and `role` empty, `level` free.

use std::borrow::Cow;

use crate::pss::field::Field;
use crate::pss::setting::text;
use crate::pss::violation::shown;
use crate::pss::{Pod, Scope, Version, Violation};

/// Check id.
pub const ID: &str = "seLinuxOptions";

/// The types allowed beside an empty one.
const TYPES: [&str; 3] = ["container_t", "container_init_t", "container_kvm_t"];
/// Allowed from 1.31.
const ENGINE: &str = "container_engine_t";

const fn field(path: &'static str) -> Field {
    Field { control: ID, rule: "selinux-options-custom", path }
}

const TYPE: Field = field("securityContext.seLinuxOptions.type");
const SET: [Field; 2] =
    [field("securityContext.seLinuxOptions.user"), field("securityContext.seLinuxOptions.role")];

/// Baseline, from 1.0; one more type is allowed from 1.31.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    let allowed = move |name: &str| TYPES.contains(&name) || (name == ENGINE && version >= Version::new(31));
    let judge = |scope: Scope<'_>| {
        let kind =
            TYPE.judge(&scope, text, |value| not_empty(value).filter(|it| !allowed(it)).map(|it| shown(&it)));
        let set =
            SET.iter().map(|field| field.judge(&scope, text, |value| not_empty(value).map(|it| shown(&it))));
        let mut found: Vec<_> = kind.into_iter().chain(set.flatten()).collect();
        // Something in the way of all three is one violation.
        found.dedup_by(|one, other| one.route == other.route);
        found
    };
    pod.scopes().flat_map(judge).collect()
}

fn not_empty(value: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    value.filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    fn judged(options: &str, minor: u8) -> Vec<String> {
        let spec = format!("{{containers: [{{securityContext: {{seLinuxOptions: {options}}}}}]}}");
        let found = found(&spec, |pod| check(pod, Version::new(minor)));
        let prefix = "selinux-options-custom spec.containers[0].securityContext.seLinuxOptions";
        found.into_iter().map(|it| it.replace(prefix, "")).collect()
    }

    #[test]
    fn types_users_and_roles() {
        for (options, expected) in [
            ("null", vec![]),
            ("{}", vec![]),
            ("{level: 's0:c1,c2'}", vec![]),
            ("{type: '', user: '', role: ''}", vec![]),
            ("{type: container_t}", vec![]),
            ("{type: container_init_t}", vec![]),
            ("{type: container_kvm_t}", vec![]),
            ("{type: spc_t}", vec![".type"]),
            ("{type: Container_t}", vec![".type"]),
            ("{user: u, role: r, type: t}", vec![".type", ".user", ".role"]),
            ("{user: 1, role: []}", vec![".user", ".role"]),
            ("text", vec![""]),
        ] {
            assert_eq!(judged(options, 0), expected, "{options}");
        }
    }

    #[test]
    fn the_engine_type_is_allowed_from_1_31() {
        assert_eq!(judged("{type: container_engine_t}", 30), [".type"]);
        assert_eq!(judged("{type: container_engine_t}", 31), [""; 0]);
    }

    #[test]
    fn pod_and_containers_are_judged_apart() {
        let spec = "{securityContext: {seLinuxOptions: {user: x}}, initContainers: [{securityContext: \
             {seLinuxOptions: {type: spc_t}}}]}";
        assert_eq!(
            found(spec, |pod| check(pod, Version::LATEST)),
            [
                "selinux-options-custom spec.securityContext.seLinuxOptions.user",
                "selinux-options-custom spec.initContainers[0].securityContext.seLinuxOptions.type"
            ]
        );
    }
}
