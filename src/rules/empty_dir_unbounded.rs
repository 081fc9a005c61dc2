//! `empty-dir-unbounded`.

use crate::k8s::{Access, Release, Workload};
use crate::rule::{Findings, set};
use crate::yaml::{Data, Value};

crate::rule! {
    /// An `emptyDir` volume may grow until the node is full.
    ///
    /// # Why
    /// A full disk evicts every pod of the node, not only this one; on `medium: Memory` the volume eats the
    /// pod's memory.
    ///
    /// # Fix
    /// With consent, `sizeLimit` from the policy's settings `sizeLimit`, and `memorySizeLimit` for `medium:
    /// Memory`: never a built-in figure, since a pod that writes more is evicted.
    "empty-dir-unbounded", Consent, [off, low, medium],
    standards: ["NSA N3", "OWASP K01"],
    peers: ["Kyverno add-emptydir-sizelimit", "Kyverno require-emptydir-requests-and-limits"],
    settings: ["sizeLimit", "memorySizeLimit"],
    Workload => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    for (index, volume) in workload.get("volumes").into_iter().flat_map(Value::items).enumerate() {
        let Some(source) = volume.entry("emptyDir").filter(|_| workload.access != Access::Part) else {
            continue;
        };
        if source.get("sizeLimit").is_some() {
            continue;
        }
        let memory = source.get("medium").and_then(Value::as_str).as_deref() == Some("Memory");
        let setting = if memory { "memorySizeLimit" } else { "sizeLimit" };
        let name = volume.get("name").and_then(Value::as_str).unwrap_or_default();
        let place = workload.at("volumes").index(index).path("emptyDir.sizeLimit");
        let route = place.route.clone();
        let found = place.wrong(format!("the volume {name} has no size limit"));
        findings.add(match findings.setting(setting).filter(|size| is_size(size)) {
            Some(size) => found.consent([set(route, size.clone())]),
            None => found.help(format!("rules.empty-dir-unbounded.{setting} in a policy says how much")),
        });
    }
}

fn is_size(size: &Data) -> bool {
    match size {
        Data::String(text) => crate::k8s::quantity::millis(text).is_some(),
        Data::Number(_) => true,
        _ => false,
    }
}
