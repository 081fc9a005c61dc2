//! `credentials-in-url`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;

crate::rule! {
    /// A URL or a connection string holds a password.
    ///
    /// # Why
    /// URLs are logged by every program that touches them, and nobody thinks of them as secrets.
    ///
    /// # Fix
    /// With consent a variable that is such a URL moves into a Secret as a whole. Elsewhere none: how the program
    /// takes the password apart from the URL only the author knows.
    ///
    /// # What is found
    /// `scheme://user:password@host` and `user:password@tcp(host)`, in variables, arguments, ConfigMaps, annotations and
    /// custom resources. What is expanded later, such as `$(PASSWORD)`, is none.
    "credentials-in-url", Consent, [medium, high, critical],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    Object => check
}

const HELP: &str =
    "put the whole URL into a Secret, or build it from one: postgres://$(USER):$(PASSWORD)@host";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("credentials-in-url", object, HELP, findings);
}
