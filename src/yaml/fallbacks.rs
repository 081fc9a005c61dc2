//! What an edit must do when its place is shared or oddly written: aliases, merges, explicit keys.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::data::same;
use super::edit::EditError;
use super::place::{Pairing, holds};
use super::slot::after_colon;
use super::want::{Want, Way, Whole};
use super::{Data, Kind, Node, Route, Step, Value};

/// What cannot be done by a splice at its place, found before anything is planned.
#[derive(Debug, Default)]
pub(super) struct Fallbacks {
    /// Aliases that become a copy of this value.
    pub expanded: HashMap<u32, Data>,
    /// Aliases whose edit is made once, at the anchor.
    pub kept: HashSet<u32>,
    /// Maps that are written anew with this value.
    pub recast: HashMap<u32, Data>,
    /// All of it in words, and where in the text it is.
    pub notes: Vec<(usize, String)>,
}

impl Fallbacks {
    /// Whether an alias needs nothing more.
    pub(super) fn handles(&self, node: u32) -> bool {
        self.kept.contains(&node) || self.expanded.contains_key(&node)
    }

    fn note(&mut self, at: Value<'_>, what: String) {
        self.notes.push((at.node().start as usize, what));
    }

    /// Finds what `want` needs in the document of `root`.
    pub(super) fn survey(root: Value<'_>, want: &Want<'_>) -> Result<Self, EditError> {
        let nodes = &root.tree().nodes;
        let text = root.document_text().as_bytes();
        let is_pair = |node: &Node| node.kind == Kind::FlowMap && text[node.start as usize] != b'{';
        let is_tall = |node: &Node| text[node.start as usize..node.end as usize].contains(&b'\n');
        let is_odd = |node: &Node| match node.kind {
            Kind::Plain | Kind::Single | Kind::Double => is_tall(node),
            _ => is_pair(node),
        };
        if !nodes.iter().any(|node| node.flags & Node::ODD != 0 || is_odd(node)) {
            return Ok(Self::default());
        }
        let mut survey = Survey { inside: HashMap::new(), gone: Vec::new(), found: Self::default() };
        survey.walk(root, want, &Way::ROOT)?;
        survey.decide(root)?;
        Ok(survey.found)
    }
}

struct Survey<'s, 'e> {
    /// Nodes that are edited below, and what is wanted there.
    inside: HashMap<u32, (&'s Want<'e>, Route)>,
    /// Nodes that are replaced or taken out.
    gone: Vec<Range<u32>>,
    found: Fallbacks,
}

impl<'s, 'e> Survey<'s, 'e> {
    fn walk(&mut self, value: Value<'_>, want: &'s Want<'e>, way: &Way<'_>) -> Result<(), EditError> {
        let node = value.node();
        if let Some(Whole::Set(data)) = want.whole {
            if !holds(value, data) {
                self.gone.push(value.index()..node.next);
            }
            return Ok(());
        }
        if want.is_empty() {
            return Ok(());
        }
        self.inside.insert(value.index(), (want, way.route()));
        let is_leaf = node.next == value.index() + 1;
        match node.kind {
            Kind::Alias => Ok(()),
            _ if is_leaf => {
                if is_changed(value.to_data(), want, way)? {
                    self.gone.push(value.index()..node.next);
                }
                Ok(())
            }
            Kind::Map | Kind::FlowMap => self.walk_map(value, want, way),
            _ => self.walk_seq(value, want, way),
        }
    }

    fn walk_map(&mut self, map: Value<'_>, want: &'s Want<'e>, way: &Way<'_>) -> Result<(), EditError> {
        let node = map.node();
        let pairing = Pairing::new(map, want);
        let removed = pairing.removed(want);
        if needs_recast(map, &pairing, want, way)? {
            let data = want.applied(Some(map.to_data()), way)?.unwrap_or_default();
            self.found.recast.insert(map.index(), data);
            let what =
                "a map with an explicit key, a merge or no braces was written anew, without its comments";
            self.found.note(map, what.to_owned());
            self.gone.push(map.index()..node.next);
            return Ok(());
        }
        if removed.iter().all(|removed| *removed) {
            self.gone.push(map.index()..node.next);
            return Ok(());
        }
        for (key, _) in pairing.added(map, want, way)?.iter().filter(|(key, _)| map.entry(key).is_some()) {
            let step = Step::Key((*key).to_owned().into());
            let route = way.down(&step).route();
            self.found.note(map, format!("a merge brings in {route}; its new value overrides that"));
        }
        for (index, hit) in pairing.hits.iter().enumerate() {
            let Some(hit) = hit else { continue };
            let (key, value) = pairing.entries[index];
            if removed[index] {
                self.gone.push(key.index()..value.node().next);
            } else {
                let (step, below) = &want.below[*hit];
                self.walk(value, below, &way.down(step))?;
            }
        }
        Ok(())
    }

