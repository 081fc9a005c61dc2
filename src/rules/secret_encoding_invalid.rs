//! `secret-encoding-invalid`.

use crate::finding::Severity;
use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::secrets::typed::{self, Weight};

crate::rule! {
    /// A Secret cannot be read as what it claims to be.
    ///
    /// # Why
    /// The API server refuses the object in the middle of a release, or takes it and the program that reads it fails.
    ///
    /// # Fix
    /// None: what was meant only the author knows.
    ///
    /// # What is found
    /// `data` that is no base64 (as the API server reads it: line ends do not count, blanks, missing padding and the letters
    /// of URLs do), names of keys it refuses, more than 1 MiB; and by type: registry logins that hold none, an empty
    /// password, an SSH key that is none or has a passphrase, a bootstrap token of the wrong form. Where `schema-invalid`
    /// runs it says what is no base64.
    "secret-encoding-invalid", No, [critical, critical, critical],
    standards: ["schema", "REQ"],
    peers: [],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    if !object.is("", "Secret") {
        return;
    }
    let says_encoding = !findings.policy().runs("schema-invalid");
    let (entries, now) = (findings.entries(object.number), findings.policy().today.epoch_seconds());
    for fault in typed::faults(object, &entries, now) {
        if fault.weight == Weight::NotBase64 && !says_encoding {
            continue;
        }
        let found = object.at("").at_route(fault.route, fault.near).wrong(fault.message).help(fault.help);
        findings.add(if fault.weight == Weight::Useless { found.at_most(Severity::High) } else { found });
    }
}
