//! The leaves of a document in its order, each with its way from the root.

use super::failure::SopsError;
use super::rule::Rule;
use super::sealed::looks_sealed;
use super::typed::{Kind, Typed, unfit};
use crate::yaml::scalar::third::{self, Third};
use crate::yaml::{Data, Route, Step, Value};

/// The key that sops keeps for itself.
pub(super) const BLOCK: &str = "sops";

/// A scalar that is not null.
pub(super) struct Leaf {
    /// Keys and positions, as [`Value::at`] takes them.
    pub(super) route: Route,
    /// The keys alone, as sops reads them.
    pub(super) keys: Vec<String>,
    pub(super) typed: Typed,
}

impl Leaf {
    /// What ties an encrypted value to its place. Positions in lists are no part of it.
    pub(super) fn aad(&self) -> String {
        aad(&self.keys)
    }

    /// Whether a rule says that it is encrypted. Rules by comments cannot be asked: there its looks tell.
    pub(super) fn is_encrypted(&self, rule: &Rule) -> bool {
        if rule.by_comments() {
            return looks_sealed(self.typed.text());
        }
        rule.encrypts(self.keys.iter().map(String::as_str))
    }
}

/// The keys with a colon behind each, unescaped.
pub(super) fn aad(keys: &[String]) -> String {
    keys.join(":") + ":"
}

/// The leaves that are values, with the positions they have once the comments among the items of lists are gone.
pub(super) fn without_comments(leaves: Vec<Leaf>) -> Vec<Leaf> {
    let (comments, mut values): (Vec<Leaf>, Vec<Leaf>) =
        leaves.into_iter().partition(|leaf| leaf.typed.kind == Kind::Comment);
    if comments.is_empty() {
        return values;
    }
    for leaf in &mut values {
        let steps = leaf.route.steps();
        let moved = steps.iter().enumerate().map(|(depth, step)| {
            let Step::Index(index) = step else { return step.clone() };
            let before = comments.iter().filter(|comment| {
                let beside = comment.route.steps();
                beside.len() == depth + 1
                    && beside[..depth] == steps[..depth]
                    && matches!(beside[depth], Step::Index(at) if at < *index)
            });
            Step::Index(index - before.count())
        });
        leaf.route = moved.collect();
    }
    values
}

/// The leaves of an object, without its `sops` block.
pub(super) fn of_data(object: &Data) -> Result<Vec<Leaf>, SopsError> {
    let mut walk = Walk::default();
    match object {
        Data::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| *key != BLOCK) {
                walk.below(key.clone(), key.clone(), |walk| walk.data(value))?;
            }
        }
        _ => return Err(unfit(&Route::root(), "is no map at its root")),
    }
    Ok(walk.leaves)
}

/// The leaves of a document, without its `sops` block, read as sops reads them.
pub(super) fn of_value(root: Value<'_>) -> Result<Vec<Leaf>, SopsError> {
    let mut walk = Walk::default();
    if !root.is_map() {
        return Err(unfit(&Route::root(), "is no map at its root"));
    }
    walk.entries(root)?;
    Ok(walk.leaves)
}

#[derive(Default)]
struct Walk {
    leaves: Vec<Leaf>,
    route: Vec<Step>,
    keys: Vec<String>,
}

impl Walk {
    fn below(
        &mut self,
        step: String,
        key: String,
        walk: impl FnOnce(&mut Self) -> Result<(), SopsError>,
    ) -> Result<(), SopsError> {
        self.route.push(Step::Key(step.into()));
        self.keys.push(key);
        walk(self)?;
        self.keys.pop();
        self.route.pop();
        Ok(())
    }

    fn item(
        &mut self,
        index: usize,
        walk: impl FnOnce(&mut Self) -> Result<(), SopsError>,
    ) -> Result<(), SopsError> {
        self.route.push(Step::Index(index));
        walk(self)?;
        self.route.pop();
        Ok(())
    }

    fn here(&self) -> Route {
        self.route.iter().cloned().collect()
    }

    fn leaf(&mut self, typed: Result<Option<Typed>, &'static str>) -> Result<(), SopsError> {
        let route = self.here();
        if let Some(typed) = typed.map_err(|why| unfit(&route, why))? {
            self.leaves.push(Leaf { route, keys: self.keys.clone(), typed });
        }
        Ok(())
    }

    fn data(&mut self, data: &Data) -> Result<(), SopsError> {
        match data {
            Data::Object(entries) => {
                for (key, value) in entries {
                    self.below(key.clone(), key.clone(), |walk| walk.data(value))?;
                }
                Ok(())
            }
            Data::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(index, |walk| walk.data(item))?;
                }
                Ok(())
            }
            scalar => self.leaf(Typed::of_data(scalar)),
        }
    }

    fn value(&mut self, value: Value<'_>) -> Result<(), SopsError> {
        if value.is_map() {
            return self.entries(value);
        }
        if value.is_seq() {
            for (index, item) in value.items().enumerate() {
                self.item(index, |walk| walk.value(item))?;
            }
            return Ok(());
        }
        third::read(value).map_or(Ok(()), |scalar| self.leaf(Typed::of_scalar(scalar)))
    }

    fn entries(&mut self, map: Value<'_>) -> Result<(), SopsError> {
        let mut seen = std::collections::HashSet::new();
        for (name, value) in map.resolved().own_entries() {
            let step = name.key_text().into_owned();
            let key = match third::read(name) {
                Some(Third::Str(key)) => key.into_owned(),
                _ => return Err(unfit(&self.here(), "has a key that is no text")),
            };
            if self.route.is_empty() && key == BLOCK {
                continue;
            }
            if !seen.insert(step.clone()) {
                return Err(unfit(&self.here(), "has a key twice"));
            }
            self.below(step, key, |walk| walk.value(value))?;
        }
        Ok(())
    }
}
