//! Some values of one object in a file set or taken out. Everything else keeps its bytes, comments and ciphertext among
//! them; the keys that can open the file stay as they are, also those of services that hardtack does not speak to.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::DIGEST;
use super::block::{Block, printed};
use super::decrypt::{OpenedLeaves, open_into};
use super::encrypt::nothing_left;
use super::failure::SopsError;
use super::file::{decrypt, parse, units};
use super::leaf::{self, BLOCK};
use super::mac::Mac;
use super::previous::digest;
use super::recipient::Keyring;
use super::sealed::DataKey;
use super::typed::{Kind, Typed, unfit};
use crate::secrets::Plain;
use crate::yaml::edit::{self, EditError};
use crate::yaml::{Data, Edit, Op, Route, Step, Stream, Value};

/// One text of an object: set, or with `None` taken out.
pub type Change = (Route, Option<Plain>);

/// The file with these changes in the document of this number, counted from 0. With a digest key the digests that are
/// there are made anew; without one they are taken out, since they no longer fit.
///
/// # Errors
/// [`SopsError`]; also when nobody here can open the document, or a value of a Secret would stay in the clear.
pub fn change(
    text: &str,
    document: usize,
    changes: &[Change],
    keyring: &dyn Keyring,
    digest_key: Option<&Plain>,
    time: DateTime<Utc>,
) -> Result<String, SopsError> {
    let stream = parse(text)?;
    let (block, numbers) = unit(&stream, document)?;
    let key = block.unlock(keyring)?;
    let before = opened(&stream, &numbers, &block, &key)?;
    // What somebody else changed is not to get a hash that agrees.
    if !before.mac.clone().agrees(&key, &block.mac, &block.lastmodified) {
        return Err(SopsError::Mac);
    }
    let edits = edits(changes, &block, &key)?;
    let changed = parse(&edited(&stream, &[(document, edits)])?)?;
    // The rule may speak of the keys that were there, and not of a new one.
    nothing_left(&root(&changed, document).map(Value::to_data).unwrap_or_default(), &block.rule)?;
    let after = opened(&changed, &numbers, &block, &key)?;
    let lastmodified = printed(time);
    let mac = after.mac.clone().seal(&key, &lastmodified)?;
    let at = |field: &str| Route::root().key(BLOCK).key(field.to_owned());
    let mut signed = Vec::new();
    for (number, leaves) in numbers.iter().zip(&after.documents) {
        let set = |field: &str, text: String| Edit { route: at(field), op: Op::Set(Data::String(text)) };
        let mut edits = vec![set("mac", mac.clone()), set("lastmodified", lastmodified.clone())];
        if root(&changed, *number).and_then(|it| it.get(BLOCK)?.get(DIGEST)).is_some() {
            edits.push(match digest_key {
                Some(key) => set(DIGEST, digest(&leaves.leaves, &block.rule, key)),
                None => Edit { route: at(DIGEST), op: Op::Remove },
            });
        }
        signed.push((*number, edits));
    }
    let text = edited(&changed, &signed)?;
    reads_back(&text, keyring, before, &numbers, document, changes)?;
    Ok(text)
}

/// All documents under one hash, in the clear.
struct Opened {
    documents: Vec<OpenedLeaves>,
    mac: Mac,
}

/// The block of a document, and the numbers of all documents that are under the same hash.
fn unit(stream: &Stream, document: usize) -> Result<(Block, Vec<usize>), SopsError> {
    let body = stream.documents.get(document).map(|it| it.body.clone());
    let place = |body: &Range<usize>| stream.documents.iter().position(|it| it.body == *body);
    for unit in units(stream)? {
        if unit.documents.iter().any(|(it, _)| Some(&it.body) == body.as_ref()) {
            let numbers = unit.documents.iter().filter_map(|(it, _)| place(&it.body)).collect();
            return Ok((unit.block.ok_or(SopsError::NotEncrypted)?, numbers));
        }
    }
    Err(SopsError::NotEncrypted)
}

fn root(stream: &Stream, number: usize) -> Option<Value<'_>> {
    stream.root(&stream.documents[number])
}

