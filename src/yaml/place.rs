//! Where a wanted change goes: walks the document along the routes and collects splices.

use foldhash::{HashMap, HashMapExt};

use super::data::same;
use super::edit::EditError;
use super::fallbacks::Fallbacks;
use super::layout::Style;
use super::slot::Slot;
use super::splice::Splice;
use super::want::{Want, Way, Whole};
use super::{Data, Kind, Node, Step, Value, flow, write};

/// What one call of `apply` is going to change.
pub(super) struct Planner<'a, 'e> {
    /// The document's text.
    pub text: &'a str,
    /// How the document is laid out.
    pub style: Style,
    /// What cannot be done by a splice at its place.
    pub fallbacks: &'e Fallbacks,
    /// In the order in which those at one offset are to stand.
    pub splices: Vec<Splice>,
    /// Block scalars whose header changes so that their value does not.
    pub reheaded: Vec<u32>,
}

/// The entries of a map beside what is wanted of them.
pub(super) struct Pairing<'a> {
    /// All entries as written.
    pub entries: Vec<(Value<'a>, Value<'a>)>,
    /// For each entry, which wanted step is its key; `None` for duplicates that a later entry overrides, unless all
    /// of that key are to go.
    pub hits: Vec<Option<usize>>,
    /// For each wanted step, whether the map itself has the key.
    pub found: Vec<bool>,
}

impl<'a> Pairing<'a> {
    pub(super) fn new(map: Value<'a>, want: &Want<'_>) -> Self {
        let mut names: HashMap<&str, usize> = HashMap::with_capacity(want.below.len());
        for (position, (step, _)) in want.below.iter().enumerate() {
            if let Step::Key(key) = step {
                names.insert(key, position);
            }
        }
        let entries: Vec<_> = map.own_entries().collect();
        let mut hits = vec![None; entries.len()];
        let mut last: Vec<Option<usize>> = vec![None; want.below.len()];
        for (index, (key, _)) in entries.iter().enumerate().filter(|(_, (key, _))| !key.is_merge_key()) {
            let Some(&wanted) = names.get(&*key.key_text()) else { continue };
            if let Some(earlier) = last[wanted].replace(index)
                && !want.below[wanted].1.is_remove()
            {
                hits[earlier] = None;
            }
            hits[index] = Some(wanted);
        }
        Self { entries, hits, found: last.iter().map(Option::is_some).collect() }
    }

    /// Which entries are to go.
    pub(super) fn removed(&self, want: &Want<'_>) -> Vec<bool> {
        self.hits.iter().map(|hit| hit.is_some_and(|hit| want.below[hit].1.is_remove())).collect()
    }

    /// The keys to add to the map with their values: also those that a merge brings in and that are to differ.
    pub(super) fn added<'e>(
        &self,
        map: Value<'a>,
        want: &Want<'e>,
        way: &Way<'_>,
    ) -> Result<Vec<(&'e str, Data)>, EditError> {
        let mut added = Vec::new();
        for ((step, below), _) in want.below.iter().zip(&self.found).filter(|(_, found)| !**found) {
            let Step::Key(key) = *step else { continue };
            let merges = map.node().flags & Node::MERGE != 0;
            let merged = merges.then(|| map.entry(key)).flatten().map(Value::to_data);
            let after = below.applied(merged.clone(), &way.down(step))?;
            if let Some(after) = after
                && merged.is_none_or(|merged| !same(&merged, &after))
            {
                added.push((key.as_ref(), after));
            }
        }
        Ok(added)
    }
}

