//! `pdb-blocks-unhealthy-eviction`.

use super::quorum;
use crate::k8s::{Object, Release, Workload};
use crate::rule::{Findings, set};

crate::rule! {
    /// Pods that are broken already may block a drain for ever.
    ///
    /// # Why
    /// Under `IfHealthyBudget`, the default, a pod that never becomes ready counts against the budget, and
    /// the node it is on cannot be emptied until somebody deletes the pod.
    ///
    /// # Fix
    /// Safe, from Kubernetes 1.27, where the pods are in the release and none of their images is known to run
    /// in a quorum: `unhealthyPodEvictionPolicy: AlwaysAllow`. In a quorum a member that is only catching up
    /// would be evicted too, so that needs consent, as do pods that some controller makes out of sight. A
    /// policy that the chart names is left alone.
    "pdb-blocks-unhealthy-eviction", Safe, [off, low, low],
    standards: [],
    peers: ["KubeLinter pdb-unhealthy-pod-eviction-policy"],
    Object => check
}

fn check(release: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let too_old = findings.policy().target.is_some_and(|target| target.minor() < 27);
    if too_old || !object.is("policy", "PodDisruptionBudget") {
        return;
    }
    if findings.will_be(&object.at("apiVersion")).is_none_or(|it| it != "policy/v1") {
        return;
    }
    let place = object.at("spec.unhealthyPodEvictionPolicy");
    match place.near.as_str().filter(|_| object.value.path("spec.unhealthyPodEvictionPolicy").is_some()) {
        Some(policy) if policy == "AlwaysAllow" => {}
        Some(_) => {
            let found = place.wrong("asks for unhealthyPodEvictionPolicy: IfHealthyBudget");
            findings.add(found.help("allow it, or change the chart"));
        }
        None => {
            let mut workloads = release.workloads_under(object).peekable();
            let seen = workloads.peek().is_some();
            let edit = set(place.route.clone(), "AlwaysAllow");
            let found = place.wrong("broken pods can block a drain");
            findings.add(found.safe_if(seen && !workloads.any(votes), [edit]));
        }
    }
}

fn votes(workload: &Workload<'_>) -> bool {
    workload.containers().any(|container| quorum::votes(&container.image()))
}
