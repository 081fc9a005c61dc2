//! The words of a new policy file.

use std::fmt::Write;

use serde_json::json;

use super::Draft;
use crate::load::file::{API_VERSION, KIND};
use crate::yaml::{Data, write};

/// Suggestions of one kind that fit a screen; the rest is counted.
const MOST: usize = 8;

/// The whole file.
pub(super) fn file(draft: &Draft) -> String {
    let mut out = String::new();
    let environment = &draft.environment;
    let _ = writeln!(
        out,
        "# What is demanded of this release, begun with hardtack policy init on {}.",
        draft.today
    );
    let _ = writeln!(
        out,
        "# hardtack policy lint checks this file, policy show prints what is in force, policy schema is"
    );
    let _ = writeln!(out, "# for editors; hardtack explain RULE says what a rule is about.");
    let head = json!({"apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": draft.name}});
    out.push_str(&write::document(&head, "\n"));
    let _ = writeln!(out, "spec:");
    let _ = writeln!(
        out,
        "  # A built-in environment or another policy file; later ones win. -e NAME takes its place."
    );
    out.push_str(&block(&json!({"extends": environment}), "  "));
    let _ = writeln!(
        out,
        "\n  # The version of the cluster; without it the strictest verdict of the versions known counts."
    );
    match &draft.kube_version {
        Some(version) => out.push_str(&block(&json!({"kubeVersion": version}), "  ")),
        None => out.push_str("  # kubeVersion: \"1.34\"\n"),
    }
    let _ = writeln!(out, "\n  # What is refused, beside what {environment} refuses.");
    let _ = writeln!(out, "  # gate: {{severity: high}}");
    exemptions(draft, &mut out);
    users(draft, &mut out);
    probes(draft, &mut out);
    resources(draft, &mut out);
    paths(draft, &mut out);
    out
}

fn exemptions(draft: &Draft, out: &mut String) {
    if draft.allowed.is_empty() {
        let _ = writeln!(
            out,
            "\n  # Nothing had to be exempted. An exemption needs a reason, and should have an owner and an end:"
        );
        let _ = writeln!(out, "  # exemptions:");
        let example = "{allow: host-network, match: {kind: DaemonSet, name: node-exporter}, reason: …, owner: sre, until: ";
        let _ = writeln!(out, "  #   - {example}{}}}", draft.until);
        return;
    }
    let _ = writeln!(out, "\n  # What {} would refuse and stood here on {}.", draft.environment, draft.today);
    let _ = writeln!(out, "  # Mend each in the chart, or give it a reason of your own and an owner.");
    let all: Vec<Data> = draft.allowed.iter().map(|allowed| allowed.data(draft)).collect();
    out.push_str(&block(&json!({"exemptions": all}), "  "));
}

fn users(draft: &Draft, out: &mut String) {
    let Some(name) = draft.suggestions.users.first() else { return };
    let count = draft.suggestions.users.len();
    let _ = writeln!(
        out,
        "\n  # {count} of the workloads say no user. Where the image allows it, and the policy says so:"
    );
    let entry = json!({"securityContext": [{"match": {"name": name}, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000}]});
    out.push_str(&block(&entry, "  # "));
}

fn probes(draft: &Draft, out: &mut String) {
    if draft.suggestions.probes.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n  # Probes are never invented. Containers without, by their named ports; the paths are yours to say:"
    );
    let entries = draft.suggestions.probes.iter().take(MOST).map(|((name, port), missing)| {
        let mut entry = json!({"match": {"name": name, "port": port}});
        for probe in missing {
            entry[*probe] = json!({"httpGet": {"path": "/healthz"}, "periodSeconds": 30});
        }
        entry
    });
    out.push_str(&block(&json!({"probes": entries.collect::<Vec<_>>()}), "  # "));
    more(draft.suggestions.probes.len(), out);
}

fn resources(draft: &Draft, out: &mut String) {
    if draft.suggestions.resources.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n  # Limits are never invented. Images without a memory limit; kubectl top says what they need:"
    );
    let entries = draft.suggestions.resources.iter().take(MOST).map(|(image, figures)| {
        let mut entry = json!({"match": {"image": format!("{image}*")}});
        if let (Some(entry), Some(figures)) = (entry.as_object_mut(), figures.as_object()) {
            entry.extend(figures.clone());
        }
        entry
    });
    out.push_str(&block(&json!({"resources": entries.collect::<Vec<_>>()}), "  # "));
    more(draft.suggestions.resources.len(), out);
}

fn paths(draft: &Draft, out: &mut String) {
    if draft.suggestions.images.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  # A read-only root filesystem, where you say which paths an image writes:");
    let writable: serde_json::Map<String, Data> = draft
        .suggestions
        .images
        .iter()
        .take(MOST)
        .map(|image| (format!("{image}*"), json!(["/tmp"])))
        .collect();
    let rules = json!({"rules": {"writable-root-filesystem": {"fix": true, "writable": writable}}});
    out.push_str(&block(&rules, "  # "));
    more(draft.suggestions.images.len(), out);
}

fn more(count: usize, out: &mut String) {
    if count > MOST {
        let _ = writeln!(out, "  # … and {} more", count - MOST);
    }
}

/// Data as YAML lines, each behind a margin.
fn block(data: &Data, margin: &str) -> String {
    write::document(data, "\n").lines().map(|line| format!("{margin}{line}\n")).collect()
}
