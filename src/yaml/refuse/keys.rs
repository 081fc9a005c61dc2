//! Keys that Kubernetes cannot take, that collide, or that come twice.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Oddity;
use crate::yaml::error::{Fault, line_of};
use crate::yaml::scalar::Scalar;
use crate::yaml::scalar::plain::is_certain_string;
use crate::yaml::tree::{Kind, Node, Tree};
use crate::yaml::value::Value;

/// Keys of a mapping that are compared in pairs; beyond, a table is built.
const FEW: usize = 24;
/// What go-yaml takes for a key on one line.
const LONGEST: usize = 1024;

/// Checks the keys of the mapping at `index` and notes on it whether it merges and whether all keys differ, and on
/// each key whether it is a word.
pub(super) fn check(
    text: &str,
    tree: &mut Tree,
    index: usize,
    oddities: &mut Vec<Oddity>,
) -> Result<(), Fault> {
    let Node { kind, next: end, .. } = tree.nodes[index];
    let mut words = Words::default();
    let (mut suspects, mut keys, mut merge) = (false, 0, None);
    let mut at = index + 1;
    while at < end as usize {
        let node = tree.nodes[at];
        let raw = &text.as_bytes()[node.start as usize..node.end as usize];
        if node.kind == Kind::Plain && node.flags == 0 && is_word(raw, kind) {
            tree.nodes[at].flags = Node::WORD;
            suspects |= words.may_repeat(raw);
        } else if super::value(text, tree, at).is_merge_key() {
            if merge.is_some() {
                return Err(second_merge(super::start(node)));
            }
            merge = Some(at + 1);
        } else {
            check_key(super::value(text, tree, at))?;
            suspects = true;
        }
        keys += 1;
        at = tree.nodes[at + 1].next as usize;
    }
    if let Some(source) = merge {
        tree.nodes[index].flags |= Node::MERGE;
        check_merge_source(super::value(text, tree, source))?;
    }
    if !suspects || all_differ(super::value(text, tree, index), keys, oddities)? {
        tree.nodes[index].flags |= Node::UNIQUE;
    }
    Ok(())
}

/// Whether a plain key of a mapping is surely a string, as written, and no merge key.
fn is_word(raw: &[u8], map: Kind) -> bool {
    // Only between braces may an implicit key go over a line end.
    let one_line = map == Kind::Map || memchr::memchr(b'\n', raw).is_none();
    one_line && raw.len() <= LONGEST && raw.first() != Some(&b'<') && is_certain_string(raw)
}

/// Hashes of the words that came as keys, to see without much ado that none came twice.
#[derive(Default)]
struct Words {
    bits: u64,
    count: usize,
    hashes: [u32; FEW],
}

impl Words {
    #[inline]
    fn may_repeat(&mut self, raw: &[u8]) -> bool {
        let hash = hash(raw);
        let bit = 1_u64 << (hash >> 26);
        let collides = self.bits & bit != 0
            && self.hashes[..self.count.min(FEW)].iter().fold(false, |found, other| found | (*other == hash));
        self.bits |= bit;
        if let Some(place) = self.hashes.get_mut(self.count) {
            *place = hash;
        }
        self.count += 1;
        collides || self.count > FEW
    }
}

