//! `deprecated-service-account-field`.

use crate::k8s::{Access, Release, Workload};
use crate::rule::{Findings, remove, set};
use crate::yaml::Value;

crate::rule! {
    /// The pod names its account in the old field `serviceAccount`.
    ///
    /// # Why
    /// The field is only an alias kept for old clients; tools that read `serviceAccountName` alone take the
    /// pod for one without an account.
    ///
    /// # Fix
    /// Safe: `serviceAccountName` gets the value where it has none, and the old key goes. Two different
    /// values are reported: the API server would take `serviceAccountName`, and somebody may have meant the
    /// other.
    "deprecated-service-account-field", Safe, [low, low, low],
    standards: [],
    peers: ["KubeLinter deprecated-service-account-field", "Kubescape C-0294"],
    Workload => check
}

fn check(_: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let name = |key: &str| workload.get(key).and_then(Value::as_str).filter(|name| !name.is_empty());
    let Some(old) = name("serviceAccount").filter(|_| workload.access != Access::Part) else { return };
    let found = workload.at("serviceAccount").wrong("names its account in the old field serviceAccount");
    let drop = remove(workload.route.key("serviceAccount"));
    findings.add(match name("serviceAccountName") {
        None => found.safe([set(workload.route.key("serviceAccountName"), old.as_ref()), drop]),
        Some(new) if new == old => found.safe([drop]),
        Some(new) => found.help(format!("serviceAccountName says {new}: keep one")),
    });
}
