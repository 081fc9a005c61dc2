//! `secret-reference-unresolved`.

use crate::finding::Place;
use crate::k8s::{Object, Release};
use crate::policy::secrets::Form;
use crate::resolve::sites::{self, Site, Slot};
use crate::rule::Findings;

crate::rule! {
    /// A reference to a secret would reach the cluster as text.
    ///
    /// # Why
    /// `ref+vault://…`, `<path:…#key>` and `hardtack://…` are resolved by a program on the way to the cluster. Where none does,
    /// the reference itself becomes the password.
    ///
    /// # Fix
    /// None as a rule: `--resolve` resolves them, from the stores that the policy allows, and only in Secrets. Custom resources
    /// whose controllers read references themselves are left alone.
    "secret-reference-unresolved", No, [medium, high, high],
    standards: ["OWASP K03"],
    peers: [],
    Object => check
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    // There they become references of an ExternalSecret.
    if object.is("", "Secret") && findings.policy().secrets.form_of(object) == Form::External {
        return;
    }
    for site in sites::of(object) {
        let Some(first) = site.found.first() else { continue };
        let (shown, help) = match &first.reference {
            Ok(reference) => (&reference.shown, help(&site)),
            Err(wrong) => (&wrong.shown, wrong.what.clone()),
        };
        let more = site.found.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        let place =
            Place { object: object.number, container: None, route: site.route.clone(), near: object.value };
        let draft = place.wrong(format!("holds the reference {shown}{more} as text"));
        findings.add(draft.on_line(site.line).help(help));
    }
}

fn help(site: &Site) -> String {
    let help = match site.slot {
        Slot::Elsewhere => {
            "put the reference in a Secret and refer to that one from here: --resolve fills in Secrets only"
        }
        Slot::Text | Slot::Encoded | Slot::Raw => {
            "resolve it with --resolve; where something after hardtack does, exempt the rule"
        }
    };
    help.to_owned()
}
