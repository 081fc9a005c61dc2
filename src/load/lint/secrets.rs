//! `secrets:` terms that nothing uses, entries that never count, and certificates that are past their days.

use super::{Part, Remarks};
use crate::policy::FixMode;
use crate::policy::secrets::Form;
use crate::yaml::{Data, Route};

pub(super) fn look(part: &Part<'_>, remarks: &mut Remarks) {
    let Some(said) = part.spec.get("secrets") else { return };
    let route = |key: &'static str| Route::root().key("secrets").key(key);
    let secrets = &part.policy.secrets;
    let goes = |form: Form| secrets.to == form || secrets.objects.iter().any(|(_, to)| *to == form);
    for (form, help) in [
        (Form::Sealed, "secrets: {to: sealed}"),
        (Form::Sops, "secrets: {to: sops}"),
        (Form::External, "secrets: {to: external}"),
    ] {
        let key = form.word();
        if said.get(key).is_some() && !goes(form) {
            remarks.say(
                part.source,
                &route(key),
                format!("no Secret goes to {key}, so these terms change nothing"),
                help,
            );
        }
    }
    let converts = goes(Form::Sealed) || goes(Form::External);
    if said.get("adopted").and_then(Data::as_bool) == Some(true) && !converts {
        let what = "no Secret changes its kind, so adopted changes nothing";
        remarks.say(part.source, &route("adopted"), what, "drop it");
    }
    if said.get("asFiles").is_some() && !part.policy.consents("secret-in-env") {
        let help = "rules: {secret-in-env: {fix: true}}";
        remarks.say(part.source, &route("asFiles"), "no variable moves, so asFiles changes nothing", help);
    }
    if secrets.converts() && part.policy.fix == FixMode::None {
        remarks.say(part.source, &Route::root().key("secrets"), "fix: none converts no Secret", "fix: safe");
    }
    if said.get("sealed").is_some()
        && let Some(sealed) = &secrets.sealed
    {
        let certificate = route("sealed").key("certificate");
        match sealed.certificate.judge(part.policy.today.epoch_seconds()) {
            Ok(None) => {}
            Ok(Some(words)) => remarks.say(part.source, &certificate, format!("the certificate {words}"), ""),
            Err(fault) => {
                remarks.say(
                    part.source,
                    &certificate,
                    format!("the certificate is {}", fault.what),
                    fault.help,
                );
            }
        }
    }
    objects(part, said.get("objects"), &route("objects"), remarks);
}

/// Entries behind one that means every Secret, and those that mean none.
fn objects(part: &Part<'_>, said: Option<&Data>, route: &Route, remarks: &mut Remarks) {
    let Some(items) = said.and_then(Data::as_array) else { return };
    let means_all = |item: &Data| {
        item.get("match")
            .is_none_or(|it| it.as_object().is_some_and(|words| words.keys().all(|key| key == "kind")))
    };
    for (number, item) in items.iter().enumerate() {
        let here = route.index(number);
        if number > 0 && items[..number].iter().any(means_all) {
            remarks.say(
                part.source,
                &here,
                "an entry before it means every Secret, so it never counts",
                "put it first",
            );
        }
        let kind = item.pointer("/match/kind").and_then(Data::as_str);
        if let Some(kind) = kind.filter(|kind| !kind.contains('*') && *kind != "Secret") {
            let what = format!("a {kind} is no Secret, so it never matches");
            remarks.say(part.source, &here.key("match").key("kind"), what, "kind: Secret, or drop kind");
        }
    }
}
