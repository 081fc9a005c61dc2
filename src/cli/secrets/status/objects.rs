//! The secrets of a stream, in each of their forms.

use super::Found;
use super::judge::{Judged, Place};
use crate::cli::output::to_stderr;
use crate::cli::secrets::exempt;
use crate::cli::secrets::opened::InTheClear;
use crate::error::Error;
use crate::finding::Finding;
use crate::k8s::{Object, Release};
use crate::policy::Policy;
use crate::report::health::Named;
use crate::rules::{certificate_expiring, secret_overdue};
use crate::secrets::holding::{self, Form, Held};
use crate::secrets::rotation::Rotation;
use crate::secrets::sops::SopsError;
use crate::secrets::{Plain, secret};
use crate::yaml::Stream;

impl Found<'_> {
    pub(super) fn objects(&mut self, file: &str, stream: &Stream, policy: &Policy) -> Result<(), Error> {
        let release = Release::gather(stream, self.config.scope(policy));
        let clear = InTheClear::of(stream, &release, &self.keyring);
        let allowed =
            exempt::findings(&release, policy, &[secret_overdue::RULE.id, certificate_expiring::RULE.id])?;
        for object in release.objects.iter().filter(|object| policy.selects(&object.id)) {
            let Some((form, held)) = holding::of(object) else { continue };
            let place = format!("{file}:{}", object.line_of(object.value));
            // That nobody here has the key is told by the form alone.
            if let Some(error) = clear.error(object).filter(|it| !matches!(it, SopsError::NoKey { .. })) {
                to_stderr(&format!("warning: {place}: {} is not opened: {error}\n", object.id));
            }
            for held in held {
                let annotation = |name: &str| clear.annotation(object, name);
                let rotation = Rotation::read(&annotation, &held.key).unwrap_or_else(|why| {
                    to_stderr(&format!("warning: {place}: {}: {why}\n", object.id));
                    Rotation::default()
                });
                let value = value(object, form, &held, &clear);
                let line = object.line_of(held.value);
                let place = Place { object: named(object), key: &held.key, form, file, line };
                let is_allowed = |judged: &Judged| {
                    let about = |it: &&Finding| it.object == object.number && it.line == line;
                    allowed.iter().filter(about).any(|it| it.rule == judged.rule.id)
                };
                for judged in place.rows(rotation, value.as_ref(), policy) {
                    self.refused |= judged.is_refused(policy) && !is_allowed(&judged);
                    self.rows.push(judged.row);
                }
            }
        }
        Ok(())
    }
}

fn named(object: &Object<'_>) -> Named {
    let id = &object.id;
    Named { kind: id.kind.clone(), namespace: id.namespace.clone(), name: id.name.clone() }
}

/// The value, where it can be read.
fn value(object: &Object<'_>, form: Form, held: &Held<'_>, clear: &InTheClear) -> Option<Plain> {
    let is_text = object.value.get("stringData").and_then(|map| map.get(&held.key)).is_some();
    let decoded =
        |text: &str| if is_text { Some(Plain::from(text.to_owned())) } else { secret::decode(text) };
    match form {
        Form::Plain if held.value.is_null() => Some(Plain::default()),
        Form::Plain => decoded(&held.value.as_str()?),
        Form::Sops if held.value.as_str().is_some_and(|it| it.is_empty()) => Some(Plain::default()),
        Form::Sops => {
            let map = object.route.key(if is_text { "stringData" } else { "data" });
            let opened = clear.text(object, &map.key(held.key.clone()))?;
            if is_text { Some(opened.clone()) } else { secret::decode(opened.expose_text()?) }
        }
        Form::Sealed | Form::External => None,
    }
}