impl<'a> Planner<'a, '_> {
    /// Plans what is wanted of a whole document.
    pub(super) fn plan(&mut self, root: Value<'a>, want: &Want<'_>) -> Result<(), EditError> {
        for (alias, data) in &self.fallbacks.expanded {
            let node = root.tree().nodes[*alias as usize];
            let mut copy = String::new();
            write::json(data, &mut copy);
            self.push(node.start as usize..node.end as usize, copy);
        }
        self.visit(root, Slot::Root, want, &Way::ROOT)
    }

    /// Plans what is wanted of the value in a slot and of all below it.
    pub(super) fn visit(
        &mut self,
        value: Value<'a>,
        slot: Slot<'a>,
        want: &Want<'_>,
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        if want.is_empty() || self.fallbacks.handles(value.index()) {
            return Ok(());
        }
        if let Some(Whole::Set(data)) = want.whole {
            return if holds(value, data) { Ok(()) } else { self.replace(slot, value, data, way) };
        }
        if let Some(data) = self.fallbacks.recast.get(&value.index()) {
            return self.replace(slot, value, data, way);
        }
        let node = value.node();
        if node.kind == Kind::Alias {
            return Ok(());
        }
        let is_empty = node.next == value.index() + 1;
        let is_map = matches!(node.kind, Kind::Map | Kind::FlowMap);
        let is_seq = matches!(node.kind, Kind::Seq | Kind::FlowSeq);
        if value.is_null() || (is_empty && slot.is_block() && (is_map || is_seq)) {
            let before = value.to_data();
            return match want.applied(Some(before.clone()), way)? {
                Some(after) if !same(&before, &after) => self.replace(slot, value, &after, way),
                _ => Ok(()),
            };
        }
        match want.is_of_list() {
            true if is_seq => self.seq(value, slot, want, way),
            false if is_map => self.map(value, slot, want, way),
            _ => Err(want.wrong_type(way)),
        }
    }

    fn map(
        &mut self,
        map: Value<'a>,
        slot: Slot<'a>,
        want: &Want<'_>,
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        let pairing = Pairing::new(map, want);
        let removed = pairing.removed(want);
        let added = pairing.added(map, want, way)?;
        let is_block = map.node().kind == Kind::Map;
        if is_block && removed.iter().all(|removed| *removed) {
            let after = want.applied(Some(map.to_data()), way)?.unwrap_or_default();
            return self.replace(slot, map, &after, way);
        }
        for (index, hit) in pairing.hits.iter().enumerate() {
            let Some(hit) = hit.filter(|_| !removed[index]) else { continue };
            let (key, value) = pairing.entries[index];
            let (step, below) = &want.below[hit];
            let slot = if is_block { Slot::Entry { map, key } } else { Slot::Flow { key: Some(key) } };
            self.visit(value, slot, below, &way.down(step))?;
        }
        if is_block {
            self.remove_entries(&pairing.entries, &removed);
            self.add_entries(map, &added, way)
        } else {
            let spans: Vec<_> = pairing.entries.iter().map(|(key, value)| self.span(*key, *value)).collect();
            self.splices.extend(flow::remove(map, &spans, &removed));
            self.splices.extend(flow::add_entries(map, &spans, &removed, &added));
            Ok(())
        }
    }

    fn seq(
        &mut self,
        seq: Value<'a>,
        slot: Slot<'a>,
        want: &Want<'_>,
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        let items: Vec<Value<'a>> = seq.items().collect();
        let mut removed = vec![false; items.len()];
        for (step, below) in &want.below {
            let Step::Index(index) = step else { continue };
            match removed.get_mut(*index) {
                Some(removed) => *removed = below.is_remove(),
                None => drop(below.applied(None, &way.down(step)).and_then(|after| match after {
                    Some(_) => Err(way.down(step).unsupported("the list has no such item")),
                    None => Ok(()),
                })?),
            }
        }
        let is_block = seq.node().kind == Kind::Seq;
        let survives = removed.iter().any(|removed| !removed);
        if is_block && !survives {
            let after = want.applied(Some(seq.to_data()), way)?.unwrap_or_default();
            return self.replace(slot, seq, &after, way);
        }
        for (step, below) in &want.below {
            let Step::Index(index) = step else { continue };
            let Some(item) = items.get(*index).filter(|_| !removed[*index]) else { continue };
            let slot = if is_block {
                Slot::Item { seq, dash: self.dash(seq, &items, *index) }
            } else {
                Slot::Flow { key: None }
            };
            self.visit(*item, slot, below, &way.down(step))?;
        }
        let new = want.new_items(seq, way)?;
        if is_block {
            self.remove_items(seq, &items, &removed);
            self.add_items(seq, &new, way)
        } else {
            let spans: Vec<_> = items.iter().map(|item| self.span(*item, *item)).collect();
            self.splices.extend(flow::remove(seq, &spans, &removed));
            self.splices.extend(flow::add_items(seq, &spans, &removed, &new));
            Ok(())
        }
    }
}

/// Whether a value reads as `data` already.
pub(super) fn holds(value: Value<'_>, data: &Data) -> bool {
    let shape = match data {
        Data::Object(_) => value.is_map(),
        Data::Array(_) => value.is_seq(),
        _ => !value.is_map() && !value.is_seq(),
    };
    shape && same(&value.to_data(), data)
}
