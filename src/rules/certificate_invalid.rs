//! `certificate-invalid`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::secrets::certificate::{self, Fault};
use crate::secrets::kept;

crate::rule! {
    /// A TLS Secret cannot be served: unreadable, with another's key, or with its chain out of order.
    ///
    /// # Why
    /// The API server asks of a TLS Secret only that both keys exist; the first to notice is the visitor.
    ///
    /// # Fix
    /// None: the right certificate is its issuer's to give.
    ///
    /// # What is checked
    /// Secrets of type `kubernetes.io/tls`: that `tls.crt` holds certificates, the leaf first and each followed by its
    /// issuer, and that `tls.key` is the leaf's key. Keys of a kind that cannot be compared here (P-521, RSA below 2048 bits,
    /// encrypted ones) are noted, not held against it.
    "certificate-invalid", No, [medium, high, critical],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if !object.is("", "Secret") || kept::kind(object) != "kubernetes.io/tls" {
        return;
    }
    for fault in certificate::faults(&findings.entries(object.number)) {
        match fault {
            Fault::Wrong { route, near, message, help } => {
                findings.add(object.at("").at_route(route, near).wrong(message).help(help));
            }
            Fault::Unknown(words) => findings.note(object.number, words),
        }
    }
}
