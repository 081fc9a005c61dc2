//! A name for a finding that stays the same across renders and in every report format.

use sha2::{Digest, Sha256};

use crate::finding::Finding;
use crate::k8s::Object;
use crate::yaml::Step;

/// Sixteen hexadecimal digits over the rule, the object, the container and the keys of the route. List positions and
/// values do not count: neither moving an item nor any value changes it.
#[must_use]
pub fn fingerprint(finding: &Finding, object: &Object<'_>) -> String {
    let mut hash = Sha256::new();
    let mut take = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    take(&finding.rule);
    take(object.group());
    take(&object.id.kind);
    take(object.id.namespace.as_deref().unwrap_or_default());
    take(&object.id.name);
    take(finding.container.as_deref().unwrap_or_default());
    for step in &finding.route.steps()[object.route.steps().len().min(finding.route.steps().len())..] {
        if let Step::Key(key) = step {
            take(key);
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
