//! A schema made ready: its references resolved inside the policy's folder, its patterns within limits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Retrieve, Uri, ValidationError, Validator};

use super::Fault;
use super::document::{Document, Reader};
use crate::yaml::Data;

/// How far a pattern may backtrack on one text.
const BACKTRACKS: usize = 100_000;
/// The largest compiled pattern, in bytes.
const PATTERN_SIZE: usize = 1 << 20;
/// How many files one schema may be spread over.
const MOST_FILES: usize = 64;
/// What the policy's folder is called in URIs.
const BASE: &str = "policy:///";

/// A schema, ready to judge.
pub struct Schema {
    /// Its path, relative to the policy's folder.
    pub path: String,
    validator: Validator,
    documents: BTreeMap<String, Data>,
    folder: Names,
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Schema {
    /// Reads a schema and all it refers to. `formats` says whether `format` is checked or only an annotation.
    ///
    /// # Errors
    /// What is wrong with it, naming file, line and keyword.
    pub fn compile(path: &str, formats: bool, reader: &Reader) -> Result<Self, Fault> {
        let root = Document::load(path, reader)?;
        let names = Names {
            id: root.data.get("$id").and_then(Data::as_str).and_then(folder_of).map(str::to_owned),
            beside: folder_of(path).unwrap_or_default().to_owned(),
        };
        let read = Arc::<Mutex<Found>>::default();
        let folder = Folder { reader: reader.clone(), names: names.clone(), read: Arc::clone(&read) };
        let patterns = PatternOptions::fancy_regex();
        let options = jsonschema::options()
            .with_draft(root.draft)
            .with_base_uri(format!("{BASE}{}", encoded(path)))
            .with_retriever(folder)
            .with_pattern_options(
                patterns.backtrack_limit(BACKTRACKS).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE),
            )
            .should_validate_formats(formats);
        let built = options.build(&root.data);
        let read = std::mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner));
        // The library words a file it could not get its own way; the first fault of ours says why.
        let validator = match (built, read.fault) {
            (Ok(validator), _) => validator,
            (Err(_), Some(fault)) => return Err(fault),
            (Err(error), None) => return Err(refused(&root, &error)),
        };
        let mut documents = read.documents;
        documents.insert(root.path.clone(), root.data);
        Ok(Self { path: root.path, validator, documents, folder: names })
    }

    /// What breaks the schema, at most so many.
    pub fn errors<'i>(&'i self, data: &'i Data) -> impl Iterator<Item = ValidationError<'i>> {
        self.validator.iter_errors(data)
    }

    /// Where the keyword stands that an error comes from: `schemas/app.json#/properties/port/type`.
    #[must_use]
    pub fn keyword_of(&self, error: &ValidationError<'_>) -> String {
        match error.absolute_keyword_location() {
            Some(uri) => {
                let (file, pointer) = uri.as_str().split_once('#').unwrap_or((uri.as_str(), ""));
                let file = self.folder.path_of(file).unwrap_or_else(|| file.to_owned());
                format!("{file}#{pointer}")
            }
            None => format!("{}#{}", self.path, error.schema_path().as_str()),
        }
    }

    /// The keys that the schema knows at the place of an error, for the nearest spelling.
    #[must_use]
    pub fn known_keys(&self, error: &ValidationError<'_>) -> Vec<&str> {
        let place = self.keyword_of(error);
        let (file, pointer) = place.split_once('#').unwrap_or((&place, ""));
        let Some((above, _)) = pointer.rsplit_once('/') else { return Vec::new() };
        let document = self.documents.get(file).or_else(|| self.documents.get(&self.path));
        let node = document.and_then(|data| data.pointer(above));
        let known = node.and_then(|node| node.get("properties")).and_then(Data::as_object);
        known.map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

fn refused(root: &Document, error: &ValidationError<'_>) -> Fault {
    let ValidationErrorKind::Referencing(reference) = error.kind() else {
        return root.broken(error.schema_path().as_str(), error);
    };
    let what = match reference {
        jsonschema::ReferencingError::PointerToNowhere { pointer } => {
            format!("$ref \"#{pointer}\" names nothing")
        }
        jsonschema::ReferencingError::NoSuchAnchor { anchor } => {
            format!("$ref \"#{anchor}\" names no anchor")
        }
        other => other.to_string(),
    };
    Fault::new(
        format!("schema {}: {what}", root.path),
        "a $ref names a place in this schema, such as #/$defs/port, or a file inside the policy's folder",
    )
}

/// The folder of a path or URI, with its last `/`.
fn folder_of(path: &str) -> Option<&str> {
    path.rfind('/').map(|end| &path[..=end])
}

fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let hex = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Answers references: with files of the policy's folder and with nothing else.
struct Folder {
    reader: Reader,
    names: Names,
    read: Arc<Mutex<Found>>,
}

/// What the folder of a schema is called.
#[derive(Debug, Clone)]
struct Names {
    /// The folder of its `$id`, which stands for that of the file.
    id: Option<String>,
    /// The folder of the file, in the policy's folder.
    beside: String,
}

impl Names {
    /// The path of the file that a URI names.
    fn path_of(&self, uri: &str) -> Option<String> {
        if let Some(path) = uri.strip_prefix(BASE) {
            return decoded(path);
        }
        let name = decoded(uri.strip_prefix(self.id.as_deref()?)?)?;
        Some(format!("{}{name}", self.beside))
    }
}

/// What was read for a schema beside its own file.
#[derive(Default)]
struct Found {
    documents: BTreeMap<String, Data>,
    fault: Option<Fault>,
}

impl Folder {
    fn get(&self, uri: &str) -> Result<Data, Fault> {
        let path = self.names.path_of(uri).ok_or_else(|| {
            Fault::new(
                format!("schema: $ref {uri:?} names no file of the policy's folder"),
                "refer to a file inside the policy's folder by its relative path: nothing is fetched",
            )
        })?;
        let document = Document::load(&path, &self.reader)?;
        let mut found = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if found.documents.len() >= MOST_FILES {
            return Err(Fault::new(
                format!("schema {path}: one schema is spread over more than {MOST_FILES} files"),
                "put what belongs together under $defs of one file",
            ));
        }
        found.documents.insert(path, document.data.clone());
        Ok(document.data)
    }
}

impl Retrieve for Folder {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Data, Box<dyn std::error::Error + Send + Sync>> {
        self.get(uri.as_str()).map_err(|fault| {
            let mut found = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            found.fault.get_or_insert_with(|| fault.clone());
            fault.into()
        })
    }
}
