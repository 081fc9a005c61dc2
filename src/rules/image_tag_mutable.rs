//! `image-tag-mutable`.

use crate::k8s::{Container, Release};
use crate::rule::Findings;
use crate::yaml::Data;

crate::rule! {
    /// The image's tag can mean another image tomorrow.
    ///
    /// # Why
    /// No tag, `latest` or one that the policy calls floating: two nodes run different programs under one
    /// name, a rollback rolls nothing back, and no scan says what runs.
    ///
    /// # Fix
    /// None: only the registry knows which version is meant. A digest settles it whatever the tag says.
    /// `floating` in the policy names more tags, as globs: `floating: [stable, "*-snapshot"]`.
    "image-tag-mutable", No, [low, high, high],
    standards: ["NSA P3", "OWASP K02", "REQ"],
    peers: ["Kyverno disallow-latest-tag", "Polaris tagNotSpecified", "KubeLinter latest-tag",
        "kube-score container-image-tag", "Trivy KSV-0013", "Checkov CKV_K8S_14"],
    settings: ["floating"],
    Container => check
}

fn check(_: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let image = container.image();
    if container.image_text().is_empty() || image.digest.is_some() {
        return;
    }
    let message = match image.tag {
        None => "the image has no tag".to_owned(),
        Some("latest") => "the image's tag is latest".to_owned(),
        Some(tag) if is_floating(tag, findings) => format!("the policy calls the tag {tag} floating"),
        Some(_) => return,
    };
    findings.add(container.at("image").wrong(message).help("name a version, or better a digest"));
}

fn is_floating(tag: &str, findings: &Findings<'_>) -> bool {
    let patterns = findings.setting("floating").and_then(Data::as_array).into_iter().flatten();
    patterns.filter_map(Data::as_str).any(|pattern| crate::policy::matcher::glob(pattern, tag))
}
