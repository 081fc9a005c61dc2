//! A document's data as Kubernetes reads it, seen through its table of nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::route::{Route, Step, keys};
use super::scalar::{self, Scalar};
use super::tree::{Kind, Node, Tree};

/// A node seen with its text: what everything above `yaml` reads. Copies freely.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    text: &'a str,
    tree: &'a Tree,
    index: u32,
}

impl<'a> Value<'a> {
    pub(super) fn new(text: &'a str, tree: &'a Tree, index: u32) -> Self {
        Self { text, tree, index }
    }

    /// The node as written: an alias stays an alias.
    #[must_use]
    pub fn node(self) -> Node {
        self.tree.nodes[self.index as usize]
    }

    /// Index of the node in its tree.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The tree the node belongs to.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.tree
    }

    /// The text of the whole document.
    #[must_use]
    pub fn document_text(self) -> &'a str {
        self.text
    }

    /// The bytes the node is written with.
    #[must_use]
    pub fn raw(self) -> &'a str {
        let node = self.node();
        &self.text[node.start as usize..node.end as usize]
    }

    /// Line within the document, from 1.
    #[must_use]
    pub fn line(self) -> usize {
        let start = self.node().start as usize;
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..start]).count()
    }

    /// The node itself, or what its alias stands for.
    #[must_use]
    pub fn resolved(self) -> Self {
        let mut value = self;
        while value.node().kind == Kind::Alias {
            match value.tree.property(value.index).and_then(|property| property.target) {
                Some(target) => value.index = target,
                None => break,
            }
        }
        value
    }

    /// Whether it is a mapping, block or flow.
    #[must_use]
    pub fn is_map(self) -> bool {
        matches!(self.resolved().node().kind, Kind::Map | Kind::FlowMap)
    }

    /// Whether it is a sequence, block or flow.
    #[must_use]
    pub fn is_seq(self) -> bool {
        matches!(self.resolved().node().kind, Kind::Seq | Kind::FlowSeq)
    }

    /// Whether Kubernetes reads null here.
    #[must_use]
    pub fn is_null(self) -> bool {
        let value = self.resolved();
        let node = value.node();
        if node.flags & Node::TAG != 0 {
            return matches!(value.scalar(), Some(Scalar::Null));
        }
        // Rules ask this of every value.
        node.kind == Kind::Empty
            || (node.kind == Kind::Plain && node.end - node.start <= 4 && scalar::plain::is_null(value.raw()))
    }

    /// The scalar as Kubernetes reads it; `None` for collections.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar<'a>> {
        let value = self.resolved();
        let node = value.node();
        if node.flags & Node::WORD != 0 {
            return Some(Scalar::Str(Cow::Borrowed(value.raw())));
        }
        scalar::read(node.kind, value.raw(), value.text, node.start as usize, value.tag())
    }

    /// The node's tag as written, such as `!!str`; that of the alias's target is not looked at.
    #[must_use]
    pub fn tag(self) -> Option<&'a str> {
        if self.node().flags & Node::TAG == 0 {
            return None;
        }
        let range = self.tree.property(self.index)?.tag.clone()?;
        Some(&self.text[range.start as usize..range.end as usize])
    }

    /// The text of a string; `None` for anything else, also for numbers and booleans.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        match self.scalar()? {
            Scalar::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is text: told by its looks where they leave no doubt.
    #[must_use]
    pub fn is_str(self) -> bool {
        let value = self.resolved();
        let node = value.node();
        let untagged = node.flags & Node::TAG == 0;
        match node.kind {
            Kind::Single | Kind::Double | Kind::Literal | Kind::Folded if untagged => true,
            _ if node.flags & Node::WORD != 0 => true,
            _ => matches!(value.scalar(), Some(Scalar::Str(_))),
        }
    }

    /// A boolean as Kubernetes reads it.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// An integer that fits `i64`, also when it is written `1.0`.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.scalar()?.as_i64()
    }

    /// The value at a key, absent and null alike `None`: the API server drops nulls.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.entry(key).filter(|value| !value.is_null())
    }

    /// The value at a dotted path of keys that hold no dots themselves.
    #[must_use]
    pub fn path(self, path: &str) -> Option<Self> {
        keys(path).try_fold(self, |value, key| value.get(key))
    }

    /// The value at a key, also when it is null. The last of duplicate keys counts; keys merged by `<<` count where
    /// the mapping itself has none.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<Self> {
        let map = self.resolved();
        let found = map.own_entry(key).map(|(_, value)| value);
        if found.is_none() && map.node().flags & Node::MERGE != 0 { map.merged_entry(key) } else { found }
    }

    #[cold]
    fn merged_entry(self, key: &str) -> Option<Self> {
        self.merged().find_map(|source| source.entry(key))
    }

    /// The key node and value written in this very mapping (the last of duplicates); not those merged in.
    #[must_use]
    pub fn own_entry(self, key: &str) -> Option<(Self, Self)> {
        let map = self.node();
        let nodes = match map.kind {
            Kind::Map | Kind::FlowMap => self.tree.nodes.get(..map.next as usize)?,
            _ => return None,
        };
        let (mut found, mut at) = (None, self.index + 1);
        // Most of the work of all rules together, so not by way of `own_entries`.
        while let Some(node) = nodes.get(at as usize) {
            let name = Value { index: at, ..self };
            if name.is_key(node, key) {
                found = Some((name, Value { index: node.next, ..self }));
                if map.flags & Node::UNIQUE != 0 {
                    break;
                }
            }
            at = nodes.get(node.next as usize)?.next;
        }
        found
    }

    /// Whether this key, whose node is `node`, reads as `text`.
    #[inline]
    fn is_key(self, node: &Node, text: &str) -> bool {
        if node.flags & Node::WORD == 0 {
            return self.reads_as(text);
        }
        let (start, end) = (node.start as usize, node.end as usize);
        end - start == text.len() && self.text.as_bytes().get(start..end) == Some(text.as_bytes())
    }

    #[cold]
    fn reads_as(self, text: &str) -> bool {
        !self.is_merge_key() && self.key_text() == text
    }

    /// The key and value nodes written in this mapping, duplicates and `<<` included, in the order written. Empty for
    /// anything else. Does not follow an alias.
    pub fn own_entries(self) -> impl Iterator<Item = (Self, Self)> + use<'a> {
        let mut children = self.children(matches!(self.node().kind, Kind::Map | Kind::FlowMap));
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// Keys as Kubernetes reads them with the values in force: duplicates resolved, merges applied, nulls kept.
    #[must_use]
    pub fn entries(self) -> Vec<(Cow<'a, str>, Self)> {
        let map = self.resolved();
        if map.node().flags & (Node::UNIQUE | Node::MERGE) == Node::UNIQUE {
            return map.own_entries().map(|(key, value)| (key.key_text(), value)).collect();
        }
        let mut entries = Entries::default();
        for (key, value) in map.own_entries().filter(|(key, _)| !key.is_merge_key()) {
            entries.set(key.key_text(), value);
        }
        if map.node().flags & Node::MERGE != 0 {
            for (name, value) in map.merged_entries() {
                entries.add(name, value);
            }
        }
        entries.all
    }

    /// The items of a sequence, nulls kept; empty for anything else.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'a> {
        let seq = self.resolved();
        seq.children(matches!(seq.node().kind, Kind::Seq | Kind::FlowSeq))
    }

    /// The value at a route, as [`Value::entry`] and [`Value::items`] see it.
    #[must_use]
    pub fn at(self, route: &Route) -> Option<Self> {
        route.steps().iter().try_fold(self, |value, step| match step {
            Step::Key(key) => value.entry(key),
            Step::Index(index) => value.items().nth(*index),
        })
    }

    /// The text of a key as Kubernetes prints it back: `y` is `true`, `0x10` is `16`.
    #[must_use]
    pub fn key_text(self) -> Cow<'a, str> {
        if self.node().flags & Node::WORD != 0 {
            return Cow::Borrowed(self.raw());
        }
        self.scalar().map_or(Cow::Borrowed(""), Scalar::into_key)
    }

    /// Everything below as plain data, as Kubernetes reads it.
    #[must_use]
    pub fn to_data(self) -> super::Data {
        if self.is_map() {
            let entries = self.entries().into_iter();
            return super::Data::Object(
                entries.map(|(key, value)| (key.into_owned(), value.to_data())).collect(),
            );
        }
        if self.is_seq() {
            return super::Data::Array(self.items().map(Self::to_data).collect());
        }
        self.scalar().map_or(super::Data::Null, Scalar::into_data)
    }

    /// Whether this key node is a merge key: plain `<<`, with or without the tag `!!merge`.
    #[must_use]
    pub fn is_merge_key(self) -> bool {
        self.node().kind == Kind::Plain && self.raw() == "<<" && self.tag().is_none_or(scalar::is_merge_tag)
    }

    /// The mappings that this mapping's `<<` keys bring in, first wins.
    fn merged(self) -> impl Iterator<Item = Self> + use<'a> {
        self.own_entries().filter(|(key, _)| key.is_merge_key()).flat_map(|(_, source)| {
            let one = source.is_map().then_some(source);
            one.into_iter().chain(source.items())
        })
    }

    /// Keys and values that `<<` brings into this mapping, whether or not it has such keys itself.
    pub(super) fn merged_entries(self) -> impl Iterator<Item = (Cow<'a, str>, Self)> + use<'a> {
        self.merged().flat_map(Self::entries)
    }

    fn children(self, wanted: bool) -> impl Iterator<Item = Self> + use<'a> {
        let end = if wanted { self.node().next } else { self.index + 1 };
        let mut index = self.index + 1;
        let (text, tree) = (self.text, self.tree);
        std::iter::from_fn(move || {
            if index >= end {
                return None;
            }
            let value = Value { text, tree, index };
            index = value.node().next;
            Some(value)
        })
    }
}

/// Entries of a map being put together: found by comparing while they are few, by a table beyond.
#[derive(Default)]
struct Entries<'a> {
    all: Vec<(Cow<'a, str>, Value<'a>)>,
    places: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Entries<'a> {
    const FEW: usize = 16;

    /// Adds an entry or replaces the value of one.
    fn set(&mut self, name: Cow<'a, str>, value: Value<'a>) {
        match self.find(&name) {
            Some(place) => self.all[place].1 = value,
            None => self.push(name, value),
        }
    }

    /// Adds an entry unless there is one.
    fn add(&mut self, name: Cow<'a, str>, value: Value<'a>) {
        if self.find(&name).is_none() {
            self.push(name, value);
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.all.len() <= Self::FEW {
            return self.all.iter().position(|(seen, _)| seen == name);
        }
        self.places.get(name).copied()
    }

    fn push(&mut self, name: Cow<'a, str>, value: Value<'a>) {
        let place = self.all.len();
        if place > Self::FEW {
            self.places.insert(name.clone(), place);
        }
        self.all.push((name, value));
        if self.all.len() == Self::FEW + 1 {
            self.places =
                self.all.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect();
        }
    }
}
