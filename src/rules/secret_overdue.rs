//! `secret-overdue`.

use crate::date::Date;
use crate::finding::{Place, Severity};
use crate::k8s::{Object, Release};
use crate::policy::Policy;
use crate::rule::Findings;
use crate::secrets::holding::{self, Held};
use crate::secrets::rotation::{Rotation, State, Terms};
use crate::yaml::Data;

crate::rule! {
    /// A secret is past the day by which it was to be replaced, or near it.
    ///
    /// # Why
    /// A value that leaked unseen stays good for as long as it is in use.
    ///
    /// # Fix
    /// None: `hardtack secrets rotate` makes a new value and keeps the old one for a while. The days come from
    /// annotations beside the secret, in whatever form it is: `hardtack.dev/issued`, `hardtack.dev/rotate-after` (a
    /// day, or `90d` after it was issued) and `hardtack.dev/expires`; `issued.hardtack.dev/KEY` and so on speak of
    /// one key. `maxAge: 90d` in the policy holds for secrets that say only when they were issued; `warn: 14d` is how
    /// early a day that comes near is said, as low; `overlap: 7d` is how long `secrets rotate` keeps the old value, under
    /// `KEY-previous`. One that is still there after its time is medium at most: `secrets rotate --drop` takes it out.
    "secret-overdue", No, [low, medium, high],
    standards: ["OWASP K03", "REQ"],
    peers: [],
    settings: ["maxAge", "overlap", "warn"],
    Object => check
}

/// What the policy demands of the age of secrets.
#[must_use]
pub fn terms(policy: &Policy) -> Terms {
    let days = |name: &str| {
        policy.setting(RULE.id, name).and_then(Data::as_str).and_then(|text| Date::days(text).ok())
    };
    Terms { max_age: days("maxAge"), warn: days("warn").unwrap_or(Terms::default().warn) }
}

fn check(_: &Release<'_>, object: &Object<'_>, findings: &mut Findings<'_>) {
    let Some((_, held)) = holding::of(object) else { return };
    let (today, terms) = (findings.policy().today, terms(findings.policy()));
    for held in held {
        let rotation = match Rotation::of(object, &held.key) {
            Ok(rotation) => rotation,
            Err(why) => {
                let place = object.at("metadata.annotations");
                findings.add(place.wrong(why).help("mend the annotation").at_most(Severity::Medium));
                return;
            }
        };
        let key = &held.key;
        let ago = |day: Date| match day.days_until(today) {
            1 => "yesterday".to_owned(),
            days => format!("{days} days ago"),
        };
        let help = "hardtack secrets rotate makes a new value";
        let draft = match rotation.state(today, terms) {
            State::Unknown | State::Fresh => continue,
            State::Soon(day) => {
                place(object, &held).wrong(format!("{key} is to be replaced by {day}")).at_most(Severity::Low)
            }
            State::Due(day) => {
                place(object, &held).wrong(format!("{key} was to be replaced by {day}, {}", ago(day)))
            }
            State::Expired(day) if rotation.kept => {
                let words = format!("{key} was to be kept until {day}, {}, and is still there", ago(day));
                let help = "hardtack secrets rotate --drop takes it out";
                findings.add(place(object, &held).wrong(words).at_most(Severity::Medium).help(help));
                continue;
            }
            State::Expired(day) => {
                place(object, &held).wrong(format!("{key} expired on {day}, {}", ago(day)))
            }
        };
        findings.add(draft.help(help));
    }
}

fn place<'a>(object: &Object<'a>, held: &Held<'a>) -> Place<'a> {
    Place { near: held.value, ..object.at("metadata.annotations") }
}

/// For how many days the policy wants a replaced value kept, when it says so.
#[must_use]
pub fn overlap(policy: &Policy) -> Option<u32> {
    Date::days(policy.setting(RULE.id, "overlap")?.as_str()?).ok()
}
