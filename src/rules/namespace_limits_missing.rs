//! `namespace-limits-missing`.

use super::resources::{self, Figure, Side};
use crate::k8s::{List, Object, Release, Workload};
use crate::rule::Findings;
use crate::yaml::Data;

crate::rule! {
    /// A namespace of the release has no `ResourceQuota` or no `LimitRange`.
    ///
    /// # Why
    /// One team's runaway workload takes the whole cluster, and containers without figures of their own get
    /// none.
    ///
    /// # Fix
    /// With consent, a `ResourceQuota` whose `hard` is the policy's setting `quota`, and a `LimitRange` whose
    /// `limits` is the setting `limits`. A quota on requests or limits makes the API server refuse every pod
    /// without them, so it is added only when all containers of the release in that namespace have requests;
    /// other releases there are not seen.
    "namespace-limits-missing", Consent, [off, low, medium],
    standards: ["NSA N3", "OWASP K01", "REQ"],
    peers: ["Kyverno add-ns-quota", "Trivy KSV-0039", "Trivy KSV-0040"],
    settings: ["quota", "limits"],
    Release => check
}

fn check(release: &Release<'_>, findings: &mut Findings<'_>) {
    for object in release.objects.iter().filter(|object| object.is("", "Namespace")) {
        missing(release, object, "ResourceQuota", findings);
        missing(release, object, "LimitRange", findings);
    }
}

fn missing(release: &Release<'_>, object: &Object<'_>, kind: &'static str, findings: &mut Findings<'_>) {
    let namespace = object.id.name.as_str();
    if release.limits_of(kind, namespace).next().is_some() {
        return;
    }
    let (setting, key) = if kind == "ResourceQuota" { ("quota", "hard") } else { ("limits", "limits") };
    let found = object.at("metadata.name").wrong(format!("has no {kind} in this release"));
    let Some(figures) = findings.setting(setting) else {
        let help = format!("rules.namespace-limits-missing.{setting} in a policy says how much");
        return findings.add(found.help(help));
    };
    if kind == "ResourceQuota" && !all_ask(release, namespace, findings) {
        return findings.add(found.help("not added: it would keep out the containers without requests"));
    }
    let data: Data = serde_json::json!({
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": format!("{namespace}-{setting}"), "namespace": namespace},
        "spec": {key: figures},
    });
    findings.add(found.adds(data));
}

/// Whether every container that may land in the namespace has requests, those included that fixes write.
fn all_ask(release: &Release<'_>, namespace: &str, findings: &Findings<'_>) -> bool {
    let own = |workload: &&Workload<'_>| ["", namespace].contains(&release.namespace_of(workload));
    let mut containers = release.workloads.iter().filter(own).flat_map(Workload::containers);
    let ranged = release.limits_of("LimitRange", namespace).next().is_some();
    containers.all(|container| {
        container.list == List::Ephemeral
            || ["cpu", "memory"].into_iter().all(|name| {
                let figure = |side| Figure { side, name };
                let planned = |side| findings.will_be(&resources::place(&container, figure(side))).is_some();
                resources::is_given(release, &container, figure(Side::Requests))
                    || planned(Side::Requests)
                    || planned(Side::Limits)
                    || (!ranged && defaults(findings, name))
            })
    })
}

/// Whether the `LimitRange` that comes with the quota gives a default.
fn defaults(findings: &Findings<'_>, name: &str) -> bool {
    let items = findings.setting("limits").and_then(Data::as_array).into_iter().flatten();
    let mut containers = items.filter(|item| item.get("type").and_then(Data::as_str) == Some("Container"));
    containers.any(|item| ["default", "defaultRequest"].iter().any(|key| item[key].get(name).is_some()))
}
