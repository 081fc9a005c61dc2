//! What takes the place of a text with references.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ask::{Asker, text};
use super::sites::{Site, Slot, annotation};
use super::{Failure, Stores, Trouble, place};
use crate::k8s::Object;
use crate::secrets::Plain;
use crate::secrets::reference::{Ask, Found, Modifier, Reference};
use crate::yaml::Data;

/// What becomes of the key.
#[derive(Debug)]
pub(super) enum Filled {
    /// It gets this value.
    Data(Data),
    /// It goes.
    Gone,
}

/// Resolves the references of a text.
pub(super) fn fill(
    object: &Object<'_>,
    site: &Site,
    stores: &mut dyn Stores,
    sources: &mut BTreeMap<String, usize>,
) -> Result<Filled, Vec<Trouble>> {
    let mut asker = Asker { object, stores, sources };
    let (mut troubles, mut bytes, mut from) = (Vec::new(), Vec::new(), 0);
    for found in &site.found {
        bytes.extend_from_slice(&site.text.as_bytes()[from..found.range.start]);
        from = found.range.end;
        match value(site, found, &mut asker) {
            Ok(plain) => bytes.extend_from_slice(plain.expose()),
            Err((reference, failure)) => {
                troubles.push(Trouble { reference, place: place(object, site), failure })
            }
        }
    }
    bytes.extend_from_slice(&site.text.as_bytes()[from..]);
    let bytes = Plain::new(bytes);
    let may_go = site.slot != Slot::Elsewhere
        && annotation(object, "remove-missing").is_some_and(|word| word == "true");
    if may_go && !troubles.is_empty() && troubles.iter().all(|trouble| trouble.failure.missing) {
        return Ok(Filled::Gone);
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    let is_base64 = site.found.iter().all(ends_in_base64);
    let text = match site.slot {
        Slot::Text => bytes.expose_text().map(str::to_owned),
        Slot::Raw if is_base64 => bytes.expose_text().map(str::to_owned),
        Slot::Raw | Slot::Encoded | Slot::Elsewhere => Some(STANDARD.encode(bytes.expose())),
    };
    match text {
        Some(text) => Ok(Filled::Data(Data::String(text))),
        None => {
            let failure =
                Failure::new("its value is no text, so stringData cannot hold it", "move the key to data");
            let reference = site.found.first().map(shown).unwrap_or_default();
            Err(vec![Trouble { reference, place: place(object, site), failure }])
        }
    }
}

fn shown(found: &Found) -> String {
    match &found.reference {
        Ok(reference) => reference.shown.clone(),
        Err(malformed) => malformed.shown.clone(),
    }
}

/// The value of one reference, fit for its place.
fn value(site: &Site, found: &Found, asker: &mut Asker<'_>) -> Result<Plain, (String, Failure)> {
    let reference = match &found.reference {
        Ok(reference) => reference,
        Err(wrong) => {
            let help = "docs/resolving.md has the grammar of references";
            return Err((wrong.shown.clone(), Failure::new(wrong.what.clone(), help)));
        }
    };
    let checked = may_stand(site, found)
        .and_then(|()| asker.value(reference))
        .and_then(text)
        .and_then(|plain| fits(site, found, reference, plain));
    checked.map_err(|failure| (reference.shown.clone(), failure))
}

/// Whether a value may stand there, before anybody is asked for it.
fn may_stand(site: &Site, found: &Found) -> Result<(), Failure> {
    match site.slot {
        Slot::Elsewhere => Err(Failure::new(
            "a value may land only in data and stringData of a Secret",
            "put it in a Secret, and let this place refer to that one: secretKeyRef, envFrom or a mounted file",
        )),
        Slot::Raw if !is_whole(site, found) => Err(Failure::new(
            "it stands beside other text where base64 is expected",
            "move the key to stringData",
        )),
        Slot::Raw | Slot::Text | Slot::Encoded => Ok(()),
    }
}

fn is_whole(site: &Site, found: &Found) -> bool {
    let (before, after) = (&site.text[..found.range.start], &site.text[found.range.end..]);
    before.trim().is_empty() && after.trim().is_empty()
}

/// Whether a value may stand amid the text around its reference: there it must not add lines or end quotes.
fn fits(site: &Site, found: &Found, reference: &Reference, plain: Plain) -> Result<Plain, Failure> {
    if is_whole(site, found) {
        return Ok(plain);
    }
    let text = plain.expose_text().ok_or_else(|| {
        Failure::new("its value is no text and cannot stand amid one", "give it a key of its own")
    })?;
    let indents = |ask: &Ask| matches!(ask, Ask::Placeholder(it) if matches!(it.modifiers.last(), Some(Modifier::Indent(_))));
    let own_lines = indents(&reference.ask);
    if text.contains(|c: char| c.is_control() && !(own_lines && c == '\n')) {
        return Err(Failure::new(
            "its value holds a line end or another control character and would change the file it stands in",
            "give it a key of its own, encode it (| base64encode), or say | indent where its lines are meant",
        ));
    }
    match quote_around(&site.text[..found.range.start]) {
        Some('"') if text.contains(['"', '\\']) => Err(ends_quotes("double")),
        Some('\'') if text.contains('\'') => Err(ends_quotes("single")),
        _ => Ok(plain),
    }
}

fn ends_quotes(which: &str) -> Failure {
    let what = format!("its value would end the {which} quotes it stands in");
    Failure::new(what, "give it a key of its own, or encode it (| base64encode)")
}

/// The quote that is open on the last line of a text.
fn quote_around(before: &str) -> Option<char> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (mut open, mut escaped) = (None, false);
    for c in line.chars() {
        match c {
            '\\' if open == Some('"') => escaped = !escaped,
            '"' | '\'' if !escaped => open = if open == Some(c) { None } else { open.or(Some(c)) },
            _ => escaped = false,
        }
    }
    open
}

fn ends_in_base64(found: &Found) -> bool {
    let last = found.reference.as_ref().ok().and_then(|reference| match &reference.ask {
        Ask::Placeholder(placeholder) => placeholder.modifiers.last(),
        Ask::Vals(_) | Ask::Own { .. } => None,
    });
    last == Some(&Modifier::Base64Encode)
}
