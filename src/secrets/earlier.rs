//! The output of an earlier run: what has not changed since keeps its ciphertext, byte for byte.

use std::fmt;
use std::sync::Arc;

use super::sealed;
use super::sops::{self, Keyring, Previous, SopsError, State};
use crate::yaml::{Data, Stream};

/// The encrypted objects of an earlier run, and what opens those that can be opened.
#[derive(Clone)]
pub struct Earlier {
    /// Each with the number of its document.
    objects: Vec<(usize, Data)>,
    keyring: Arc<dyn Keyring>,
}

impl fmt::Debug for Earlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Earlier({} objects)", self.objects.len())
    }
}

/// An encrypted object that was found, or why what there is cannot be compared.
pub enum Found<'e> {
    /// There is none.
    Nothing,
    /// This one.
    Object(Previous<'e>),
    /// One that nobody here can open: it is encrypted anew.
    Closed(SopsError),
}

impl Earlier {
    /// Those of a stream, items of lists among them.
    #[must_use]
    pub fn of(stream: &Stream, keyring: Arc<dyn Keyring>) -> Self {
        let roots = stream.documents.iter().enumerate();
        let documents = roots.filter_map(|(at, document)| Some((at, stream.root(document)?.to_data())));
        let mut objects = Vec::new();
        for (at, mut data) in documents {
            let items = data.get_mut("items").and_then(Data::as_array_mut).map(std::mem::take);
            objects.extend(items.unwrap_or_default().into_iter().map(|item| (at, item)));
            objects.push((at, data));
        }
        objects.retain(|(_, object)| {
            kind(object) == Some(sealed::KIND) || matches!(sops::state(object), Ok(State::Encrypted))
        });
        Self { objects, keyring }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The SOPS object of the same identity; what is no object, by its place in the stream.
    ///
    /// # Errors
    /// [`SopsError`] for one that is broken.
    pub fn sops(&self, object: &Data, number: usize) -> Result<Found<'_>, SopsError> {
        let wanted = identity(object);
        let fits = |at: usize, it: &Data| match &wanted {
            Some(wanted) => identity(it).as_ref() == Some(wanted),
            None => at == number,
        };
        let found = self.objects.iter().find(|(at, it)| kind(it) != Some(sealed::KIND) && fits(*at, it));
        let Some((_, object)) = found else { return Ok(Found::Nothing) };
        match Previous::opened(object, &*self.keyring) {
            Ok(previous) => Ok(Found::Object(previous)),
            // Where a digest can compare, nothing has to be opened.
            Err(SopsError::NoKey { .. }) if object.pointer("/sops/hardtack_digest").is_some() => {
                Previous::closed(object).map(Found::Object)
            }
            Err(error @ SopsError::NoKey { .. }) => Ok(Found::Closed(error)),
            Err(error) => Err(error),
        }
    }

    /// The SealedSecret of a Secret.
    #[must_use]
    pub fn sealed(&self, name: &str, namespace: Option<&str>) -> Option<&Data> {
        let text = |it: &Data, at: &str| it.pointer(at).and_then(Data::as_str).map(str::to_owned);
        let fits = |it: &Data| {
            let named = text(it, "/metadata/namespace");
            text(it, "/metadata/name").as_deref() == Some(name)
                && (namespace.is_none() || named.is_none() || named.as_deref() == namespace)
        };
        let mut sealed = self.objects.iter().map(|(_, it)| it).filter(|it| kind(it) == Some(sealed::KIND));
        sealed.find(|it| fits(it))
    }
}

fn kind(object: &Data) -> Option<&str> {
    object.get("kind").and_then(Data::as_str)
}

fn identity(object: &Data) -> Option<[Option<&str>; 4]> {
    let at = |pointer: &str| object.pointer(pointer).and_then(Data::as_str);
    let known = [at("/apiVersion"), at("/kind"), at("/metadata/namespace"), at("/metadata/name")];
    (known[0].is_some() && known[1].is_some() && known[3].is_some()).then_some(known)
}
