//! What stands in the SOPS Secrets of a stream, so far as somebody here can open them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::k8s::{Object, Release};
use crate::secrets::Plain;
use crate::secrets::holding::{self, Form};
use crate::secrets::sops::{self, Keyring, Opened, SopsError};
use crate::yaml::{Route, Stream};

/// The documents that sops encrypted.
pub(super) struct InTheClear {
    /// By number of the document: what it is opened as, and its number there.
    documents: BTreeMap<usize, Result<(usize, usize), SopsError>>,
    opened: Vec<Opened>,
}

impl InTheClear {
    /// Opens what can be opened.
    pub(super) fn of(stream: &Stream, release: &Release<'_>, keyring: &dyn Keyring) -> Self {
        let mut all = Self { documents: BTreeMap::new(), opened: Vec::new() };
        let is_sops = |object: &&Object<'_>| matches!(holding::of(object), Some((Form::Sops, _)));
        let sealed: Vec<usize> = release.objects.iter().filter(is_sops).map(|it| it.document).collect();
        if sealed.is_empty() {
            return all;
        }
        // What sops wrote of several documents has one hash over all of them.
        if let Ok(whole) = sops::decrypt(&stream.text, keyring) {
            let full =
                |number: &usize| stream.root(&stream.documents[*number]).is_some_and(|it| !it.is_null());
            let numbers = (0..stream.documents.len()).filter(full).enumerate();
            all.documents = numbers.map(|(place, number)| (number, Ok((0, place)))).collect();
            all.opened.push(whole);
            return all;
        }
        for number in sealed {
            let opened = sops::decrypt(stream.body(&stream.documents[number]), keyring);
            let place = opened.map(|opened| {
                all.opened.push(opened);
                (all.opened.len() - 1, 0)
            });
            all.documents.insert(number, place);
        }
        all
    }

    /// The text at a route of the object's document.
    pub(super) fn text(&self, object: &Object<'_>, route: &Route) -> Option<&Plain> {
        let (opened, place) = self.documents.get(&object.document)?.as_ref().ok()?;
        self.opened[*opened].value(*place, route)
    }

    /// Why the object's document is not opened, if it is not.
    pub(super) fn error(&self, object: &Object<'_>) -> Option<&SopsError> {
        self.documents.get(&object.document)?.as_ref().err()
    }

    /// An annotation of an object; one that a rule of sops locked away too only where the object is opened.
    pub(super) fn annotation<'a>(&self, object: &Object<'a>, name: &str) -> Option<Cow<'a, str>> {
        let written = object.annotation(name)?;
        if !sops::looks_sealed(&written) {
            return Some(written);
        }
        let route = object.route.path("metadata.annotations").key(name.to_owned());
        Some(self.text(object, &route)?.expose_text()?.to_owned().into())
    }
}
