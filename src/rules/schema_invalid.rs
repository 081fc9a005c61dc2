//! `schema-invalid`.

use std::collections::BTreeMap;

use crate::finding::{Place, Severity};
use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::schema::{Fault, Flaw, Judge, is_built_in};

crate::rule! {
    /// The API server refuses the object: a field is unknown, missing, or of the wrong type.
    ///
    /// # Why
    /// A release with such an object stops half-way, or the field that nobody knows is dropped and what it was to
    /// set never happens.
    ///
    /// # Fix
    /// None: what was meant only the author knows.
    ///
    /// # Target version
    /// Objects are held against the types of `--kube-version` (1.29 to 1.37; the nearest of these for any other).
    /// Where no version is known, one of 1.33 to the newest that refuses is enough, and the finding says which do:
    /// a field that is new in 1.36 is none until somebody says that the cluster has it. A kind that a version does
    /// not serve yet, or that none ever did, is refused whole; one that is withdrawn is told of by
    /// `deprecated-api-version`.
    ///
    /// # Custom resources
    /// They are held against the `CustomResourceDefinition` in the stream, wherever it stands, or one that `--crds`
    /// names. A note lists the kinds that have none.
    "schema-invalid", No, [critical, critical, critical],
    standards: ["REQ", "schema"],
    peers: ["Kyverno block-ephemeral-containers", "KubeLinter schema-validation"],
    Release => check
}

fn check(release: &Release<'_>, findings: &mut Findings<'_>) {
    let policy = findings.policy();
    let judge = Judge::new(release, policy.target, &policy.definitions);
    let mut unknown: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for object in release.objects.iter().filter(|object| policy.selects(&object.id)) {
        let faults = judge.faults(release, object);
        if faults.is_none() && !is_built_in(object) {
            unknown.entry((&object.id.api_version, &object.id.kind)).or_insert(object.number);
        }
        for fault in faults.into_iter().flatten() {
            let place = place(release, object, &fault);
            let found = place.wrong(fault.message).help(fault.help);
            findings.add(if fault.flaw == Flaw::Apply { found.at_most(Severity::Medium) } else { found });
        }
    }
    if let Some(first) = unknown.values().min() {
        let kinds: Vec<String> =
            unknown.keys().map(|(version, kind)| format!("{kind} ({version})")).collect();
        let message = format!("no schema for {}; --crds names their definitions", kinds.join(", "));
        findings.note(*first, message);
    }
}

/// The fault's place, with the container it lies in.
fn place<'a>(release: &Release<'a>, object: &Object<'a>, fault: &Fault<'a>) -> Place<'a> {
    let route = object.route.steps().iter().chain(fault.route.steps()).cloned().collect();
    let mut parts = release.workloads_of(object).iter().flat_map(|workload| &workload.parts);
    let container = parts.find(|part| fault.route.starts_with(&part.route)).map(|part| part.name.to_string());
    Place { object: object.number, container, route, near: fault.near }
}
