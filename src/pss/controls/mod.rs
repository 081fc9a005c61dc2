//! The checks, one file per field or tight family, and the table that says when each runs.
//!
//! A check is a pure function from a pod and a version to its violations. It is empty below its first version, so
//! that a rule can ask it directly; which checks run at a level, and which stand in for others, is
//! [`super::evaluate()`]'s business.

pub mod allow_privilege_escalation;
pub mod app_armor_profile;
pub mod capabilities;
pub mod host_namespaces;
pub mod host_ports;
pub mod privileged;
pub mod probe_hosts;
pub mod proc_mount;
pub mod run_as_non_root;
pub mod run_as_user;
pub mod se_linux_options;
pub mod seccomp_profile;
pub mod sysctls;
pub mod volumes;
pub mod windows_host_process;

use super::{Level, Pod, Version, Violation};

/// A check, and when it runs.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its id in the Pod Security Standards.
    pub id: &'static str,
    /// The level that brings it in.
    pub level: Level,
    /// The minor versions at which what it decides changes; the first is the one that brings it in.
    pub revisions: &'static [u8],
    /// The baseline check that does not run where this one does.
    pub overrides: Option<&'static str>,
    /// Decides.
    pub run: fn(&Pod<'_>, Version) -> Vec<Violation>,
}

impl Check {
    /// The newest revision not above a version; `None` before the first.
    #[must_use]
    pub fn revision(&self, version: Version) -> Option<Version> {
        let known = self.revisions.iter().rev().copied().map(Version::new);
        known.into_iter().find(|revision| *revision <= version)
    }
}

const fn baseline(id: &'static str, revisions: &'static [u8], run: Run) -> Check {
    Check { id, level: Level::Baseline, revisions, overrides: None, run }
}

const fn restricted(id: &'static str, revisions: &'static [u8], run: Run) -> Check {
    Check { id, level: Level::Restricted, revisions, overrides: None, run }
}

impl Check {
    const fn instead_of(mut self, id: &'static str) -> Self {
        self.overrides = Some(id);
        self
    }
}

type Run = fn(&Pod<'_>, Version) -> Vec<Violation>;

/// All checks in the order of findings: baseline first, then restricted, each sorted by id.
pub const CHECKS: [Check; 19] = [
    baseline(app_armor_profile::ID, &[0], app_armor_profile::check),
    baseline(capabilities::BASELINE, &[0], capabilities::baseline),
    baseline(host_namespaces::ID, &[0], host_namespaces::check),
    baseline(volumes::HOST_PATH, &[0], volumes::host_path),
    baseline(host_ports::ID, &[0], host_ports::check),
    baseline(probe_hosts::ID, &[34], probe_hosts::check),
    baseline(privileged::ID, &[0], privileged::check),
    baseline(proc_mount::BASELINE, &[0, 35], proc_mount::baseline),
    baseline(se_linux_options::ID, &[0, 31], se_linux_options::check),
    baseline(seccomp_profile::BASELINE, &[0, 19], seccomp_profile::baseline),
    baseline(sysctls::ID, &[0, 27, 29, 32, 37], sysctls::check),
    baseline(windows_host_process::ID, &[0], windows_host_process::check),
    restricted(allow_privilege_escalation::ID, &[8, 25], allow_privilege_escalation::check),
    restricted(capabilities::RESTRICTED, &[22, 25], capabilities::restricted)
        .instead_of(capabilities::BASELINE),
    restricted(proc_mount::RESTRICTED, &[35], proc_mount::restricted).instead_of(proc_mount::BASELINE),
    restricted(volumes::RESTRICTED, &[0], volumes::restricted).instead_of(volumes::HOST_PATH),
    restricted(run_as_non_root::ID, &[0, 35], run_as_non_root::check),
    restricted(run_as_user::ID, &[23, 35], run_as_user::check),
    restricted(seccomp_profile::RESTRICTED, &[19, 25], seccomp_profile::restricted)
        .instead_of(seccomp_profile::BASELINE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_overrides_exist() {
        let order: Vec<_> = CHECKS.iter().map(|check| (check.level, check.id)).collect();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(order, sorted);
        for check in CHECKS {
            assert!(check.revisions.is_sorted_by(|a, b| a < b), "{}", check.id);
            if let Some(id) = check.overrides {
                assert_eq!(check.level, Level::Restricted);
                assert!(CHECKS.iter().any(|it| it.id == id && it.level == Level::Baseline), "{id}");
            }
        }
    }

    #[test]
    fn a_check_is_silent_before_its_first_version_and_speaks_from_it_on() {
        let everything_wrong = "{metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}, \
             spec: {hostPID: true, securityContext: {sysctls: [{name: x}]}, volumes: [{hostPath: {}}], \
             containers: [{ports: [{hostPort: 1}], livenessProbe: {httpGet: {host: x}}, securityContext: \
             {privileged: true, capabilities: {add: [BPF]}, procMount: Unmasked, seLinuxOptions: {user: x}, runAsUser: 0, \
             appArmorProfile: {}, seccompProfile: {}, windowsOptions: {hostProcess: true}}}]}}";
        crate::pss::testing::with_pod(everything_wrong, |pod| {
            for check in CHECKS {
                let first = check.revisions[0];
                assert_ne!((check.run)(pod, Version::new(first)), [], "{}", check.id);
                assert!((check.run)(pod, Version::new(first)).iter().all(|it| it.control == check.id));
                if let Some(before) = first.checked_sub(1) {
                    assert_eq!((check.run)(pod, Version::new(before)), [], "{}", check.id);
                }
            }
        });
    }
}
