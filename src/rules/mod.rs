//! The table: one word per rule; its order is the order of reports.

use crate::rule::Rule;

pub mod images;

macro_rules! rules {
    ($($name:ident)*) => {
        $(pub mod $name;)*

        /// Every rule, in the order in which they run and are reported.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    host_network
    privileged_container
    privilege_escalation
    run_as_root
    seccomp_profile_missing
    capabilities_not_dropped
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Whether two rules report what one control of the Pod Security Standards refuses: a level's stricter twin takes the
/// place of the other.
#[must_use]
pub fn share_control(one: &str, other: &str) -> bool {
    const TWINS: &[&[&str]] = &[
        &["dangerous-capability", "capability-not-in-baseline", "capability-not-in-restricted"],
        &["seccomp-unconfined", "seccomp-profile-missing"],
        &["host-path-volume", "volume-type-restricted"],
    ];
    TWINS.iter().any(|twins| twins.contains(&one) && twins.contains(&other))
}
