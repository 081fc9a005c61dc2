//! What is allowed: for how long, by whom, and whether it says anything.

use super::{Part, Remarks};
use crate::policy::exemption::UNASSIGNED;
use crate::policy::{Column, Date};
use crate::rules;
use crate::yaml::{Data, Route};

pub(super) fn look(part: &Part<'_>, remarks: &mut Remarks) {
    let all = part.spec.get("exemptions").and_then(Data::as_array).map_or(&[][..], Vec::as_slice);
    for (number, exemption) in all.iter().enumerate() {
        let route = Route::root().key("exemptions").index(number);
        let text = |key: &str| exemption.get(key).and_then(Data::as_str);
        match text("owner") {
            None => {
                remarks.say(part.source, &route, "the exemption has no owner", "owner: who answers for it")
            }
            Some(UNASSIGNED) => {
                let what = format!("the exemption is {UNASSIGNED}: nobody answers for it");
                remarks.say(part.source, &route.key("owner"), what, "owner: a team or a person");
            }
            Some(_) => {}
        }
        let until = text("until").and_then(|day| day.parse::<Date>().ok());
        if let Some(until) = until.filter(|until| *until < part.policy.today) {
            let what =
                format!("the exemption ended on {until}: what it allowed is open again, and not fixed");
            remarks.say(part.source, &route.key("until"), what, "renew it with a new reason, or drop it");
        }
        for id in ids(exemption) {
            off(part, id, &route, remarks);
            let same =
                |other: &&Data| other.get("match") == exemption.get("match") && ids(other).any(|it| it == id);
            if all[..number].iter().find(same).is_some() {
                remarks.say(part.source, &route, format!("{id} is allowed here twice"), "drop one");
            }
        }
    }
}

fn ids(exemption: &Data) -> impl Iterator<Item = &str> {
    let allow = exemption.get("allow");
    let one = allow.and_then(Data::as_str);
    one.into_iter().chain(allow.and_then(Data::as_array).into_iter().flatten().filter_map(Data::as_str))
}

/// A rule that is off finds nothing in the strictest environment either.
fn off(part: &Part<'_>, id: &str, route: &Route, remarks: &mut Remarks) {
    let Some(rule) = rules::find(id) else { return };
    let strict = part.policy.severities == Column::Production;
    if strict && part.policy.severity(id, rule.severity).is_none() && !part.policy.consents(id) {
        let what = format!("{id} is off here, so there is nothing to allow");
        remarks.say(part.source, &route.key("allow"), what, "drop it, or give the rule a severity");
    }
}
