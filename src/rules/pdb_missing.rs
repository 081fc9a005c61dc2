//! `pdb-missing`.

use super::replicated::{replicated, selector};
use crate::k8s::{Object, Release, Workload};
use crate::policy::Policy;
use crate::rule::Findings;
use crate::yaml::Data;

crate::rule! {
    /// The workload runs more than once and has no disruption budget.
    ///
    /// # Why
    /// Draining nodes for an upgrade may take all its pods at the same time.
    ///
    /// # Fix
    /// With consent, a `PodDisruptionBudget` named after the workload is added, with the workload's own
    /// selector, `maxUnavailable: 1`, and `unhealthyPodEvictionPolicy: AlwaysAllow` from Kubernetes 1.27.
    /// Only where the replicas, or the autoscaler's minimum, are at least 2: on one pod a budget would block
    /// every drain. A budget for the same pods in another release would make evictions fail.
    "pdb-missing", Consent, [off, low, medium],
    standards: ["REQ"],
    peers: ["Kyverno require-pdb", "Kyverno create-default-pdb", "Polaris missingPodDisruptionBudget",
        "kube-score deployment-has-poddisruptionbudget", "kube-score statefulset-has-poddisruptionbudget"],
    Workload => check
}

fn check(release: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let Some(object) = replicated(release, workload) else { return };
    if release.budgets_of(workload).next().is_some() {
        return;
    }
    let found = object.at("spec").wrong("runs more than once and has no PodDisruptionBudget");
    let name = name_for(&object.id.name);
    if release.has_budget(release.namespace_of(workload), &name) {
        findings.add(
            found.help(format!(
                "PodDisruptionBudget/{name} exists and selects other pods: check its selector"
            )),
        );
    } else {
        findings.add(found.adds(budget(object, &name, findings.policy())));
    }
}

fn budget(object: &Object<'_>, name: &str, policy: &Policy) -> Data {
    let mut metadata = serde_json::json!({"name": name});
    let mut spec = serde_json::json!({"maxUnavailable": 1, "selector": selector(object)});
    if let Some(namespace) = object.value.path("metadata.namespace") {
        metadata["namespace"] = namespace.to_data();
    }
    if policy.target.is_none_or(|target| target.minor() >= 27) {
        spec["unhealthyPodEvictionPolicy"] = Data::from("AlwaysAllow");
    }
    serde_json::json!({
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata,
        "spec": spec,
    })
}

/// `<name>-pdb`; a name too long for that is cut and marked with a hash of the whole.
fn name_for(workload: &str) -> String {
    super::mounts::shortened(&format!("{workload}-pdb"), workload)
}
