//! `schema-invalid`.

use crate::finding::{Place, Severity};
use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::schema::{self, Fault, Flaw};

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
    /// Where no version is known, a finding is what no version from 1.33 on takes: a field that is new in 1.36 is
    /// no fault until somebody says that the cluster is older.
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
    let versions = schema::known(schema::targets(policy.target));
    for object in release.objects.iter().filter(|object| policy.selects(&object.id)) {
        for fault in schema::judge(object, &versions).into_iter().flatten() {
            let place = place(release, object, &fault);
            let found = place.wrong(fault.message).help(fault.help);
            findings.add(if fault.flaw == Flaw::Apply { found.at_most(Severity::Medium) } else { found });
        }
    }
}

/// The fault's place, with the container it lies in.
fn place<'a>(release: &Release<'a>, object: &Object<'a>, fault: &Fault<'a>) -> Place<'a> {
    let route = object.route.steps().iter().chain(fault.route.steps()).cloned().collect();
    let mut parts = release.workloads_of(object).iter().flat_map(|workload| &workload.parts);
    let container = parts.find(|part| fault.route.starts_with(&part.route)).map(|part| part.name.to_string());
    Place { object: object.number, container, route, near: fault.near }
}
