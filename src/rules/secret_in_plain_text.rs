//! `secret-in-plain-text`.

use crate::finding::Severity;
use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::secrets::kept as plain;

crate::rule! {
    /// A Secret is rendered with its value.
    ///
    /// # Why
    /// Base64 is no encryption: whoever reads the render, the git repository or the release record has the value.
    ///
    /// # Fix
    /// None: it is only reported.
    ///
    /// # What passes
    /// Tokens that the controller fills, Helm's own records, empty Secrets, and values that are already encrypted or only
    /// refer to a store. It is low until a policy says what Secrets are to become.
    "secret-in-plain-text", No, [off, high, critical],
    standards: ["CIS 5.4.2", "NSA N6", "OWASP K03", "REQ"],
    peers: ["Kyverno no-secrets", "Kubescape C-0208"],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let keys = plain::keys(object);
    if keys.is_empty() {
        return;
    }
    let (list, ending) = (keys.join(", "), if keys.len() == 1 { "" } else { "s" });
    let message = format!("holds the value{ending} of {list} in plain text");
    let found = object.at("").wrong(message).at_most(Severity::Low);
    findings
        .add(found.help("keep it out of git; a SealedSecret, SOPS or an ExternalSecret can take its place"));
}
