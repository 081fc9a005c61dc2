//! A file of one or more documents, decrypted in place: its text and comments stay as they are.

use zeroize::Zeroizing;

use super::block::Block;
use super::comments;
use super::decrypt::{OpenedLeaves, open_into};
use super::failure::SopsError;
use super::leaf::{self, BLOCK, Leaf};
use super::mac::Mac;
use super::recipient::Keyring;
use super::sealed::{DataKey, looks_sealed};
use super::typed::{Kind, Typed, unfit};
use crate::secrets::Plain;
use crate::yaml::stream::ParseOptions;
use crate::yaml::{Data, Document, Edit, Op, Route, Stream, Value, edit, stream, write};

/// A decrypted file.
pub struct Opened {
    /// Its text in the clear.
    pub text: Zeroizing<String>,
    /// What the reader should know, without any value: a comment that could not be decrypted, text that was lost.
    pub notes: Vec<String>,
    values: Vec<(usize, Route, Typed)>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({} values)", self.values.len())
    }
}

impl Opened {
    /// The text of a value, encrypted or not, at a route of the document with this number, counted from 0 among those
    /// that have content.
    #[must_use]
    pub fn value(&self, document: usize, route: &Route) -> Option<&Plain> {
        let found = self.values.iter().find(|(number, place, _)| *number == document && place == route);
        found.map(|(_, _, typed)| &typed.bytes)
    }

    /// Where there are values, in the order of the file.
    pub fn routes(&self) -> impl Iterator<Item = (usize, &Route)> {
        self.values.iter().map(|(number, route, _)| (*number, route))
    }
}

/// For whom a file is encrypted, as it says itself.
///
/// # Errors
/// [`SopsError`] when it is not encrypted.
pub fn recipients(text: &str) -> Result<Vec<String>, SopsError> {
    let stream = parse(text)?;
    let block = units(&stream)?.into_iter().find_map(|unit| unit.block).ok_or(SopsError::NotEncrypted)?;
    let names = block.groups.iter().flat_map(|group| group.age.iter().map(|it| it.recipient.clone()));
    Ok(names.collect())
}

/// Decrypts a file that sops wrote, or a stream of objects that were encrypted one by one; documents of such a stream
/// that are not encrypted stay as they are.
///
/// # Errors
/// [`SopsError`]; nothing is decrypted then.
pub fn decrypt(text: &str, keyring: &dyn Keyring) -> Result<Opened, SopsError> {
    let stream = parse(text)?;
    let (mut notes, mut documents) = (Vec::new(), Vec::new());
    for unit in units(&stream)? {
        let Some(block) = &unit.block else {
            documents.extend(unit.plain()?);
            continue;
        };
        for field in &block.unknown {
            notes.push(format!("sops.{field} is no field that hardtack knows"));
        }
        documents.extend(unit.opened(block, keyring)?);
    }
    let text = written(&stream, &documents, &mut notes)?;
    let values = documents.into_iter().enumerate().flat_map(|(number, open)| {
        leaf::without_comments(open.leaves.leaves)
            .into_iter()
            .map(move |leaf| (number, leaf.route, leaf.typed))
    });
    Ok(Opened { text, notes, values: values.collect() })
}

pub(super) fn parse(text: &str) -> Result<Stream, SopsError> {
    stream::parse(text.to_owned(), ParseOptions::default()).map_err(|error| SopsError::Yaml {
        line: error.line,
        message: error.message,
        help: error.help,
    })
}

/// Documents under one hash.
pub(super) struct Unit<'s> {
    pub(super) block: Option<Block>,
    pub(super) documents: Vec<(&'s Document, Value<'s>)>,
}

/// What a file is made of. sops writes one block into all documents of a file and hashes over all of them; of objects
/// that were encrypted one by one each has its own.
pub(super) fn units(stream: &Stream) -> Result<Vec<Unit<'_>>, SopsError> {
    let with_root = |document| Some((document, stream.root(document)?));
    let documents: Vec<(&Document, Value<'_>)> =
        stream.documents.iter().filter_map(with_root).filter(|(_, root)| !root.is_null()).collect();
    let blocks: Vec<Option<Data>> =
        documents.iter().map(|(_, root)| Some(root.own_entry(BLOCK)?.1.to_data())).collect();
    let read = |block: &Option<Data>| match block {
        Some(block) => Block::read(&serde_json::json!({ BLOCK: block })).map(Some),
        None => Ok(None),
    };
    match blocks.first() {
        Some(first @ Some(_)) if blocks.iter().all(|block| block == first) => {
            Ok(vec![Unit { block: read(first)?, documents }])
        }
        _ if blocks.iter().all(Option::is_none) => Err(SopsError::NotEncrypted),
        _ => {
            let unit = |(document, block)| Ok(Unit { block: read(block)?, documents: vec![document] });
            documents.into_iter().zip(&blocks).map(unit).collect()
        }
    }
}