/// Mixes the length with the first and last bytes; alike keys are alike, others nearly always differ.
#[inline]
fn hash(raw: &[u8]) -> u32 {
    let (head, tail) = match (
        raw.first_chunk::<8>(),
        raw.last_chunk::<8>(),
        raw.first_chunk::<4>(),
        raw.last_chunk::<4>(),
    ) {
        (Some(head), Some(tail), ..) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        (.., Some(head), Some(tail)) => {
            (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)))
        }
        _ => (raw.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
    };
    let mixed = (head ^ tail.rotate_left(23) ^ raw.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

fn check_key(key: Value<'_>) -> Result<(), Fault> {
    let at = super::start(key.node());
    let written = key.node();
    if (written.end - written.start) as usize > LONGEST && written.flags & Node::EXPLICIT == 0 {
        return Err(Fault::new(
            at,
            format!("a key is longer than {LONGEST} characters"),
            "shorten it, or write it as ? key",
        ));
    }
    let refused = match key.scalar() {
        Some(Scalar::Null) => "null",
        Some(Scalar::UInt(_)) => "an integer above 9223372036854775807",
        None if key.is_map() => "a map",
        None => "a list",
        Some(_) => return Ok(()),
    };
    Err(Fault::new(
        at,
        format!("a key is {refused}"),
        "Kubernetes' keys are text: quote it if it is meant as text",
    ))
}

/// Whether no key comes twice. Refuses keys that are written differently and read alike; notes those written alike.
fn all_differ(map: Value<'_>, keys: usize, oddities: &mut Vec<Oddity>) -> Result<bool, Fault> {
    let before = oddities.len();
    let entries = map.own_entries().map(|(key, _)| key).filter(|key| !key.is_merge_key());
    if keys <= FEW {
        let mut seen: Vec<(Cow<'_, str>, Value<'_>)> = Vec::with_capacity(keys);
        for key in entries {
            let text = key.key_text();
            match seen.iter().find(|(other, _)| *other == text) {
                Some((_, first)) => collide(*first, key, oddities)?,
                None => seen.push((text, key)),
            }
        }
        return Ok(oddities.len() == before);
    }
    let mut seen: HashMap<Cow<'_, str>, Value<'_>> = HashMap::with_capacity(keys);
    for key in entries {
        match seen.get(&key.key_text()) {
            Some(first) => collide(*first, key, oddities)?,
            None => {
                seen.insert(key.key_text(), key);
            }
        }
    }
    Ok(oddities.len() == before)
}

fn collide(first: Value<'_>, key: Value<'_>, oddities: &mut Vec<Oddity>) -> Result<(), Fault> {
    let at = super::start(key.node());
    if first.scalar() != key.scalar() {
        return Err(Fault::new(
            at,
            "two keys are written differently and become one in Kubernetes, such as 1 and \"1\"",
            "remove one of them: which one counts is random",
        ));
    }
    oddities
        .push(Oddity { offset: at, message: "a key comes twice in one map; the last one counts".to_owned() });
    Ok(())
}

fn second_merge(at: usize) -> Fault {
    Fault::new(
        at,
        "a map has two merge keys (<<)",
        "write one with a list: <<: [*a, *b]; readers disagree on which of two counts",
    )
}

/// A merge takes a mapping, an alias of one, or a list of those.
fn check_merge_source(source: Value<'_>) -> Result<(), Fault> {
    let mergeable = |value: Value<'_>| value.is_map();
    let fine = mergeable(source)
        || (matches!(source.node().kind, Kind::Seq | Kind::FlowSeq) && source.items().all(mergeable));
    if fine {
        return Ok(());
    }
    Err(Fault::new(
        super::start(source.node()),
        "a merge key (<<) takes a map or a list of maps",
        "quote the << if it is meant as text",
    ))
}

/// Refuses maps in which a merge key stands below a key that it brings in too: to Kubernetes the merge wins, to
/// kustomize and Helm 4 the key.
pub(super) fn check_merges(text: &str, tree: &Tree) -> Result<(), Fault> {
    for (index, node) in tree.nodes.iter().enumerate() {
        if node.flags & Node::MERGE == 0 || !matches!(node.kind, Kind::Map | Kind::FlowMap) {
            continue;
        }
        let map = super::value(text, tree, index);
        let merged: HashMap<Cow<'_, str>, ()> = map.merged_entries().map(|(key, _)| (key, ())).collect();
        let mut above: HashMap<Cow<'_, str>, usize> = HashMap::new();
        let mut below = false;
        for (key, _) in map.own_entries() {
            if key.is_merge_key() {
                below = true;
            } else if below {
                above.remove(&key.key_text());
            } else if merged.contains_key(&key.key_text()) {
                above.insert(key.key_text(), super::start(key.node()));
            }
        }
        if let Some(at) = above.values().min() {
            return Err(Fault::new(
                *at,
                format!(
                    "a merge key (<<) on line {} of the document brings in a key that stands above it",
                    line_of(&text.as_bytes()[..super::start(*node)])
                ),
                "move the merge key to the top of its map: readers disagree on which of the two counts",
            ));
        }
    }
    Ok(())
}
