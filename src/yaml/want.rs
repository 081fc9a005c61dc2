//! Edits gathered by route, so that those with a common way become one change and contradictions show.

use foldhash::HashMap;

use super::data::same;
use super::edit::EditError;
use super::{Data, Edit, Op, Route, Step, Value};

/// What is wanted of one value, and of those below it.
#[derive(Debug, Default)]
pub(super) struct Want<'e> {
    /// Of the whole value.
    pub whole: Option<Whole<'e>>,
    /// New items of a list, each once.
    pub append: Vec<&'e Data>,
    /// Of the values below, in the order of the edits.
    pub below: Vec<(&'e Step, Want<'e>)>,
    positions: HashMap<&'e Step, usize>,
}

/// What is wanted of a whole value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Whole<'e> {
    Set(&'e Data),
    Remove,
}

/// The way from the root to a value, as a chain that costs nothing until it is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'w> {
    above: Option<(&'w Way<'w>, &'w Step)>,
}

impl<'w> Way<'w> {
    pub(super) const ROOT: Self = Self { above: None };

    pub(super) fn down(&'w self, step: &'w Step) -> Self {
        Self { above: Some((self, step)) }
    }

    pub(super) fn route(&self) -> Route {
        let mut steps = Vec::new();
        let mut way = self;
        while let Some((above, step)) = way.above {
            steps.push(step.clone());
            way = above;
        }
        steps.into_iter().rev().collect()
    }

    pub(super) fn unsupported(&self, why: &str) -> EditError {
        EditError::Unsupported { route: self.route(), why: why.to_owned() }
    }
}

/// Gathers edits; duplicates collapse.
pub(super) fn gather(edits: &[Edit]) -> Result<Want<'_>, EditError> {
    let mut root = Want::default();
    for edit in edits {
        let mut want = &mut root;
        for step in edit.route.steps() {
            want = want.step(step);
        }
        want.take(edit)?;
    }
    root.settle(&Way::ROOT)?;
    if root.whole == Some(Whole::Remove) {
        return Err(Way::ROOT.unsupported("the document itself cannot be taken out"));
    }
    Ok(root)
}

impl<'e> Want<'e> {
    fn step(&mut self, step: &'e Step) -> &mut Self {
        let position = *self.positions.entry(step).or_insert_with(|| {
            self.below.push((step, Self::default()));
            self.below.len() - 1
        });
        &mut self.below[position].1
    }

    fn take(&mut self, edit: &'e Edit) -> Result<(), EditError> {
        let agrees = match (&edit.op, self.whole) {
            (Op::Append(data), _) => {
                if !self.append.iter().any(|seen| same(seen, data)) {
                    self.append.push(data);
                }
                true
            }
            (Op::Set(data), Some(Whole::Set(seen))) => same(seen, data),
            (Op::Remove, Some(Whole::Remove)) => true,
            (Op::Set(data), None) => {
                self.whole = Some(Whole::Set(data));
                true
            }
            (Op::Remove, None) => {
                self.whole = Some(Whole::Remove);
                true
            }
            _ => false,
        };
        if agrees { Ok(()) } else { Err(EditError::Conflict(edit.route.clone())) }
    }

    /// Finds contradictions between a value and those below it, and drops what the whole value says already.
    fn settle(&mut self, way: &Way<'_>) -> Result<(), EditError> {
        for (step, want) in &mut self.below {
            want.settle(&way.down(step))?;
        }
        let is_list = |step: &Step| matches!(step, Step::Index(_));
        let lists = self.below.iter().filter(|(step, _)| is_list(step)).count();
        let mixed = lists < self.below.len() && (lists > 0 || !self.append.is_empty());
        let agrees = match self.whole {
            None => true,
            Some(Whole::Remove) => {
                self.append.is_empty() && self.below.iter().all(|(_, it)| it.only_removes())
            }
            Some(Whole::Set(data)) => {
                let below =
                    Self { whole: None, append: std::mem::take(&mut self.append), ..std::mem::take(self) };
                let after = below.applied(Some(data.clone()), way);
                self.whole = Some(Whole::Set(data));
                after.is_ok_and(|after| after.is_some_and(|after| same(&after, data)))
            }
        };
        if mixed || !agrees {
            return Err(EditError::Conflict(way.route()));
        }
        if self.whole.is_some() {
            self.below.clear();
            self.positions.clear();
        }
        Ok(())
    }

