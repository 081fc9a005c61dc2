//! `image-registry-deprecated`.

use crate::finding::Severity;
use crate::k8s::{Container, Release};
use crate::rule::{Findings, set};
use crate::yaml::Data;

crate::rule! {
    /// The image comes from a registry that is frozen or retired.
    ///
    /// # Why
    /// It gets no security fixes any more, and one day the pull fails: on a new node, in the middle of an
    /// incident.
    ///
    /// # Fix
    /// Safe for `k8s.gcr.io`, which becomes `registry.k8s.io`: the same images, kept by the same people.
    /// Mirrors, pull secrets and egress rules made for the old host must follow. Where the policy's map names
    /// a registry, that wins, with consent: `map: {"docker.io/bitnami": "docker.io/bitnamilegacy"}`. The
    /// others are only reported.
    "image-registry-deprecated", Safe, [medium, high, critical],
    standards: ["OWASP K10", "REQ"],
    peers: ["Kyverno restrict-deprecated-registry", "Kubescape C-0253"],
    settings: ["map"],
    Container => check
}

/// Registry and path as [`crate::k8s::image::Image::repository`] writes them.
const FROZEN: &[&str] =
    &["k8s.gcr.io", "gcr.io/google-containers", "gcr.io/google_containers", "docker.io/bitnami"];

fn check(_: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    if container.image_text().is_empty() {
        return;
    }
    let repository = container.image().repository();
    let Some((old, rest)) = FROZEN.iter().find_map(|old| Some((*old, below(&repository, old)?))) else {
        return;
    };
    let mut found = container.at("image").wrong(format!("{old} gets no updates any more"));
    if old == "docker.io/bitnami" {
        found = found.at_most(Severity::Medium);
    }
    let edit = |new: &str| set(container.route.key("image"), moved(container, new, rest));
    let mapped = findings.setting("map").and_then(|map| map.get(old)).and_then(Data::as_str);
    findings.add(match mapped {
        Some(new) => found.consent([edit(new)]),
        None if old == "k8s.gcr.io" => found.safe([edit("registry.k8s.io")]),
        None => found.help("rules.image-registry-deprecated.map in a policy names where the image is now"),
    });
}

/// What follows `parent/` in a repository.
fn below<'a>(repository: &'a str, parent: &str) -> Option<&'a str> {
    repository.strip_prefix(parent)?.strip_prefix('/')
}

/// The reference with its registry replaced, tag and digest kept.
fn moved(container: &Container<'_>, new: &str, rest: &str) -> String {
    let image = container.image();
    let tag = image.tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let digest = image.digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    format!("{}/{rest}{tag}{digest}", new.trim_end_matches('/'))
}
