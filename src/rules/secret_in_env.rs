//! `secret-in-env`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;

crate::rule! {
    /// A variable of a container holds a credential in plain text.
    ///
    /// # Why
    /// Whoever may read the workload reads it, it stands in git and in the release record of Helm, and a change of
    /// the password is a change of the manifest.
    ///
    /// # Fix
    /// With consent the value moves into a Secret that the container reads by `secretKeyRef`, or as a file where
    /// the policy says `secrets.asFiles`; order and `$(VAR)` chains stay. Without it is only reported.
    ///
    /// # What is found
    /// By the name of the variable, by forms that nothing but a credential has, and by what stands in base64 and JSON.
    /// Paths, `$(VAR)`, switches, numbers and names of objects are none. Stand-ins such as `changeme` are
    /// `secret-placeholder`, passwords in URLs are `credentials-in-url`. The value is never shown: its name and about
    /// how long it is.
    "secret-in-env", Consent, [medium, high, critical],
    standards: ["CIS 5.4.1", "NSA N6", "OWASP K03", "REQ"],
    peers: ["Polaris sensitiveContainerEnvVar", "KubeLinter env-var-secret", "Kubescape C-0012"],
    Object => check
}

const HELP: &str = "put it into a Secret and name that: valueFrom: {secretKeyRef: {name, key}}";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("secret-in-env", object, HELP, findings);
}