/// The leaves of some documents, and the hash over them, which is not judged yet.
fn opened(stream: &Stream, numbers: &[usize], block: &Block, key: &DataKey) -> Result<Opened, SopsError> {
    let mut all = Opened { documents: Vec::new(), mac: Mac::new(block.mac_only_encrypted) };
    for number in numbers {
        let root = root(stream, *number).ok_or(SopsError::NotAsPlanned)?;
        let leaves = open_into(leaf::of_value(root)?, block, key, all.mac)?;
        all.mac = leaves.mac.clone();
        all.documents.push(leaves);
    }
    Ok(all)
}

fn keys(route: &Route) -> Vec<String> {
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.to_string()),
        Step::Index(_) => None,
    };
    route.steps().iter().filter_map(key).collect()
}

fn edits(changes: &[Change], block: &Block, key: &DataKey) -> Result<Vec<Edit>, SopsError> {
    if block.rule.by_comments() {
        return Err(SopsError::CommentRule(block.rule.kind().key()));
    }
    let edit = |(route, plain): &Change| {
        let Some(plain) = plain else { return Ok(Edit { route: route.clone(), op: Op::Remove }) };
        let keys = keys(route);
        let text = if block.rule.encrypts(keys.iter().map(String::as_str)) {
            key.seal(&Typed { kind: Kind::Str, bytes: plain.clone() }, &leaf::aad(&keys))?
        } else {
            plain.expose_text().ok_or_else(|| unfit(route, "is no text"))?.to_owned()
        };
        Ok(Edit { route: route.clone(), op: Op::Set(Data::String(text)) })
    };
    changes.iter().map(edit).collect()
}

fn edited(stream: &Stream, all: &[(usize, Vec<Edit>)]) -> Result<String, SopsError> {
    let mut text = String::with_capacity(stream.text.len() + 1024);
    let mut done = 0;
    for (number, edits) in all {
        let body = &stream.documents[*number].body;
        let root = root(stream, *number).ok_or(SopsError::NotAsPlanned)?;
        let edited = edit::apply(root, edits).map_err(|error| match error {
            EditError::NotAsPlanned(_) => SopsError::NotAsPlanned,
            EditError::WrongType { route, .. }
            | EditError::Conflict(route)
            | EditError::Unsupported { route, .. } => unfit(&route, "cannot be edited as text"),
        })?;
        text.push_str(&stream.text[done..body.start]);
        text.push_str(&edited.text);
        done = body.end;
    }
    text.push_str(&stream.text[done..]);
    Ok(text)
}

/// Opens the result as any reader would, and compares: what was to change has, and nothing else.
fn reads_back(
    text: &str,
    keyring: &dyn Keyring,
    before: Opened,
    numbers: &[usize],
    document: usize,
    changes: &[Change],
) -> Result<(), SopsError> {
    let stream = parse(text)?;
    // A document under a hash of its own is opened alone: others of the stream may be for other people.
    let opened = match numbers {
        [only] => decrypt(stream.body(&stream.documents[*only]), keyring)?,
        _ => decrypt(text, keyring)?,
    };
    for (number, leaves) in before.documents.into_iter().enumerate() {
        let leaves = leaf::without_comments(leaves.leaves);
        let own = if numbers[number] == document { changes } else { &[] };
        let stays = |route: &Route| own.iter().all(|(changed, _)| changed != route);
        let kept = leaves.iter().filter(|leaf| stays(&leaf.route));
        let set = own.iter().filter_map(|(route, plain)| Some((route, plain.as_ref()?)));
        let wanted: Vec<(&Route, &Plain)> =
            kept.map(|leaf| (&leaf.route, &leaf.typed.bytes)).chain(set).collect();
        let there = opened.routes().filter(|(it, _)| *it == number).count();
        let same = wanted.iter().all(|(route, plain)| opened.value(number, route) == Some(*plain));
        if !same || there != wanted.len() {
            return Err(SopsError::NotAsPlanned);
        }
    }
    Ok(())
}
