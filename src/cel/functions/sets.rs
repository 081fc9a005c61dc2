//! `sets.…`: lists looked at as sets.

use super::wrong;
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

fn holds<'a>(items: &[Val<'a>], sought: &Val<'a>, budget: &mut Budget) -> Result<bool, Failure> {
    for item in items {
        if item.equals(sought, &mut |cost| budget.charge(cost))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds_all<'a>(items: &[Val<'a>], sought: &[Val<'a>], budget: &mut Budget) -> Result<bool, Failure> {
    for one in sought {
        if !holds(items, one, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `sets.contains`: the first holds all of the second.
pub fn contains<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(one), Val::List(two)] = args else { return wrong("sets.contains", args) };
    holds_all(one, two, budget).map(Val::Bool)
}

/// `sets.equivalent`: each holds all of the other.
pub fn equivalent<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(one), Val::List(two)] = args else { return wrong("sets.equivalent", args) };
    Ok(Val::Bool(holds_all(one, two, budget)? && holds_all(two, one, budget)?))
}

/// `sets.intersects`: something is in both.
pub fn intersects<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(one), Val::List(two)] = args else { return wrong("sets.intersects", args) };
    for item in one.iter() {
        if holds(two, item, budget)? {
            return Ok(Val::Bool(true));
        }
    }
    Ok(Val::Bool(false))
}
