//! `secret-placeholder`.

use crate::k8s::{Object, Release};
use crate::rule::Findings;
use crate::rules::plain_credentials;
use crate::secrets::kept;

crate::rule! {
    /// A value stands in for a secret, or is one that everybody knows.
    ///
    /// # Why
    /// The program starts with it, and so does everybody who has read the chart.
    ///
    /// # Fix
    /// None: only the operator has the real value.
    ///
    /// # What is found
    /// Whole values such as `changeme`, `INSERT_TOKEN`, `your-api-key`, `<token>`, `xxxx`, under names that speak of a
    /// secret or anywhere in a Secret; in Secrets also `password`, `admin` and the like under such names, and a command
    /// that was to be run: `$(openssl rand -hex 64)`. Names of users are never looked at.
    "secret-placeholder", No, [low, high, critical],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    Object => check
}

const HELP: &str = "set the real value, or let the chart take an existing Secret";

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    plain_credentials::report("secret-placeholder", object, HELP, findings);
    if !object.is("", "Secret") || kept::is_filled_by_others(object) {
        return;
    }
    for entry in findings.entries(object.number).iter() {
        let Some(text) = entry.text() else { continue };
        if kept::stands_in(&entry.key, text) {
            let place = object.at("").at_route(entry.route.clone(), entry.value);
            findings.add(place.wrong(format!("{} holds a stand-in for a secret", entry.key)).help(HELP));
        }
    }
}
