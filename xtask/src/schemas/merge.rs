//! All versions as one list of types, each stated once however many versions share it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::openapi::{Field, Type, Version};
use super::table::{AMOUNT, COUNT_OR_PERCENT, FILLED, PORT_OR_NAME, TEXT};

/// A type by its place in [`Merged::types`].
pub type Id = u16;

/// A type as the table states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    Scalar(u8),
    /// A code, and a small number that says more.
    Small(u8, u8),
    Range {
        wide: bool,
        least: i64,
        most: i64,
    },
    Enum {
        words: Vec<String>,
        filled: bool,
    },
    List {
        item: Id,
        keys: Vec<String>,
        repeats: bool,
    },
    Map {
        of: Id,
        keys: Option<u8>,
    },
    /// Name, type, whether it is required; by name.
    Object(Vec<(String, Id, bool)>),
}

/// What the table is written from.
pub struct Merged {
    pub types: Vec<Entry>,
    pub versions: Vec<MergedVersion>,
}

/// The kinds of one version, sorted.
pub struct MergedVersion {
    pub minor: u16,
    pub patch: u16,
    /// apiVersion, kind, type, whether it lives in a namespace.
    pub kinds: Vec<(String, String, Id, bool)>,
}

/// Merges versions.
pub fn merge(versions: &[Version]) -> Result<Merged> {
    let classes = classes(versions);
    let mut merger =
        Merger { versions, classes, types: Vec::new(), ids: BTreeMap::new(), objects: BTreeMap::new() };
    let mut merged = Vec::new();
    for (number, version) in versions.iter().enumerate() {
        let mut kinds = Vec::new();
        for ((api_version, kind), of) in &version.kinds {
            let id = merger.object(number, &of.definition)?;
            kinds.push((api_version.clone(), kind.clone(), id, of.namespaced));
        }
        merged.push(MergedVersion { minor: version.minor, patch: version.patch, kinds });
    }
    Ok(Merged { types: merger.types, versions: merged })
}

/// Sorts definitions into classes of equal ones: all start in one class, and are told apart by their fields and the
/// classes these lead to, until nothing new is told apart. Types may lead back to themselves.
fn classes(versions: &[Version]) -> BTreeMap<(usize, &str), usize> {
    let mut classes: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for (number, version) in versions.iter().enumerate() {
        classes.extend(version.definitions.keys().map(|name| ((number, name.as_str()), 0)));
    }
    let mut known = 1;
    loop {
        let mut signatures: BTreeMap<String, usize> = BTreeMap::new();
        let mut next = BTreeMap::new();
        for (number, name) in classes.keys() {
            let fields = &versions[*number].definitions[*name].fields;
            let mut signature = classes[&(*number, *name)].to_string();
            for (field, Field { of, required }) in fields {
                signature.push_str(&format!(";{field} {required} {}", shown(of, *number, &classes)));
            }
            let class = signatures.len();
            next.insert((*number, *name), *signatures.entry(signature).or_insert(class));
        }
        classes = next;
        if signatures.len() == known {
            return classes;
        }
        known = signatures.len();
    }
}

fn shown(of: &Type, version: usize, classes: &BTreeMap<(usize, &str), usize>) -> String {
    match of {
        Type::Named(name) => format!("#{:?}", classes.get(&(version, name.as_str()))),
        Type::Map { of, keys } => format!("map {keys:?} {}", shown(of, version, classes)),
        Type::List { item, keys, repeats } => {
            format!("list {keys:?} {repeats} {}", shown(item, version, classes))
        }
        other => format!("{other:?}"),
    }
}

struct Merger<'v> {
    versions: &'v [Version],
    classes: BTreeMap<(usize, &'v str), usize>,
    types: Vec<Entry>,
    ids: BTreeMap<Entry, Id>,
    objects: BTreeMap<usize, Id>,
}

impl Merger<'_> {
    fn object(&mut self, version: usize, name: &str) -> Result<Id> {
        let versions = self.versions;
        let definition =
            versions[version].definitions.get(name).with_context(|| format!("no definition {name}"))?;
        let class = self.classes[&(version, name)];
        if let Some(id) = self.objects.get(&class) {
            return Ok(*id);
        }
        let id = Id::try_from(self.types.len())?;
        self.types.push(Entry::Object(Vec::new()));
        self.objects.insert(class, id);
        let mut fields = Vec::new();
        for (field, Field { of, required }) in &definition.fields {
            fields.push((field.clone(), self.of(version, of)?, *required));
        }
        self.types[usize::from(id)] = Entry::Object(fields);
        Ok(id)
    }

    fn of(&mut self, version: usize, of: &Type) -> Result<Id> {
        let entry = match of {
            Type::Named(name) => return self.object(version, name),
            Type::Enum { words, filled } => {
                let words = words.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
                Entry::Enum { words, filled: *filled }
            }
            Type::Text { format, filled } => Entry::Small(TEXT, format | if *filled { FILLED } else { 0 }),
            Type::Range { wide, least, most } => Entry::Range { wide: *wide, least: *least, most: *most },
            Type::PortOrName { zero } => Entry::Small(PORT_OR_NAME, u8::from(*zero)),
            Type::CountOrPercent => Entry::Small(COUNT_OR_PERCENT, 0),
            Type::Amount { positive } => Entry::Small(AMOUNT, u8::from(*positive)),
            Type::Map { of, keys } => Entry::Map { of: self.of(version, of)?, keys: *keys },
            Type::List { item, keys, repeats } => {
                Entry::List { item: self.of(version, item)?, keys: keys.clone(), repeats: *repeats }
            }
            scalar => Entry::Scalar(code(scalar).context("a type without a code")?),
        };
        if let Some(id) = self.ids.get(&entry) {
            return Ok(*id);
        }
        let id = Id::try_from(self.types.len())?;
        self.types.push(entry.clone());
        self.ids.insert(entry, id);
        Ok(id)
    }
}

/// The codes of `src/schema/table.rs`.
fn code(scalar: &Type) -> Option<u8> {
    use Type::{Any, Bool, Bytes, Int32, Int64, IntOrString, MicroTime, Number, Quantity, String, Time};
    let all = [Any, String, Bool, Int32, Int64, Number, Bytes, Time, MicroTime, Quantity, IntOrString];
    all.iter().position(|known| known == scalar).and_then(|place| u8::try_from(place).ok())
}