impl<'s> Unit<'s> {
    fn opened(&self, block: &Block, keyring: &dyn Keyring) -> Result<Vec<Open<'s>>, SopsError> {
        let key = block.unlock(keyring)?;
        let mut mac = Mac::new(block.mac_only_encrypted);
        let mut documents = Vec::new();
        for (document, root) in &self.documents {
            let leaves = open_into(leaf::of_value(*root)?, block, &key, mac)?;
            mac = leaves.mac.clone();
            documents.push(Open { document, root: *root, leaves, key: Some(key.clone()) });
        }
        if mac.agrees(&key, &block.mac, &block.lastmodified) { Ok(documents) } else { Err(SopsError::Mac) }
    }

    /// A document of the stream that is in the clear, and must be so altogether.
    fn plain(&self) -> Result<Vec<Open<'s>>, SopsError> {
        let open = |(document, root): &(&'s Document, Value<'s>)| {
            let leaves = leaf::of_value(*root)?;
            if let Some(leaf) = leaves.iter().find(|leaf| looks_sealed(leaf.typed.text())) {
                let place = leaf.route.to_string();
                return Err(SopsError::Half { place, state: "encrypted without a sops block" });
            }
            let were_encrypted = vec![false; leaves.len()];
            let leaves = OpenedLeaves { leaves, were_encrypted, mac: Mac::new(true) };
            Ok(Open { document, root: *root, leaves, key: None })
        };
        self.documents.iter().map(open).collect()
    }
}

/// A document with its values in the clear.
struct Open<'s> {
    document: &'s Document,
    root: Value<'s>,
    leaves: OpenedLeaves,
    /// What it was encrypted under, if it was.
    key: Option<DataKey>,
}

/// The text with every document's values in the clear.
fn written(
    stream: &Stream,
    documents: &[Open<'_>],
    notes: &mut Vec<String>,
) -> Result<Zeroizing<String>, SopsError> {
    let mut text = Zeroizing::new(String::with_capacity(stream.text.len()));
    let mut done = 0;
    for open in documents {
        let Some(key) = &open.key else { continue };
        text.push_str(&stream.text[done..open.document.body.start]);
        let body = in_the_clear(open.root, &open.leaves, notes)?;
        text.push_str(&comments::in_the_clear(open.root, body, &open.leaves.leaves, key, notes));
        done = open.document.body.end;
    }
    text.push_str(&stream.text[done..]);
    Ok(text)
}

/// One document's text without its `sops` block.
fn in_the_clear(
    root: Value<'_>,
    open: &OpenedLeaves,
    notes: &mut Vec<String>,
) -> Result<Zeroizing<String>, SopsError> {
    let sealed: Vec<&Leaf> =
        open.leaves.iter().zip(&open.were_encrypted).filter(|(_, it)| **it).map(|(leaf, _)| leaf).collect();
    let has_block = root.own_entry(BLOCK).is_some();
    if has_block && root.own_entries().count() == 1 {
        return Ok(Zeroizing::new("{}\n".to_owned()));
    }
    let lines = comments::items_to_lines(root, &open.leaves);
    let edit = |leaf: &&&Leaf| {
        let op = match leaf.typed.kind {
            Kind::Comment if lines.iter().any(|(line, _)| line.route == leaf.route) => return None,
            Kind::Comment => Op::Remove,
            _ => Op::Set(leaf.typed.to_data()),
        };
        Some(Edit { route: leaf.route.clone(), op })
    };
    let mut edits: Vec<Edit> =
        sealed.iter().filter(|leaf| !leaf.typed.text().is_empty()).filter_map(|leaf| edit(&leaf)).collect();
    edits.extend(has_block.then(|| Edit { route: Route::root().key(BLOCK), op: Op::Remove }));
    match edit::apply(root, &edits) {
        Ok(edited) => {
            let text = Zeroizing::new(edited.text);
            let bare = sealed.iter().filter_map(|leaf| Some((&leaf.route, leaf.typed.bare()?)));
            let text = unquoted(text, &edited.tree, bare);
            Ok(lines.iter().fold(text, |text, (leaf, sealed)| {
                let line = format!("#{}", leaf.typed.text().replace(['\n', '\r'], " "));
                Zeroizing::new(text.replacen(&format!("- {sealed}"), &line, 1))
            }))
        }
        Err(edit::EditError::Conflict(route)) => {
            Err(unfit(&route, "cannot be told apart from another value"))
        }
        Err(_) => {
            notes.push(
                "the text could not be kept as it was: it is written anew, without its comments".to_owned(),
            );
            Ok(Zeroizing::new(write::document(&super::decrypt::in_data(&root.to_data(), &open.leaves), "\n")))
        }
    }
}

/// Moments and infinite numbers stand without quotes, or they would be text from then on.
fn unquoted<'l>(
    text: Zeroizing<String>,
    tree: &crate::yaml::Tree,
    bare: impl Iterator<Item = (&'l Route, std::borrow::Cow<'l, str>)>,
) -> Zeroizing<String> {
    let Some(root) = tree.root(&text) else { return text };
    let mut places: Vec<_> = bare
        .filter_map(|(route, word)| {
            let node = root.at(route)?.node();
            Some((node.start as usize..node.end as usize, word))
        })
        .collect();
    places.sort_by_key(|(range, _)| range.start);
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut done = 0;
    for (range, word) in places {
        out.push_str(&text[done..range.start]);
        out.push_str(&word);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// An encrypted object as a YAML document, which every reader of YAML reads alike.
///
/// # Errors
/// [`SopsError::NotAsPlanned`].
pub fn text(object: &Data) -> Result<String, SopsError> {
    let text = write::document(object, "\n");
    let tree = stream::parse_document(&text).map_err(|_| SopsError::NotAsPlanned)?;
    let root = tree.root(&text).ok_or(SopsError::NotAsPlanned)?;
    // By Kubernetes' reading and by that of sops.
    let (read, leaves) = (leaf::of_value(root)?, leaf::of_data(object)?);
    let alike = read.len() == leaves.len()
        && read.iter().zip(&leaves).all(|(read, leaf)| read.keys == leaf.keys && read.typed == leaf.typed);
    if alike && crate::yaml::data::same(&root.to_data(), object) {
        Ok(text)
    } else {
        Err(SopsError::NotAsPlanned)
    }
}
