//! Which objects and findings of a release a match is about.

use super::Match;
use crate::finding::Finding;
use crate::k8s::{Object, Release};

impl Match {
    /// Whether it picks an object, or one of its containers where it is about containers.
    #[must_use]
    pub fn picks(&self, release: &Release<'_>, object: &Object<'_>) -> bool {
        let workloads = release.workloads_of(object);
        if workloads.is_empty() {
            return !self.is_about_containers() && self.object(object, None);
        }
        workloads.iter().any(|workload| {
            let part = || workload.parts.iter().any(|part| self.part(part));
            self.object(object, Some(workload)) && (!self.is_about_containers() || part())
        })
    }

    /// Whether it picks what a finding is about.
    #[must_use]
    pub fn is_about(&self, release: &Release<'_>, finding: &Finding) -> bool {
        let object = &release.objects[finding.object];
        let part = || {
            let mut parts = release.workloads_of(object).iter().flat_map(|workload| &workload.parts);
            parts.any(|part| finding.route.starts_with(&part.route) && self.part(part))
        };
        self.picks(release, object) && (!self.is_about_containers() || part())
    }
}
