//! Kernel parameters: only those that are namespaced and isolated, by their exact name.

use crate::pss::field::{Field, Item};
use crate::pss::setting::{Setting, text};
use crate::pss::violation::shown;
use crate::pss::{Pod, Version, Violation};
use crate::yaml::Value;

/// Check id.
pub const ID: &str = "sysctls";

const FIELD: Field = Field { control: ID, rule: "unsafe-sysctl", path: "securityContext.sysctls" };

/// Those that are allowed at a version.
#[must_use]
pub fn allowed(version: Version) -> Vec<&'static str> {
    let known = ALLOWED.iter().filter(|(_, since)| Version::new(*since) <= version);
    known.map(|(name, _)| *name).collect()
}

/// Minor version from which each is allowed.
const ALLOWED: [(&str, u8); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// Baseline, from 1.0; the list grows at 1.27, 1.29, 1.32 and 1.37. Values are not looked at.
#[must_use]
pub fn check(pod: &Pod<'_>, version: Version) -> Vec<Violation> {
    FIELD.judge_items(&pod.scope(), |sysctl| wrong(sysctl, version))
}

fn wrong(sysctl: Value<'_>, version: Version) -> Option<Item> {
    let name = match text(sysctl, "name") {
        Setting::Is(name) => name,
        Setting::Absent => return Some(Item::wrong("no name")),
        Setting::Malformed(malformed) => return Some(Item::malformed(malformed.wanted).at(malformed.at)),
    };
    let allowed = ALLOWED.iter().any(|(safe, since)| *safe == name && Version::new(*since) <= version);
    (!allowed).then(|| Item::wrong(shown(&name)).at("name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::found;

    fn judged(item: &str, minor: u8) -> Vec<String> {
        let spec = format!("{{securityContext: {{sysctls: [{item}]}}}}");
        found(&spec, |pod| check(pod, Version::new(minor)))
    }

    #[test]
    fn each_is_allowed_from_its_version_on() {
        for (name, since) in ALLOWED {
            let item = format!("{{name: {name}, value: anything}}");
            assert_eq!(judged(&item, since), [""; 0], "{name}");
            if let Some(before) = since.checked_sub(1) {
                let at = "unsafe-sysctl spec.securityContext.sysctls[0].name";
                assert_eq!(judged(&item, before), [at], "{name}");
            }
        }
    }

    #[test]
    fn those_of_a_version_are_listed() {
        assert_eq!(allowed(Version::new(0)).len(), 5);
        assert_eq!(allowed(Version::new(26)).last(), Some(&"net.ipv4.ip_unprivileged_port_start"));
        assert_eq!(allowed(Version::new(27)).last(), Some(&"net.ipv4.ip_local_reserved_ports"));
        assert_eq!(allowed(Version::LATEST).len(), ALLOWED.len());
    }

    #[test]
    fn others_fail() {
        for (item, at) in [
            ("{name: kernel.msgmax}", "[0].name"),
            ("{name: net/ipv4/tcp_syncookies}", "[0].name"),
            ("{name: ''}", "[0].name"),
            ("{name: 1}", "[0].name"),
            ("{value: x}", "[0]"),
            ("null", "[0]"),
            ("text", "[0]"),
        ] {
            let expected = format!("unsafe-sysctl spec.securityContext.sysctls{at}");
            assert_eq!(judged(item, 37), [expected], "{item}");
        }
    }

    #[test]
    fn an_empty_list_passes_and_what_is_no_list_fails() {
        assert_eq!(judged("", 0), [""; 0]);
        let found = found("{securityContext: {sysctls: {name: x}}}", |pod| check(pod, Version::LATEST));
        assert_eq!(found, ["unsafe-sysctl spec.securityContext.sysctls"]);
    }
}
