//! `service-account-token-automount`.

use super::api_clients;
use crate::k8s::{Access, List, Release, Workload};
use crate::rule::{Findings, set};
use crate::yaml::Value;

crate::rule! {
    /// The pod gets a token for the API server although nothing shows that it uses one.
    ///
    /// # Why
    /// Whoever gets into the container can ask the API server in the pod's name; every token that is not
    /// there cannot leak.
    ///
    /// # Fix
    /// Safe only where the policy says `stream: complete`, the account is in the release, and no binding
    /// names it, its namespace's group or all accounts: bindings often live outside a release. Otherwise with
    /// consent. It writes `automountServiceAccountToken: false` on the pod, since another release may share
    /// the account. A pod with a sign of use is not reported at all: a binding, an image known to talk to the
    /// API server, flags like `--leader-elect` or `--kubeconfig`, a projected token, the Vault agent's
    /// annotation. A program that asks the API server all the same gets no answer; tokens for clouds,
    /// projected by a webhook, keep working.
    "service-account-token-automount", Safe, [low, medium, medium],
    standards: ["CIS 5.1.5", "CIS 5.1.6", "NSA P5", "OWASP K03"],
    peers: ["Kyverno restrict-automount-sa-token", "Kyverno remove-serviceaccount-token",
        "Kyverno restrict-sa-automount-sa-token", "Kyverno disable-automountserviceaccounttoken",
        "Polaris automountServiceAccountToken", "kubesec AutomountServiceAccountToken", "Trivy KSV-0036",
        "Checkov CKV_K8S_38", "Checkov CKV_K8S_41", "Kubescape C-0034", "Kubescape C-0261"],
    Workload => check
}

const FIELD: &str = "automountServiceAccountToken";

fn check(release: &Release<'_>, workload: &Workload<'_>, findings: &mut Findings<'_>) {
    let stated = workload.get(FIELD).and_then(Value::as_bool);
    if stated == Some(false) || workload.access == Access::Part {
        return;
    }
    let namespace = release.namespace_of(workload);
    let name = workload.service_account();
    let account = release.account(namespace, &name);
    let own = account.and_then(|account| account.value.get(FIELD)).and_then(Value::as_bool);
    if (stated.is_none() && own == Some(false)) || release.is_bound(namespace, &name) || uses_token(workload)
    {
        return;
    }
    let found = workload.at(FIELD).wrong("gets an API token that nothing shows it uses");
    if stated == Some(true) {
        findings.add(found.help("the pod asks for automountServiceAccountToken: true: drop it, or allow it"));
        return;
    }
    let unbound = account.is_some() && findings.policy().complete;
    findings.add(found.safe_if(unbound, [set(workload.route.key(FIELD), false)]));
}

/// Whether anything in the pod speaks for the use of a token.
fn uses_token(workload: &Workload<'_>) -> bool {
    injects_vault(workload)
        || projects_token(workload)
        || workload.containers().any(|container| {
            let ends_soon = container.list == List::Ephemeral;
            !ends_soon
                && (api_clients::talks_to_the_api(&container.image()) || names_the_api(container.value))
        })
}

fn injects_vault(workload: &Workload<'_>) -> bool {
    let annotations = workload.template.path("metadata.annotations");
    annotations.is_some_and(|map| {
        map.entries()
            .iter()
            .any(|(key, _)| key.starts_with("vault.hashicorp.com/") || key.starts_with("conjur.org/"))
    })
}

fn projects_token(workload: &Workload<'_>) -> bool {
    let volumes = workload.get("volumes").into_iter().flat_map(Value::items);
    let sources = volumes.filter_map(|volume| volume.path("projected.sources")).flat_map(Value::items);
    sources.into_iter().any(|source| source.get("serviceAccountToken").is_some())
}

fn names_the_api(container: Value<'_>) -> bool {
    let speaks = |text: &str| api_clients::FLAGS.iter().any(|flag| text.contains(flag));
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    let words = lists.flat_map(Value::items).filter_map(Value::as_str);
    let variables = container.get("env").into_iter().flat_map(Value::items);
    let texts =
        variables.flat_map(|entry| ["name", "value"].map(|key| entry.get(key).and_then(Value::as_str)));
    words.chain(texts.flatten()).any(|text| speaks(&text))
}
