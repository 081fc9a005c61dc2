//! Agents of the node: workloads that exist for the very access to the node that rules object to.

use crate::finding::Draft;
use crate::k8s::{Release, Workload};
use crate::yaml::{Edit, Value};

/// The draft with its fix by consent; for an agent of the node without one, whatever the policy says.
#[must_use]
pub fn spare<'a>(
    draft: Draft<'a>,
    release: &Release<'_>,
    workload: &Workload<'_>,
    edits: impl Into<Vec<Edit>>,
) -> Draft<'a> {
    match kind_of_agent(release, workload) {
        Some(what) => {
            draft.help(format!("not edited: {what} usually needs it; allow it with a reason in the policy"))
        }
        None => draft.consent(edits),
    }
}

fn kind_of_agent(release: &Release<'_>, workload: &Workload<'_>) -> Option<&'static str> {
    let class = workload.get("priorityClassName").and_then(Value::as_str);
    if release.object_of(workload).id.kind == "DaemonSet" {
        Some("a DaemonSet")
    } else if class.as_deref() == Some("system-node-critical") {
        Some("a pod of class system-node-critical")
    } else {
        None
    }
}