    fn walk_seq(&mut self, seq: Value<'_>, want: &'s Want<'e>, way: &Way<'_>) -> Result<(), EditError> {
        let items: Vec<Value<'_>> = seq.items().collect();
        let mut left = items.len();
        for (step, below) in &want.below {
            let Step::Index(index) = step else { continue };
            let Some(item) = items.get(*index) else { continue };
            if below.is_remove() {
                left -= 1;
                self.gone.push(item.index()..item.node().next);
            } else {
                self.walk(*item, below, &way.down(step))?;
            }
        }
        if left == 0 {
            self.gone.push(seq.index()..seq.node().next);
        }
        Ok(())
    }

    /// Each alias keeps its text only if what it stands for after the edits is what is wanted in its place.
    fn decide(&mut self, root: Value<'_>) -> Result<(), EditError> {
        let node = |index: u32| Value::new(root.document_text(), root.tree(), index);
        let is_gone = |node: u32| self.gone.iter().any(|range| range.contains(&node));
        for property in &root.tree().properties {
            let (alias, Some(target)) = (property.node, property.target) else { continue };
            let here = self.inside.get(&alias);
            let there = self.inside.get(&target);
            let (target_gone, touched) = (is_gone(target), here.is_some() || there.is_some());
            if is_gone(alias) || !(target_gone || touched) {
                continue;
            }
            let before = node(target).to_data();
            let after = |wanted: Option<&(&Want<'_>, Route)>| match wanted {
                Some((want, route)) => {
                    want.applied(Some(before.clone()), &Way::ROOT).map_err(|error| below(route, error))
                }
                None => Ok(Some(before.clone())),
            };
            let wanted = after(here)?.unwrap_or_default();
            let anchored = after(there)?.unwrap_or_default();
            if !target_gone && same(&wanted, &anchored) {
                self.found.kept.insert(alias);
                continue;
            }
            self.found.note(node(alias), "an alias was replaced by a copy of its value".to_owned());
            self.found.expanded.insert(alias, wanted);
        }
        Ok(())
    }
}

/// An error from below `route` as seen from the root.
fn below(route: &Route, error: EditError) -> EditError {
    let join = |rest: Route| route.steps().iter().chain(rest.steps()).cloned().collect();
    match error {
        EditError::WrongType { route, wanted } => EditError::WrongType { route: join(route), wanted },
        EditError::Conflict(route) => EditError::Conflict(join(route)),
        EditError::NotAsPlanned(route) => EditError::NotAsPlanned(join(route)),
        EditError::Unsupported { route, why } => EditError::Unsupported { route: join(route), why },
    }
}

fn is_changed(before: Data, want: &Want<'_>, way: &Way<'_>) -> Result<bool, EditError> {
    let after = want.applied(Some(before.clone()), way)?;
    Ok(after.is_none_or(|after| !same(&before, &after)))
}

fn is_merged_in(map: Value<'_>, key: &str) -> bool {
    map.merged_entries().any(|(name, _)| name == key)
}

/// Whether no splice in a map would read the same to all readers: an entry with an explicit key would change, a
/// merge would override the change or bring back what is to go, or there are no braces or colons to write between.
fn needs_recast(
    map: Value<'_>,
    pairing: &Pairing<'_>,
    want: &Want<'_>,
    way: &Way<'_>,
) -> Result<bool, EditError> {
    let node = map.node();
    let is_flow = node.kind == Kind::FlowMap;
    if is_flow && !map.raw().starts_with('{') {
        return is_changed(map.to_data(), want, way);
    }
    let last_merge = pairing.entries.iter().rposition(|(key, _)| key.is_merge_key());
    for (index, hit) in pairing.hits.iter().enumerate() {
        let Some(hit) = hit else { continue };
        let (step, below) = &want.below[*hit];
        let (key, value) = pairing.entries[index];
        let Step::Key(name) = *step else { continue };
        let is_merged = last_merge.is_some() && is_merged_in(map, name);
        let is_overridden = is_merged && (below.is_remove() || last_merge > Some(index));
        let is_explicit = key.node().flags & Node::EXPLICIT != 0;
        let is_odd = key.node().kind == Kind::Empty || key.raw().contains('\n');
        let lacks_colon = is_flow && is_odd && after_colon(map.document_text(), key).is_none();
        if (is_explicit || lacks_colon || is_overridden)
            && is_changed(value.to_data(), below, &way.down(step))?
        {
            return Ok(true);
        }
    }
    if last_merge.is_none() {
        return Ok(false);
    }
    for ((step, below), found) in want.below.iter().zip(&pairing.found) {
        let Step::Key(name) = *step else { continue };
        let brings_back = below.is_remove() && is_merged_in(map, name);
        if !found && brings_back {
            return Ok(true);
        }
    }
    Ok(is_flow && !pairing.added(map, want, way)?.is_empty())
}
