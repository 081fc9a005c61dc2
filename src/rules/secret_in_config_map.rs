//! `secret-in-config-map`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;

crate::rule! {
    /// A ConfigMap holds a credential or a private key.
    ///
    /// # Why
    /// ConfigMaps are readable for far more people and programs than Secrets are, and nothing encrypts them at rest.
    ///
    /// # Fix
    /// With consent a key that is a credential as a whole moves into a Secret, with all who read it. A file that
    /// holds one among other settings is only reported: it is the author's to split.
    ///
    /// # What is found
    /// Whole keys, and lines of the files in them: `.env`, ini, YAML, JSON, properties, XML, scripts, htpasswd, pgpass,
    /// kubeconfig and the like, also in `binaryData` and in base64. The finding names the key and the line.
    "secret-in-config-map", Consent, [medium, high, critical],
    standards: ["NSA N6", "OWASP K03", "REQ"],
    peers: ["Polaris sensitiveConfigmapContent", "Trivy KSV-0109", "Trivy KSV-01010", "Kubescape C-0012"],
    Object => check
}

const HELP: &str = "put it into a Secret, and mount that or let the program read it from the environment";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("secret-in-config-map", object, HELP, findings);
}
