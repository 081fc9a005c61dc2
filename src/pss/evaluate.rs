//! Which checks run at a level and a version, and what they find together.

use super::controls::{CHECKS, Check};
use super::{Level, Pod, Version, Versions, Violation};

/// What the standards find in a pod at a level and a version, in the order of Kubernetes' own messages. No
/// violation means that the pod is admitted.
///
/// A restricted check may stand in for a baseline check. It does so even where it says nothing: a Windows pod that
/// adds a capability passes restricted from 1.25 and fails baseline. Kubernetes decides the same, and its API
/// refuses such a pod on other grounds.
#[must_use]
pub fn evaluate(pod: &Pod<'_>, level: Level, version: Version) -> Vec<Violation> {
    running(level, version).flat_map(|check| (check.run)(pod, version)).collect()
}

/// What any of several versions finds: the union, each rule once for each place.
#[must_use]
pub fn strictest(pod: &Pod<'_>, level: Level, versions: Versions) -> Vec<Violation> {
    any(pod, versions, |check, version| runs(check, level, version))
}

/// What only those checks find that a level brings in: with [`strictest`] of the level below, all that is wrong at
/// either.
#[must_use]
pub fn strictest_added(pod: &Pod<'_>, level: Level, versions: Versions) -> Vec<Violation> {
    any(pod, versions, |check, version| check.level == level && check.revision(version).is_some())
}

fn any(pod: &Pod<'_>, versions: Versions, runs: impl Fn(Check, Version) -> bool) -> Vec<Violation> {
    let mut found = Vec::new();
    for check in CHECKS {
        let active = versions.iter().filter(|version| runs(check, *version));
        let mut revisions: Vec<Version> = active.filter_map(|version| check.revision(version)).collect();
        revisions.dedup();
        for version in revisions {
            add_new(&mut found, (check.run)(pod, version));
        }
    }
    found
}

/// What one check finds at any of several versions: the union, each rule once for each place.
#[must_use]
pub fn union(versions: Versions, check: impl Fn(Version) -> Vec<Violation>) -> Vec<Violation> {
    let mut found = Vec::new();
    for version in versions.iter() {
        add_new(&mut found, check(version));
    }
    found
}

/// The strictest level that a pod passes at every one of several versions.
#[must_use]
pub fn passed_level(pod: &Pod<'_>, versions: Versions) -> Level {
    let passes = |level| strictest(pod, level, versions).is_empty();
    let strictest_first = [Level::Restricted, Level::Baseline];
    strictest_first.into_iter().find(|level| passes(*level)).unwrap_or(Level::Privileged)
}

fn running(level: Level, version: Version) -> impl Iterator<Item = Check> {
    CHECKS.into_iter().filter(move |check| runs(*check, level, version))
}

fn runs(check: Check, level: Level, version: Version) -> bool {
    let exists = check.level <= level && check.revision(version).is_some();
    exists && !(level == Level::Restricted && is_overridden(check.id, version))
}

fn is_overridden(id: &str, version: Version) -> bool {
    CHECKS.iter().any(|check| check.overrides == Some(id) && check.revision(version).is_some())
}

fn add_new(found: &mut Vec<Violation>, more: Vec<Violation>) {
    for violation in more {
        if !found.iter().any(|it| it.rule == violation.rule && it.route == violation.route) {
            found.push(violation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::with_spec;

    fn controls(spec: &str, level: Level, minor: u8) -> Vec<&'static str> {
        let mut ids = Vec::new();
        with_spec(spec, |pod| {
            ids = evaluate(pod, level, Version::new(minor)).iter().map(|it| it.control).collect();
        });
        ids
    }

    #[test]
    fn restricted_checks_stand_in_for_baseline_checks() {
        let spec = "{securityContext: {seccompProfile: {}}, volumes: [{hostPath: {}}], containers: [{securityContext: \
             {runAsNonRoot: true, allowPrivilegeEscalation: false, procMount: x, capabilities: {add: [BPF], drop: [ALL]}, \
             seccompProfile: {type: Localhost}}}]}";
        assert_eq!(controls(spec, Level::Privileged, 37), [""; 0]);
        for minor in [0, 18] {
            let baseline = ["capabilities_baseline", "hostPathVolumes", "procMount"];
            assert_eq!(controls(spec, Level::Baseline, minor), baseline);
            let restricted = ["capabilities_baseline", "procMount", "restrictedVolumes"];
            assert_eq!(controls(spec, Level::Restricted, minor), restricted);
        }
        assert_eq!(
            controls(spec, Level::Baseline, 19),
            ["capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline"]
        );
        assert_eq!(
            controls(spec, Level::Restricted, 22),
            ["procMount", "capabilities_restricted", "restrictedVolumes", "seccompProfile_restricted"]
        );
        assert_eq!(
            controls(spec, Level::Restricted, 35),
            [
                "capabilities_restricted",
                "procMount_restricted",
                "restrictedVolumes",
                "seccompProfile_restricted"
            ]
        );
    }

    #[test]
    fn a_windows_pod_may_pass_restricted_and_fail_baseline() {
        let spec = "{os: {name: windows}, containers: [{securityContext: {runAsNonRoot: true, capabilities: {add: [BPF]}}}]}";
        assert_eq!(controls(spec, Level::Baseline, 25), ["capabilities_baseline"]);
        assert_eq!(controls(spec, Level::Restricted, 25), [""; 0]);
    }

    #[test]
    fn the_strictest_of_several_versions_names_each_place_once() {
        let spec = "{hostUsers: false, securityContext: {runAsUser: 0, runAsNonRoot: true, seccompProfile: \
             {type: Localhost}, sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}, containers: [{securityContext: \
             {allowPrivilegeEscalation: false, procMount: x, capabilities: {drop: [ALL]}}}]}";
        with_spec(spec, |pod| {
            let rules = |versions: Versions| -> Vec<_> {
                strictest(pod, Level::Restricted, versions).iter().map(|it| it.rule).collect()
            };
            assert_eq!(
                rules(Versions::UNNAMED),
                ["proc-mount-unmasked", "unsafe-sysctl", "explicit-root-user"]
            );
            assert_eq!(rules(Version::LATEST.into()), ["proc-mount-unmasked"]);
            assert_eq!(
                rules(Version::new(34).into()),
                ["proc-mount-unmasked", "unsafe-sysctl", "explicit-root-user"]
            );
            assert_eq!(passed_level(pod, Version::LATEST.into()), Level::Baseline);
            assert_eq!(passed_level(pod, Versions::UNNAMED), Level::Privileged);
        });
        with_spec("{containers: []}", |pod| {
            assert_eq!(passed_level(pod, Versions::UNNAMED), Level::Restricted)
        });
    }

    #[test]
    fn what_a_level_adds_is_not_what_the_one_below_finds() {
        let spec = "{hostNetwork: true, hostPID: true, containers: [{securityContext: {privileged: true}}]}";
        with_spec(spec, |pod| {
            let below = strictest(pod, Level::Baseline, Versions::UNNAMED);
            let added = strictest_added(pod, Level::Restricted, Versions::UNNAMED);
            let rules = |found: &[Violation]| found.iter().map(|it| it.rule).collect::<Vec<_>>();
            assert_eq!(rules(&below), ["host-network", "host-pid", "privileged-container"]);
            let expected = [
                "privilege-escalation",
                "capabilities-not-dropped",
                "run-as-root",
                "seccomp-profile-missing",
            ];
            let mut found = rules(&added);
            found.sort_unstable();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected);
        });
    }
}
