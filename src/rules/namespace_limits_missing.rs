//! `namespace-limits-missing`.

use crate::k8s::{Object, Release, Workload};
use crate::rule::Findings;
use crate::yaml::{Data, Value};

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
    Object => check
}

fn check(release: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if object.is("", "Namespace") {
        missing(release, object, "ResourceQuota", findings);
        missing(release, object, "LimitRange", findings);
    }
}

fn missing(release: &Release<'_>, object: &Object<'_>, kind: &'static str, findings: &mut Findings<'_>) {
    let namespace = object.id.name.as_str();
    if release.limits_of(kind, namespace).next().is_some() {
        return;
    }
    let (setting, key, needs_requests) = match kind {
        "ResourceQuota" => ("quota", "hard", true),
        _ => ("limits", "limits", false),
    };
    let found = object.at("metadata.name").wrong(format!("has no {kind} in this release"));
    let Some(figures) = findings.setting(setting) else {
        let help = format!("rules.namespace-limits-missing.{setting} in a policy says how much");
        return findings.add(found.help(help));
    };
    if needs_requests && !release.workloads.iter().all(|it| is_elsewhere(release, it, namespace) || asks(it))
    {
        let help = "not added: it would keep out the containers without requests";
        return findings.add(found.help(help));
    }
    let data: Data = serde_json::json!({
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": format!("{namespace}-{setting}"), "namespace": namespace},
        "spec": {key: figures},
    });
    findings.add(found.adds(data));
}

fn is_elsewhere(release: &Release<'_>, workload: &Workload<'_>, namespace: &str) -> bool {
    let own = release.namespace_of(workload);
    !own.is_empty() && own != namespace
}

fn asks(workload: &Workload<'_>) -> bool {
    let has = |scope: Value<'_>, name: &str| {
        ["requests", "limits"]
            .into_iter()
            .any(|side| scope.path("resources").and_then(|it| it.get(side)?.get(name)).is_some())
    };
    workload.containers().all(|container| {
        ["cpu", "memory"].into_iter().all(|name| has(container.value, name) || has(workload.spec, name))
    })
}
