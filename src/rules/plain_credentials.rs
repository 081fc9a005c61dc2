//! Reports the credentials that were found, each under the rule of the place it stands in.

use crate::finding::Place;
use crate::k8s::Object;
use crate::rule::Findings;

/// Says what is the rule's own among the suspects of an object.
pub fn report(rule: &str, object: &Object<'_>, help: &str, findings: &mut Findings<'_>) {
    if findings.is_off() {
        return;
    }
    let suspects = findings.suspects(object.number);
    for suspect in suspects.iter().filter(|suspect| suspect.rule() == rule) {
        let (container, route) = (suspect.container.clone(), suspect.route.clone());
        let place = Place { object: object.number, container, route, near: suspect.near };
        findings.add(place.wrong(suspect.words()).help(help).on_line(suspect.line));
    }
}
