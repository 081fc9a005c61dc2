//! Capabilities: baseline allows thirteen to be added, restricted asks to drop all and allows one.

use crate::pss::field::{Field, Item};
use crate::pss::setting::list;
use crate::pss::violation::{shown, spared};
use crate::pss::{Container, Pod, Scope, Version, Violation};
use crate::yaml::Value;

/// Check id of the baseline check.
pub const BASELINE: &str = "capabilities_baseline";
/// Check id of the restricted check.
pub const RESTRICTED: &str = "capabilities_restricted";

/// What baseline lets a container add, in upper case and without `CAP_`.
pub const ALLOWED_BY_BASELINE: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// What restricted lets a container add.
pub const ALLOWED_BY_RESTRICTED: &str = "NET_BIND_SERVICE";
/// Close to root on the node.
pub const DANGEROUS: [&str; 12] = [
    "ALL",
    "SYS_ADMIN",
    "NET_ADMIN",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "DAC_READ_SEARCH",
    "BPF",
    "PERFMON",
    "SYS_BOOT",
    "MAC_ADMIN",
    "CHECKPOINT_RESTORE",
];

const ADD: &str = "securityContext.capabilities.add";
const DROP: &str = "securityContext.capabilities.drop";

/// Baseline, from 1.0. `drop` is not looked at.
#[must_use]
pub fn baseline(pod: &Pod<'_>, _: Version) -> Vec<Violation> {
    pod.containers().flat_map(|it| added(it, BASELINE, |name| ALLOWED_BY_BASELINE.contains(&name))).collect()
}

/// Restricted, from 1.22; Windows pods are spared from 1.25.
#[must_use]
pub fn restricted(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    if version < Version::new(22) {
        return Vec::new();
    }
    let judge = |container: Container<'_>| {
        let kept = not_dropped(container);
        let mut found: Vec<_> = kept
            .into_iter()
            .chain(added(container, RESTRICTED, |name| name == ALLOWED_BY_RESTRICTED))
            .collect();
        // Something in the way of both lists is one violation.
        found.dedup_by(|one, other| one.route == other.route);
        found
    };
    let found = pod.containers().flat_map(judge).collect();
    if pod.is_windows(version) { spared(found) } else { found }
}

fn added<'a>(container: Container<'a>, control: &'static str, allowed: fn(&str) -> bool) -> Vec<Violation> {
    let field = Field { control, rule: "capability-not-in-baseline", path: ADD };
    field.judge_items(&Scope::Container(container), |item: Value<'a>| {
        if item.is_null() {
            return Some(Item::wrong("no name"));
        }
        let Some(name) = item.as_str() else { return Some(Item::malformed("a string")) };
        (!allowed(&name)).then(|| Item::wrong(shown(&name)).reported_by(rule(&name)))
    })
}

/// The rule that reports an added capability: the same defect has the same name at each level.
fn rule(name: &str) -> &'static str {
    // Runtimes take the name in any case and with the prefix, so it is as dangerous that way.
    let upper = name.to_ascii_uppercase();
    let bare = upper.strip_prefix("CAP_").unwrap_or(&upper);
    if DANGEROUS.contains(&bare) {
        "dangerous-capability"
    } else if ALLOWED_BY_BASELINE.contains(&name) {
        "capability-not-in-restricted"
    } else {
        "capability-not-in-baseline"
    }
}

