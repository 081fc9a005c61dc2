//! How a replacement is written in each form that an object has.

use std::collections::BTreeMap;

use super::Order;
use crate::cli::config::Config;
use crate::cli::output::to_stderr;
use crate::cli::secrets::opened::InTheClear;
use crate::cli::secrets::{sealing, terms};
use crate::error::Error;
use crate::k8s::Object;
use crate::secrets::holding::Form;
use crate::secrets::replace::Replacement;
use crate::secrets::sealed::{self, Certificate, Scope};
use crate::secrets::sops::{self, Change, Keyring};
use crate::secrets::{Plain, secret};
use crate::yaml::{Data, Edit, Op, Route, Stream, Value, edit};

/// An object, and what of it can be read.
pub(super) struct Written<'w, 'a> {
    pub(super) object: &'w Object<'a>,
    pub(super) form: Form,
    pub(super) clear: &'w InTheClear,
}

impl Written<'_, '_> {
    /// The maps that hold values; what stands in the first wins.
    const fn maps(&self) -> &'static [&'static str] {
        match self.form {
            Form::Sealed => &["spec.encryptedData"],
            _ => &["stringData", "data"],
        }
    }

    fn in_map(&self, map: &str, key: &str) -> Option<Value<'_>> {
        self.object.value.path(map)?.get(key)
    }

    /// The map that a key stands in.
    fn map_of(&self, key: &str) -> &'static str {
        let maps = self.maps();
        maps.iter().copied().find(|map| self.in_map(map, key).is_some()).unwrap_or(maps[0])
    }

    fn route(&self, map: &'static str, key: &str) -> Route {
        self.object.route.path(map).key(key.to_owned())
    }

    /// What stands for a value: the text itself, base64, or ciphertext that only the cluster opens.
    fn raw(&self, key: &str) -> Option<Plain> {
        let map = self.map_of(key);
        let text = self.in_map(map, key)?;
        match self.form {
            Form::Sops if text.as_str().is_none_or(|text| !text.is_empty()) => {
                self.clear.text(self.object, &self.route(map, key)).cloned()
            }
            _ if text.is_null() => Some(Plain::default()),
            _ => Some(Plain::from(text.as_str()?.into_owned())),
        }
    }

    /// The value, where it can be read.
    pub(super) fn value(&self, key: &str) -> Option<Plain> {
        match (self.form, self.map_of(key)) {
            (Form::Plain | Form::Sops, "data") => secret::decode(self.raw(key)?.expose_text()?),
            (Form::Plain | Form::Sops, _) => self.raw(key),
            (Form::Sealed | Form::External, _) => None,
        }
    }

    /// The texts that are set, and taken out.
    pub(super) fn changes(
        &self,
        config: &Config,
        order: &Order<'_>,
        mut change: Replacement,
    ) -> Result<Vec<Change>, Error> {
        let home = self.map_of(order.key);
        change.notes.extend(self.digests(&change));
        let mut changes: Vec<Change> = Vec::new();
        for (key, kept) in &change.kept {
            let Some(raw) = self.raw(key) else {
                let message = format!("{} in {}: its value is no text", order.wanted.place, order.file);
                return Err(Error::usage(message, "write it as text, which is all that a cluster takes"));
            };
            self.put(&mut changes, self.map_of(key), kept, raw);
        }
        let sealing = if change.set.is_empty() { None } else { self.sealing(config, order)? };
        for (key, plain) in change.set {
            let text = match (&sealing, home) {
                (Some(sealing), _) => Plain::from(sealing.seal(&plain).map_err(|fault| order.wrong(fault))?),
                (None, "data") => Plain::from(secret::encode(&plain)),
                (None, _) => plain,
            };
            self.put(&mut changes, home, &key, text);
        }
        for key in &change.dropped {
            self.remove(&mut changes, key);
        }
        let annotations = ["metadata.annotations", "spec.template.metadata.annotations"];
        for (name, text) in change.notes {
            for map in annotations {
                let own = map == annotations[0];
                // The controller of SealedSecrets compares the two.
                let there =
                    own || self.object.value.path("spec.template.metadata").is_some_and(Value::is_map);
                let wanted = text.is_some() || self.in_map(map, &name).is_some();
                if there && wanted && (own || self.form == Form::Sealed) {
                    changes.push((self.route(map, &name), text.clone().map(Plain::from)));
                }
            }
        }
        Ok(changes)
    }

    /// The digests of a SealedSecret without those of keys that change, if it carries any.
    fn digests(&self, change: &Replacement) -> Option<(String, Option<String>)> {
        let text = self.object.annotation(sealed::DIGESTS).filter(|_| self.form == Form::Sealed)?;
        let kept = change.kept.iter().map(|(_, kept)| kept);
        let set = change.set.iter().map(|(key, _)| key);
        let keys: Vec<&str> = set.chain(kept).chain(&change.dropped).map(String::as_str).collect();
        Some((sealed::DIGESTS.to_owned(), sealed::digests_without(&text, &keys)))
    }

    /// Sets a text under a key in one map, and takes the key out of the others.
    fn put(&self, changes: &mut Vec<Change>, map: &'static str, key: &str, text: Plain) {
        for other in self.maps().iter().copied().filter(|other| *other != map) {
            if self.in_map(other, key).is_some() {
                changes.push((self.route(other, key), None));
            }
        }
        changes.push((self.route(map, key), Some(text)));
    }

    fn remove(&self, changes: &mut Vec<Change>, key: &str) {
        let there = self.maps().iter().copied().filter(|map| self.in_map(map, key).is_some());
        changes.extend(there.map(|map| (self.route(map, key), None)));
    }

    /// What new values of a SealedSecret are sealed with.
    fn sealing(&self, config: &Config, order: &Order<'_>) -> Result<Option<Sealing>, Error> {
        if self.form != Form::Sealed {
            return Ok(None);
        }
        let terms = sealing::terms(config, order.wanted.cert.as_deref(), None)?;
        let judged = terms.certificate.judge(order.today.epoch_seconds());
        let warning =
            judged.map_err(|fault| Error::usage(format!("{} is {}", terms.place, fault.what), fault.help))?;
        if let Some(warning) = warning.filter(|_| !config.common.quiet) {
            to_stderr(&format!("note: {} {warning}\n", terms.place));
        }
        let annotations =
            self.object.value.path("metadata.annotations").map(Value::entries).unwrap_or_default();
        let texts = annotations
            .into_iter()
            .filter_map(|(key, value)| Some((key.into_owned(), value.as_str()?.into_owned())));
        let texts: BTreeMap<String, String> = texts.collect();
        let id = &self.object.id;
        Ok(Some(Sealing {
            certificate: terms.certificate,
            // What is there was sealed so, and one object has one scope.
            scope: Scope::asked(|key| texts.get(key).map(String::as_str)).unwrap_or_default(),
            namespace: id.namespace.clone(),
            name: id.name.clone(),
        }))
    }

    /// The whole file with the changes, and what the editor remarks.
    pub(super) fn text(
        &self,
        config: &Config,
        order: &Order<'_>,
        stream: &Stream,
        changes: &[Change],
        keyring: &dyn Keyring,
    ) -> Result<(String, Vec<String>), Error> {
        let number = self.object.document;
        if self.form == Form::Sops {
            let digest_key = config.digest_key()?;
            let text =
                sops::change(&stream.text, number, changes, keyring, digest_key.as_ref(), config.now()?);
            return Ok((text.map_err(|error| terms::wrong(&order.file, &error))?, Vec::new()));
        }
        let edit = |(route, text): &Change| {
            let text = text.as_ref().map(|text| text.expose_text().unwrap_or_default().to_owned());
            Edit { route: route.clone(), op: text.map_or(Op::Remove, |text| Op::Set(Data::String(text))) }
        };
        let document = &stream.documents[number];
        let root = stream.root(document).unwrap_or(self.object.value);
        let edits: Vec<Edit> = changes.iter().map(edit).collect();
        let edited = edit::apply(root, &edits).map_err(|error| {
            let message = format!("{} in {}: {error}", self.object.id, order.file);
            Error::usage(message, "write that part of the manifest in block style; nothing was written")
        })?;
        let body = &document.body;
        let whole = [&stream.text[..body.start], &edited.text, &stream.text[body.end..]].concat();
        Ok((whole, edited.notes))
    }
}

/// What new values of one SealedSecret are sealed with.
struct Sealing {
    certificate: Certificate,
    scope: Scope,
    namespace: Option<String>,
    name: String,
}

impl Sealing {
    fn seal(&self, plain: &Plain) -> Result<String, crate::secrets::Fault> {
        let place = (self.namespace.as_deref(), self.name.as_str());
        sealed::seal_value(&self.certificate, self.scope, place, plain)
    }
}
