//! Evaluates loops, round by round.

use std::cmp::Ordering;

use super::evaluate::Evaluator;
use super::failure::Failure;
use super::node::{Loop, LoopKind, Node};
use super::value::{Outcome, Val};

type Round<'a> = (Val<'a>, Option<Val<'a>>);

impl<'a> Evaluator<'a> {
    pub(super) fn rounds(&mut self, it: &'a Loop) -> Outcome<'a> {
        let range = self.node(&it.range)?;
        self.budget.charge(range.weight() / 10)?;
        match it.kind {
            LoopKind::OptMap | LoopKind::OptFlatMap => self.of_optional(it, range),
            LoopKind::All => self.settled(it, range, false),
            LoopKind::Exists => self.settled(it, range, true),
            LoopKind::ExistsOne => {
                let mut count = 0;
                for round in rounds_of(range, it.two)? {
                    count += usize::from(self.round(&it.body, round)?.as_bool()?);
                }
                Ok(Val::Bool(count == 1))
            }
            LoopKind::List => {
                let mut list = Vec::new();
                for round in rounds_of(range, it.two)? {
                    if self.counts(it, &round)? {
                        list.push(self.round(&it.body, round)?);
                    }
                }
                self.budget.charge(10)?;
                Ok(Val::list(list))
            }
            LoopKind::Map | LoopKind::MapEntry => self.mapped(it, range),
            LoopKind::SortBy => self.sorted(it, range),
        }
    }

    /// What a node comes to with the variables of a round.
    fn round(&mut self, node: &'a Node, (one, two): Round<'a>) -> Outcome<'a> {
        let before = self.locals.len();
        self.locals.push(one);
        self.locals.extend(two);
        let outcome = self.node(node);
        self.locals.truncate(before);
        outcome
    }

    fn counts(&mut self, it: &'a Loop, round: &Round<'a>) -> Result<bool, Failure> {
        match &it.keep {
            Some(keep) => self.round(keep, round.clone())?.as_bool(),
            None => Ok(true),
        }
    }

    /// One round may settle it; a failure counts only when no round does.
    fn settled(&mut self, it: &'a Loop, range: Val<'a>, settles: bool) -> Outcome<'a> {
        let mut first = None;
        for round in rounds_of(range, it.two)? {
            match self.round(&it.body, round).and_then(|value| value.as_bool()) {
                Ok(value) if value == settles => return Ok(Val::Bool(settles)),
                Ok(_) => {}
                Err(failure) if failure.is_final => return Err(failure),
                Err(failure) => drop(first.get_or_insert(failure)),
            }
        }
        first.map_or(Ok(Val::Bool(!settles)), Err)
    }

    fn mapped(&mut self, it: &'a Loop, range: Val<'a>) -> Outcome<'a> {
        let mut map = Vec::new();
        for round in rounds_of(range, it.two)? {
            if !self.counts(it, &round)? {
                continue;
            }
            let key = round.0.clone();
            match (it.kind, self.round(&it.body, round)?) {
                (LoopKind::Map, value) => self.insert(&mut map, key, value)?,
                (_, Val::Map(entry)) => {
                    for (key, value) in entry.entries().iter() {
                        self.insert(&mut map, key.clone(), value.clone())?;
                    }
                }
                (_, other) => return Err(Failure::overload("transformMapEntry", &[other])),
            }
        }
        self.budget.charge(30)?;
        Ok(Val::map(map))
    }

    fn sorted(&mut self, it: &'a Loop, range: Val<'a>) -> Outcome<'a> {
        let mut keyed = Vec::new();
        for (item, _) in rounds_of(range, false)? {
            keyed.push((self.round(&it.body, (item.clone(), None))?, item));
        }
        let cost = keyed.len() * (1 + keyed.len().checked_ilog2().unwrap_or(0) as usize);
        self.budget.charge(cost)?;
        sort(&mut keyed)?;
        Ok(Val::list(keyed.into_iter().map(|(_, item)| item).collect()))
    }

    fn of_optional(&mut self, it: &'a Loop, range: Val<'a>) -> Outcome<'a> {
        let Val::Optional(inner) = range else { return Err(Failure::overload("optMap", &[range])) };
        let Some(inner) = inner else { return Ok(Val::Optional(None)) };
        let value = self.round(&it.body, ((*inner).clone(), None))?;
        match (it.kind, value) {
            (LoopKind::OptMap, value) => Ok(Val::some(value)),
            (_, value @ Val::Optional(_)) => Ok(value),
            (_, other) => Err(Failure::overload("optFlatMap", &[other])),
        }
    }
}

/// Sorts items by the keys beside them, which are of one type that has an order.
///
/// # Errors
/// Keys that cannot be compared.
pub(super) fn sort<'a>(keyed: &mut [(Val<'a>, Val<'a>)]) -> Result<(), Failure> {
    if let Some((first, _)) = keyed.first() {
        let kind = first.type_name();
        let fits = |key: &Val<'_>| key.type_name() == kind && key.compare(key).is_some();
        if !keyed.iter().all(|(key, _)| fits(key)) {
            return Err(Failure::new("only values of one type that has an order can be sorted"));
        }
    }
    keyed.sort_by(|(one, _), (two, _)| one.compare(two).unwrap_or(Ordering::Equal));
    Ok(())
}

/// What the variables are, round by round: items of a list or keys of a map; with two, the index or key before the
/// value.
fn rounds_of<'a>(range: Val<'a>, two: bool) -> Result<Vec<Round<'a>>, Failure> {
    match range {
        Val::List(items) if two => {
            let numbered = items.iter().enumerate();
            Ok(numbered.map(|(place, item)| (Val::Int(place as i64), Some(item.clone()))).collect())
        }
        Val::List(items) => Ok(items.iter().map(|item| (item.clone(), None)).collect()),
        Val::Map(map) => {
            let entries = map.entries();
            Ok(entries.iter().map(|(key, value)| (key.clone(), two.then(|| value.clone()))).collect())
        }
        other => {
            Err(Failure::new(format!("a list or a map is wanted to go over, not a {}", other.type_name())))
        }
    }
}
