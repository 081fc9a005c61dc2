//! The policy of the targets: every rule's fix is consented to, and every mapping has a value to give.

use std::sync::OnceLock;

use hardtack::load::{Source, from_text, load};
use hardtack::policy::{Date, Policy};
use hardtack::rules::RULES;

const FILE: &str = "
apiVersion: hardtack.dev/v1
kind: Policy
metadata: {name: fuzz}
spec:
  extends: production
  gate: {severity: never}
  immutable: edit
  annotations: {allow: '*'}
  securityContext: {runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000}
  probes: {liveness: {httpGet: {path: /live, port: 80}}, readiness: {httpGet: {path: /ready, port: 80}}}
  resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}}
  rules:
";

/// The text of the policy.
pub fn text() -> String {
    let consent = RULES.iter().map(|rule| format!("    {}: {{fix: true}}\n", rule.id));
    FILE.chars().chain(consent.collect::<String>().chars()).collect()
}

/// The policy, read once.
pub fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let source = Source::new("fuzz", "");
        let file = from_text(&text(), "fuzz").unwrap();
        load(file, &source, None, Date::from_epoch_seconds(0)).unwrap()
    })
}
