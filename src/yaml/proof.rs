//! The proof after every edit: the new text, parsed again, holds the same nodes as before and the planned ones.

use std::collections::VecDeque;

use super::data::same;
use super::edit::EditError;
use super::fallbacks::Fallbacks;
use super::place::{Pairing, holds};
use super::want::{Want, Way, Whole};
use super::{Data, Kind, Step, Value};

/// Fails at the first place where `new` is not `old` with what is wanted.
pub(super) fn prove(
    old: Value<'_>,
    new: Value<'_>,
    want: &Want<'_>,
    fallbacks: &Fallbacks,
    reheaded: &[u32],
) -> Result<(), EditError> {
    let copies = fallbacks.expanded.keys().chain(fallbacks.recast.keys());
    let mut copied: Vec<u32> = copies.chain(reheaded).copied().collect();
    copied.sort_unstable();
    Proof { copied, fallbacks }.value(old, new, want, &Way::ROOT)
}

struct Proof<'p> {
    /// Nodes of the old table whose text changes although only a copy's edits do, in order.
    copied: Vec<u32>,
    fallbacks: &'p Fallbacks,
}

impl Proof<'_> {
    fn value(&self, old: Value<'_>, new: Value<'_>, want: &Want<'_>, way: &Way<'_>) -> Result<(), EditError> {
        let (was, is) = (old.node().kind, new.node().kind);
        let holds = match want.whole {
            _ if want.is_empty() || self.is_copy(old) => self.unchanged(old, new),
            Some(Whole::Set(data)) if holds(old, data) => self.unchanged(old, new),
            Some(Whole::Set(data)) => same(&new.to_data(), data),
            _ if was == Kind::Alias => self.unchanged(old, new),
            _ if was == is && old.node().next > old.index() + 1 => {
                return match was {
                    Kind::Map | Kind::FlowMap => self.map(old, new, want, way),
                    _ => self.seq(old, new, want, way),
                };
            }
            _ => same(&new.to_data(), &want.applied(Some(old.to_data()), way)?.unwrap_or_default()),
        };
        holds.then_some(()).ok_or_else(|| EditError::NotAsPlanned(way.route()))
    }

    /// The entries that stay, in their order, and between them each planned one once.
    fn map(&self, old: Value<'_>, new: Value<'_>, want: &Want<'_>, way: &Way<'_>) -> Result<(), EditError> {
        let fail = || EditError::NotAsPlanned(way.route());
        let pairing = Pairing::new(old, want);
        let removed = pairing.removed(want);
        let mut added = VecDeque::from(pairing.added(old, want, way)?);
        let mut staying = (0..removed.len()).filter(|index| !removed[*index]).peekable();
        let nothing = Want::default();
        for (key, value) in new.own_entries() {
            let next = staying.next_if(|index| self.unchanged(pairing.entries[*index].0, key));
            if let Some(index) = next {
                let (step, below) = match pairing.hits[index] {
                    Some(hit) => (Some(want.below[hit].0), &want.below[hit].1),
                    None => (None, &nothing),
                };
                let way = step.map_or(*way, |step| way.down(step));
                self.value(pairing.entries[index].1, value, below, &way)?;
            } else {
                let name = key.key_text();
                let planned =
                    added.iter().position(|(key, data)| *key == name && same(&value.to_data(), data));
                drop(added.remove(planned.ok_or_else(fail)?));
            }
        }
        if staying.next().is_none() && added.is_empty() { Ok(()) } else { Err(fail()) }
    }

    /// The items that stay, in their order, and then the planned ones.
    fn seq(&self, old: Value<'_>, new: Value<'_>, want: &Want<'_>, way: &Way<'_>) -> Result<(), EditError> {
        let fail = || EditError::NotAsPlanned(way.route());
        let before: Vec<Value<'_>> = old.items().collect();
        let mut wanted: Vec<Option<&(&Step, Want<'_>)>> = vec![None; before.len()];
        for below in &want.below {
            if let Step::Index(index) = below.0
                && let Some(slot) = wanted.get_mut(*index)
            {
                *slot = Some(below);
            }
        }
        let mut items = new.items();
        let nothing = Want::default();
        for (item, wanted) in before.iter().zip(wanted) {
            match wanted {
                Some((_, below)) if below.is_remove() => {}
                Some((step, below)) => {
                    self.value(*item, items.next().ok_or_else(fail)?, below, &way.down(step))?;
                }
                None => self.value(*item, items.next().ok_or_else(fail)?, &nothing, way)?,
            }
        }
        let added: Vec<Data> = items.map(Value::to_data).collect();
        let planned = want.new_items(old, way)?;
        let as_planned = added.len() == planned.len() && added.iter().zip(planned).all(|(a, b)| same(a, b));
        if as_planned { Ok(()) } else { Err(fail()) }
    }

    /// Whether a node was to become a copy of a value.
    fn is_copy(&self, old: Value<'_>) -> bool {
        self.copied.binary_search(&old.index()).is_ok()
    }

    /// Whether two subtrees are written with the same bytes and read as the same nodes; copies hold their value.
    fn unchanged(&self, old: Value<'_>, new: Value<'_>) -> bool {
        let (was, is) = (old.node(), new.node());
        let first = self.copied.partition_point(|copied| *copied < old.index());
        if self.copied.get(first).is_none_or(|copied| *copied >= was.next) {
            return is_same_text(old, new);
        }
        if self.is_copy(old) {
            let data = self.fallbacks.expanded.get(&old.index()).or(self.fallbacks.recast.get(&old.index()));
            return same(&new.to_data(), data.unwrap_or(&old.to_data()));
        }
        let entries = || old.own_entries().flat_map(|(key, value)| [key, value]).chain(old.items());
        let after = || new.own_entries().flat_map(|(key, value)| [key, value]).chain(new.items());
        was.kind == is.kind
            && entries().count() == after().count()
            && entries().zip(after()).all(|(old, new)| self.unchanged(old, new))
    }
}

/// Same bytes, and the same table relative to the first byte.
fn is_same_text(old: Value<'_>, new: Value<'_>) -> bool {
    let (was, is) = (old.node(), new.node());
    let nodes = &old.tree().nodes[old.index() as usize..was.next as usize];
    let Some(now) = new.tree().nodes.get(new.index() as usize..is.next as usize) else { return false };
    old.raw() == new.raw()
        && nodes.len() == now.len()
        && nodes.iter().zip(now).all(|(a, b)| {
            a.kind == b.kind
                && a.flags == b.flags
                && a.start.wrapping_sub(was.start) == b.start.wrapping_sub(is.start)
                && a.end.wrapping_sub(was.start) == b.end.wrapping_sub(is.start)
                && a.next.wrapping_sub(old.index()) == b.next.wrapping_sub(new.index())
        })
}
