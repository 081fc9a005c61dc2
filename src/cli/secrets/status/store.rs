//! The secrets of a store.

use super::Found;
use super::judge::Place;
use crate::cli::output::to_stderr;
use crate::error::Error;
use crate::policy::Policy;
use crate::report::health::Named;
use crate::secrets::holding::Form;
use crate::secrets::rotation::Rotation;
use crate::secrets::sops::SopsError;
use crate::secrets::store::{self, KIND, Store, StoreError};
use crate::wire::{Input, input};
use crate::yaml::Value;

impl Found<'_> {
    pub(super) fn store(&mut self, file: &str, source: Input, policy: &Policy) -> Result<(), Error> {
        let wrong = |error: &StoreError| Error::usage(format!("{file}: {error}"), error.help());
        // A store in the clear, or one that is broken, is an error.
        store::list(&source.text).map_err(|error| wrong(&error))?;
        let store = match Store::open(&source.text, &self.keyring) {
            Ok(store) => store,
            Err(StoreError::Sops(SopsError::NoKey { .. })) => Store::default(),
            Err(error) => return Err(wrong(&error)),
        };
        let stream = input::parse_all(source)?;
        let documents =
            stream.documents.iter().filter_map(|document| Some((document, stream.root(document)?)));
        for (document, root) in documents {
            let line_of = |value: Value<'_>| document.line + value.line() - 1;
            for (name, entry) in root.get("secrets").map(Value::entries).unwrap_or_default() {
                let annotation = |name: &str| entry.get("annotations")?.get(name)?.as_str();
                let maps = ["data", "stringData"].into_iter().filter_map(|map| entry.get(map));
                for (key, value) in maps.flat_map(Value::entries) {
                    let rotation = Rotation::read(&annotation, &key).unwrap_or_else(|why| {
                        to_stderr(&format!("warning: {file}:{}: {name}: {why}\n", line_of(entry)));
                        Rotation::default()
                    });
                    let object =
                        Named { kind: KIND.to_owned(), namespace: None, name: name.clone().into_owned() };
                    let line = line_of(value);
                    let place = Place { object, key: &key, form: Form::Sops, file, line };
                    let rows = place.rows(rotation, store.get(&name, &key), policy);
                    self.refused |= rows.iter().any(|judged| judged.is_refused(policy));
                    self.rows.extend(rows.into_iter().map(|judged| judged.row));
                }
            }
        }
        Ok(())
    }
}
