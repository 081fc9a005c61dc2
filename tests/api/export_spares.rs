//! What the exported policies let pass: exemptions by annotation, and the namespaces of the cluster itself.

use std::collections::BTreeSet;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::export::{compare, enforce, policy, refused, served, verdicts};
use crate::support::cluster::kubeconfig;
use crate::support::tools;

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    vec![
        tools::optional(absent.clone(), "exported_exemptions_by_annotation_hold", exempt_by_annotation),
        tools::optional(absent, "exported_policies_spare_the_clusters_own_namespaces", system_namespaces),
    ]
}

/// A pod, or another object with one, that uses the node's network; annotations of the object and of its template.
fn on_the_nodes_network(kind: &str, name: &str, label: &str, own: &Value, template: &Value) -> Value {
    let pod = "{\"hostNetwork\": true, \"containers\": [{\"name\": \"a\", \"image\": \"i\"}]}";
    let text = match kind {
        "Pod" => format!("{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {pod}}}"),
        "PodTemplate" => {
            format!(
                "{{\"apiVersion\": \"v1\", \"kind\": \"PodTemplate\", \"template\": {{\"spec\": {pod}}}}}"
            )
        }
        "CronJob" => format!(
            "{{\"apiVersion\": \"batch/v1\", \"kind\": \"CronJob\", \"spec\": {{\"jobTemplate\": {{\"spec\": {{\"template\": {{\"spec\": {pod}}}}}}}}}}}"
        ),
        _ => format!(
            "{{\"apiVersion\": \"apps/v1\", \"kind\": \"{kind}\", \"spec\": {{\"template\": {{\"spec\": {pod}}}}}}}"
        ),
    };
    let mut object = served(&text, name, label);
    let at = match kind {
        "PodTemplate" => "/template/metadata",
        "CronJob" => "/spec/jobTemplate/spec/template/metadata",
        _ => "/spec/template/metadata",
    };
    if let Some(metadata) = object.pointer_mut(at) {
        metadata["annotations"] = template.clone();
    }
    object["metadata"]["annotations"] = own.clone();
    object
}

const ANNOTATED: &str = "  gate: {severity: never, podSecurity: baseline}
  kubeVersion: '1.34'
  annotations: {allow: [host-network]}
";

/// Annotations, and whether they exempt from `host-network` on 1970-01-01.
fn annotations() -> Vec<(Value, bool)> {
    let allow =
        |rules: &str| json!({"hardtack.dev/allow": rules, "hardtack.dev/allow-reason": "reads node metrics"});
    let with = |key: &str, value: &str| {
        let mut annotations = allow("host-network");
        annotations[format!("hardtack.dev/{key}")] = json!(value);
        annotations
    };
    vec![
        (json!({}), false),
        (json!({"hardtack.dev/allow": "host-network"}), false),
        (json!({"hardtack.dev/allow-reason": "reads node metrics"}), false),
        (with("allow-reason", "  "), false),
        (allow("host-pid"), false),
        (allow("host-networking"), false),
        (allow("*"), false),
        (allow("host-network"), true),
        (allow("host-pid, host-network "), true),
        (with("allow-owner", "team-a"), true),
        (with("allow-until", "1970-01-01"), true),
        (with("allow-until", "2999-12-31"), true),
        (with("allow-until", "1969-12-31"), false),
        (with("allow-until", "next year"), false),
    ]
}

fn exempt_by_annotation() -> Result<(), Failed> {
    let policy = policy(ANNOTATED)?;
    enforce(&policy, "annotated")?;
    let mut objects = Vec::new();
    let mut wanted = BTreeSet::new();
    for kind in ["Pod", "PodTemplate", "Deployment", "CronJob"] {
        for (number, (annotations, exempts)) in annotations().into_iter().enumerate() {
            for (place, own, template) in
                [("own", &annotations, &json!({})), ("template", &json!({}), &annotations)]
            {
                let name = format!("annotated-{}-{place}-{number}", kind.to_lowercase());
                objects.push(on_the_nodes_network(kind, &name, "annotated", own, template));
                // A pod has no template.
                if !exempts || (kind == "Pod" && place == "template") {
                    wanted.insert(name);
                }
            }
        }
    }
    let surely = on_the_nodes_network("Pod", "surely", "annotated", &json!({}), &json!({}));
    assert_eq!(refused(&policy, &objects)?, wanted, "the gate itself");
    let [passed, refused, other] = compare(&policy, &objects, &surely)?;
    eprintln!("annotations: {passed} objects pass both, {refused} are refused by both");
    assert_eq!((refused, other), (wanted.len(), 0));
    Ok(())
}

fn system_namespaces() -> Result<(), Failed> {
    let policy = policy(ANNOTATED)?;
    enforce(&policy, "placed")?;
    let placed = |namespace: &str| {
        let name = format!("placed-in-{namespace}");
        let mut object = on_the_nodes_network("Pod", &name, "placed", &json!({}), &json!({}));
        object["metadata"]["namespace"] = json!(namespace);
        object
    };
    let system = ["kube-system", "kube-public", "kube-node-lease"];
    let others = ["default", "kube-system-2", "team-a"];
    let objects: Vec<Value> = system.iter().chain(&others).map(|namespace| placed(namespace)).collect();
    let verdicts = verdicts(&objects, &placed("dry-run"))?;
    for (namespace, accepted) in system.map(|it| (it, true)).into_iter().chain(others.map(|it| (it, false))) {
        let verdict = &verdicts[&format!("placed-in-{namespace}")];
        let by_policy = verdict.message.contains("ValidatingAdmissionPolicy 'hardtack-placed-");
        assert_eq!((verdict.verdict == "accepted", by_policy), (accepted, !accepted), "{verdict:?}");
    }
    Ok(())
}
