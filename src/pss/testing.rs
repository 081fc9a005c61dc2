//! Pods from YAML for the tests beside the checks.

use super::{Pod, Violation};
use crate::yaml::Value;
use crate::yaml::stream::{ParseOptions, parse};

/// Hands the only document of `yaml` on.
pub fn with_value(yaml: &str, look: impl FnOnce(Value<'_>)) {
    let stream = parse(yaml.to_owned(), ParseOptions::default()).expect("the test's YAML reads");
    let document = stream.documents.first().expect("a document");
    look(stream.root(document).expect("a document with content"));
}

/// Hands the pod in a template on.
pub fn with_pod(yaml: &str, look: impl FnOnce(&Pod<'_>)) {
    with_value(yaml, |value| look(&Pod::in_template(value).expect("a pod spec")));
}

/// Hands the pod with this spec on.
pub fn with_spec(spec: &str, look: impl FnOnce(&Pod<'_>)) {
    with_pod(&format!("{{spec: {spec}}}"), look);
}

/// What a check finds in a pod with this spec: rule and route.
pub fn found(spec: &str, check: impl FnOnce(&Pod<'_>) -> Vec<Violation>) -> Vec<String> {
    found_in(&format!("{{spec: {spec}}}"), check)
}

/// What a check finds in a template: rule and route.
pub fn found_in(template: &str, check: impl FnOnce(&Pod<'_>) -> Vec<Violation>) -> Vec<String> {
    let mut lines = Vec::new();
    with_pod(template, |pod| {
        lines = check(pod).into_iter().map(|it| format!("{} {}", it.rule, it.route)).collect();
    });
    lines
}