    /// Whether nothing is wanted at all.
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.append.is_empty() && self.below.is_empty()
    }

    /// Whether the value is to go.
    pub(super) fn is_remove(&self) -> bool {
        self.whole == Some(Whole::Remove)
    }

    /// Whether this asks for nothing where nothing is.
    fn only_removes(&self) -> bool {
        match self.whole {
            Some(Whole::Remove) => true,
            Some(Whole::Set(_)) => false,
            None => self.append.is_empty() && self.below.iter().all(|(_, want)| want.only_removes()),
        }
    }

    /// Whether items, not keys, are wanted below.
    pub(super) fn is_of_list(&self) -> bool {
        !self.append.is_empty() || matches!(self.below.first(), Some((Step::Index(_), _)))
    }

    /// The error for a value that is neither null nor what the route needs.
    pub(super) fn wrong_type(&self, way: &Way<'_>) -> EditError {
        EditError::WrongType { route: way.route(), wanted: if self.is_of_list() { "list" } else { "map" } }
    }

    /// The value that `old` becomes; `None` stands for no value.
    pub(super) fn applied(&self, old: Option<Data>, way: &Way<'_>) -> Result<Option<Data>, EditError> {
        match self.whole {
            Some(Whole::Set(data)) => return Ok(Some(data.clone())),
            Some(Whole::Remove) => return Ok(None),
            None if self.is_empty() => return Ok(old),
            None => {}
        }
        match old {
            None | Some(Data::Null) if self.only_removes() => Ok(old),
            None | Some(Data::Null) if self.is_of_list() => self.applied_to_items(Vec::new(), way),
            None | Some(Data::Null) => self.applied_to_entries(serde_json::Map::new(), way),
            Some(Data::Array(items)) if self.is_of_list() => self.applied_to_items(items, way),
            Some(Data::Object(entries)) if !self.is_of_list() => self.applied_to_entries(entries, way),
            Some(_) => Err(self.wrong_type(way)),
        }
    }

    fn applied_to_items(&self, items: Vec<Data>, way: &Way<'_>) -> Result<Option<Data>, EditError> {
        let mut items = self.remaining_items(items, way)?;
        let new: Vec<Data> = self.missing_items(&items).cloned().collect();
        items.extend(new);
        Ok(Some(Data::Array(items)))
    }

    fn remaining_items(&self, items: Vec<Data>, way: &Way<'_>) -> Result<Vec<Data>, EditError> {
        let mut items: Vec<Option<Data>> = items.into_iter().map(Some).collect();
        for (step, want) in &self.below {
            let Step::Index(index) = step else { continue };
            match items.get_mut(*index) {
                Some(item) => *item = want.applied(item.take(), &way.down(step))?,
                None if want.only_removes() => {}
                None => return Err(way.down(step).unsupported("the list has no such item")),
            }
        }
        Ok(items.into_iter().flatten().collect())
    }

    fn applied_to_entries(
        &self,
        mut entries: serde_json::Map<String, Data>,
        way: &Way<'_>,
    ) -> Result<Option<Data>, EditError> {
        for (step, want) in &self.below {
            let Step::Key(key) = step else { continue };
            match want.applied(entries.get(&**key).cloned(), &way.down(step))? {
                Some(value) => drop(entries.insert(key.to_string(), value)),
                None => drop(entries.shift_remove(&**key)),
            }
        }
        Ok(Some(Data::Object(entries)))
    }

    /// The items to append to a list: those that it does not hold once its own items are edited.
    pub(super) fn new_items(&self, list: Value<'_>, way: &Way<'_>) -> Result<Vec<&'e Data>, EditError> {
        if self.append.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.remaining_items(list.items().map(Value::to_data).collect(), way)?;
        Ok(self.missing_items(&items).collect())
    }

    fn missing_items(&self, items: &[Data]) -> impl Iterator<Item = &'e Data> {
        self.append.iter().copied().filter(|new| !items.iter().any(|item| same(item, new)))
    }
}
