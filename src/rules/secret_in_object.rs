//! `secret-in-object`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;

crate::rule! {
    /// An annotation, a field of a custom resource or a comment holds a credential in plain text.
    ///
    /// # Why
    /// Nobody expects one there, so nobody guards it: annotations and custom resources are readable for many, and comments
    /// stay in git and pass through Helm.
    ///
    /// # Fix
    /// None: whether the kind can read it from a Secret only its documentation says.
    ///
    /// # What is found
    /// The fields and annotations by their names, tokens and private keys by their form wherever they stand, and a whole
    /// Secret that `kubectl apply` copied into an annotation.
    "secret-in-object", No, [medium, high, critical],
    standards: ["NSA N6", "OWASP K03", "REQ"],
    peers: [],
    Object => check
}

const HELP: &str = "name a Secret instead, where the kind can read one; else drop it";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("secret-in-object", object, HELP, findings);
}