fn not_dropped(container: Container<'_>) -> Option<Violation> {
    let field = Field { control: RESTRICTED, rule: "capabilities-not-dropped", path: DROP };
    field.judge(&Scope::Container(container), list, |dropped| {
        let all =
            dropped.is_some_and(|it| it.items().any(|item| item.as_str().is_some_and(|name| name == "ALL")));
        (!all).then(|| "ALL is not dropped".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    fn judged(capabilities: &str, check: fn(&Pod<'_>, Version) -> Vec<Violation>, minor: u8) -> Vec<String> {
        let spec = format!("{{containers: [{{securityContext: {{capabilities: {capabilities}}}}}]}}");
        let found = found(&spec, |pod| check(pod, Version::new(minor)));
        let prefix = " spec.containers[0].securityContext.capabilities";
        found.into_iter().map(|it| it.replace(prefix, " ")).collect()
    }

    #[test]
    fn baseline_allows_thirteen_by_their_exact_names() {
        for name in ALLOWED_BY_BASELINE {
            assert_eq!(judged(&format!("{{add: [{name}]}}"), baseline, 0), [""; 0], "{name}");
        }
        for name in DANGEROUS {
            let found = judged(&format!("{{add: [KILL, {name}]}}"), baseline, 0);
            assert_eq!(found, ["dangerous-capability  .add[1]".replace("  ", " ")], "{name}");
        }
        for (item, rule) in [
            ("NET_RAW", "capability-not-in-baseline"),
            ("CAP_CHOWN", "capability-not-in-baseline"),
            ("chown", "capability-not-in-baseline"),
            ("''", "capability-not-in-baseline"),
            ("null", "capability-not-in-baseline"),
            ("1", "capability-not-in-baseline"),
            ("CAP_SYS_ADMIN", "dangerous-capability"),
            ("sys_admin", "dangerous-capability"),
        ] {
            let found = judged(&format!("{{add: [{item}]}}"), baseline, 37);
            assert_eq!(found, [format!("{rule} .add[0]")], "{item}");
        }
    }

    #[test]
    fn baseline_does_not_look_at_drop() {
        for capabilities in ["null", "{}", "{drop: []}", "{drop: [SYS_ADMIN]}", "{add: null}", "{add: []}"] {
            assert_eq!(judged(capabilities, baseline, 0), [""; 0], "{capabilities}");
        }
        assert_eq!(judged("{add: SYS_ADMIN}", baseline, 0), ["capability-not-in-baseline .add"]);
        assert_eq!(judged("text", baseline, 0), ["capability-not-in-baseline "]);
    }

    #[test]
    fn restricted_wants_all_dropped_and_one_added_at_most() {
        for (capabilities, expected) in [
            ("{drop: [ALL]}", vec![]),
            ("{drop: [KILL, ALL], add: [NET_BIND_SERVICE]}", vec![]),
            ("null", vec!["capabilities-not-dropped .drop"]),
            ("{}", vec!["capabilities-not-dropped .drop"]),
            ("{drop: [all]}", vec!["capabilities-not-dropped .drop"]),
            ("{drop: [CAP_ALL, null, 1]}", vec!["capabilities-not-dropped .drop"]),
            ("{drop: ALL}", vec!["capabilities-not-dropped .drop"]),
            ("{drop: [ALL], add: [CHOWN]}", vec!["capability-not-in-restricted .add[0]"]),
            (
                "{drop: [ALL], add: [NET_RAW, BPF]}",
                vec!["capability-not-in-baseline .add[0]", "dangerous-capability .add[1]"],
            ),
            ("{add: [ALL]}", vec!["capabilities-not-dropped .drop", "dangerous-capability .add[0]"]),
            ("text", vec!["capabilities-not-dropped "]),
        ] {
            assert_eq!(judged(capabilities, restricted, 22), expected, "{capabilities}");
            assert_eq!(judged(capabilities, restricted, 21), [""; 0], "{capabilities}");
        }
    }

    #[test]
    fn windows_is_spared_by_restricted_from_1_25() {
        let spec = "{os: {name: windows}, containers: [{securityContext: {capabilities: {add: [BPF]}}}]}";
        assert_eq!(found(spec, |pod| restricted(pod, Version::new(24))).len(), 2);
        assert_eq!(found(spec, |pod| restricted(pod, Version::new(25))), [""; 0]);
        let wrong_type =
            "{os: {name: windows}, containers: [{securityContext: {capabilities: {drop: ALL}}}]}";
        assert_eq!(found(wrong_type, |pod| restricted(pod, Version::new(25))).len(), 1);
        assert_eq!(found(spec, |pod| baseline(pod, Version::new(25))).len(), 1);
    }
}
