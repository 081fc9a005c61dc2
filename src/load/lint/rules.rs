//! What is said about single rules.

use super::{Part, Remarks};
use crate::policy::FixMode;
use crate::rule::FixKind;
use crate::rules;
use crate::yaml::{Data, Route};

pub(super) fn look(part: &Part<'_>, remarks: &mut Remarks) {
    let Some(terms) = part.spec.get("rules").and_then(Data::as_object) else { return };
    for (id, terms) in terms {
        let route = Route::root().key("rules").key(id.clone());
        let Some(terms) = terms.as_object() else { continue };
        if terms.is_empty() {
            remarks.say(part.source, &route, format!("says nothing about {id}"), "drop it");
        }
        fix(part, id, terms.get("fix"), &route, remarks);
        let off = terms.get("severity").is_some_and(|word| *word == Data::Bool(false) || *word == "off");
        let settings = terms.keys().find(|key| *key != "severity" && *key != "fix");
        if let (true, Some(setting), true) = (off, settings, terms.get("fix") != Some(&Data::Bool(true))) {
            let what = format!("{id} is off, so {setting} changes nothing");
            remarks.say(part.source, &route.key(setting.clone()), what, "drop the one or the other");
        }
    }
}

fn fix(part: &Part<'_>, id: &str, fix: Option<&Data>, route: &Route, remarks: &mut Remarks) {
    let Some(fix) = fix.and_then(Data::as_bool) else { return };
    let kind = rules::find(id).map_or(FixKind::No, |rule| rule.fix);
    let route = route.key("fix");
    if kind == FixKind::No {
        let what = format!("{id} only reports: it has no fix to switch");
        remarks.say(part.source, &route, what, "drop fix");
    } else if fix && part.policy.fix == FixMode::None {
        let what = format!("fix: none makes no fixes, so none for {id}");
        remarks.say(part.source, &route, what, "fix: consented, or drop it");
    } else if fix
        && kind == FixKind::Consent
        && part.policy.fix == FixMode::Safe
        && !is_under_development(part)
    {
        let what = format!("fix: safe makes no fixes by consent, so none for {id}");
        remarks.say(part.source, &route, what, "fix: consented, or drop it");
    }
}

/// Development makes safe fixes only: a file made for the others says more than it takes.
fn is_under_development(part: &Part<'_>) -> bool {
    let environment = part.policy.environment.as_ref();
    let says = part.spec.get("fix").is_some();
    !says && environment.is_some_and(|it| it.root == crate::policy::Column::Development)
}
