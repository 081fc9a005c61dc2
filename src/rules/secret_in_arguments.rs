//! `secret-in-arguments`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;

crate::rule! {
    /// A command, an argument, a probe or a handler of a container holds a credential in plain text.
    ///
    /// # Why
    /// It shows in the list of processes of the node too, and in every place in which the manifest does.
    ///
    /// # Fix
    /// None: which variable or file the program reads instead only the author knows.
    ///
    /// # What is found
    /// Options such as `--password=x` and `-u user:x`, headers of `curl` and of probes, and what `secret-in-env` finds.
    "secret-in-arguments", No, [medium, high, critical],
    standards: ["CIS 5.4.1", "NSA N6", "OWASP K03", "REQ"],
    peers: [],
    Object => check
}

const HELP: &str = "let the program read a file or a variable that comes from a Secret";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("secret-in-arguments", object, HELP, findings);
}
