//! Functions of lists, and those that lists share with text.

use std::cmp::Ordering;

use super::{strings, text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::operators::Operator;
use crate::cel::value::{Outcome, Val};

/// The longest list that `lists.range` makes.
const LONGEST: i64 = 100_000;

/// `size`: characters, bytes, items or keys.
pub fn size<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let size = match args {
        [Val::List(items)] => items.len(),
        [Val::Bytes(bytes)] => bytes.len(),
        [Val::Map(map)] => map.len(),
        [it] => match text(it) {
            Some(it) => {
                budget.charge_text(it.len())?;
                it.chars().count()
            }
            None => return wrong("size", args),
        },
        _ => return wrong("size", args),
    };
    Ok(Val::Int(size as i64))
}

/// `indexOf`
pub fn index_of<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items), sought] = args else { return strings::find(args, false, budget) };
    for (place, item) in items.iter().enumerate() {
        if item.equals(sought, &mut |cost| budget.charge(cost))? {
            return Ok(Val::Int(place as i64));
        }
    }
    Ok(Val::Int(-1))
}

/// `lastIndexOf`
pub fn last_index_of<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items), sought] = args else { return strings::find(args, true, budget) };
    for (place, item) in items.iter().enumerate().rev() {
        if item.equals(sought, &mut |cost| budget.charge(cost))? {
            return Ok(Val::Int(place as i64));
        }
    }
    Ok(Val::Int(-1))
}

fn order(one: &Val<'_>, two: &Val<'_>) -> Result<Ordering, Failure> {
    one.compare(two).ok_or_else(|| Failure::overload("comparing", &[one.clone(), two.clone()]))
}

/// `isSorted`
pub fn is_sorted<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("isSorted", args) };
    for pair in items.windows(2) {
        budget.charge(1 + pair[0].weight() / 10)?;
        if order(&pair[0], &pair[1])?.is_gt() {
            return Ok(Val::Bool(false));
        }
    }
    Ok(Val::Bool(true))
}

/// `sum`; of nothing it is 0.
pub fn sum<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("sum", args) };
    let Some((first, rest)) = items.split_first() else { return Ok(Val::Int(0)) };
    let summable =
        |it: &Val<'_>| matches!(it, Val::Int(_) | Val::Uint(_) | Val::Double(_) | Val::Duration(_));
    if !items.iter().all(summable) {
        return wrong("sum", &items[..1]);
    }
    rest.iter().try_fold(first.clone(), |sum, item| {
        budget.charge(1)?;
        Operator::Add.apply(&[sum, item.clone()], budget)
    })
}

/// `min`
pub fn min<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    extreme("min", args, Ordering::Less, budget)
}

/// `max`
pub fn max<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    extreme("max", args, Ordering::Greater, budget)
}

fn extreme<'a>(name: &str, args: &[Val<'a>], wanted: Ordering, budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong(name, args) };
    let Some(mut found) = items.first() else { return Err(Failure::new(format!("{name} of an empty list"))) };
    for item in &items[1..] {
        budget.charge(1 + item.weight() / 10)?;
        if order(item, found)? == wanted {
            found = item;
        }
    }
    Ok(found.clone())
}

/// `slice`
pub fn slice<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items), Val::Int(from), Val::Int(to)] = args else { return wrong("slice", args) };
    let range = usize::try_from(*from).ok().zip(usize::try_from(*to).ok());
    let found = range.and_then(|(from, to)| items.get(from..to));
    let found =
        found.ok_or_else(|| Failure::new(format!("slice({from}, {to}) of a list of {}", items.len())))?;
    budget.charge(1 + found.len())?;
    Ok(Val::list(found.to_vec()))
}

/// `flatten`: one level, or so many.
pub fn flatten<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let (Val::List(items), depth) = (match args {
        [list] => (list, 1),
        [list, Val::Int(depth)] => (list, *depth),
        _ => return wrong("flatten", args),
    }) else {
        return wrong("flatten", args);
    };
    if depth < 0 {
        return Err(Failure::new("flatten takes no negative level"));
    }
    let mut flat = Vec::new();
    flatten_into(&mut flat, items, depth, budget)?;
    Ok(Val::list(flat))
}

fn flatten_into<'a>(
    flat: &mut Vec<Val<'a>>,
    items: &[Val<'a>],
    depth: i64,
    budget: &mut Budget,
) -> Result<(), Failure> {
    for item in items {
        budget.charge(1)?;
        match item {
            Val::List(inner) if depth > 0 => flatten_into(flat, inner, depth - 1, budget)?,
            other => flat.push(other.clone()),
        }
    }
    Ok(())
}

/// `reverse`
pub fn reverse<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("reverse", args) };
    budget.charge(1 + items.len())?;
    Ok(Val::list(items.iter().rev().cloned().collect()))
}

/// `sort`
pub fn sort<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("sort", args) };
    let weight: usize = items.iter().map(|item| 1 + item.weight() / 10).sum();
    budget.charge(weight.saturating_mul(1 + items.len().checked_ilog2().unwrap_or(0) as usize))?;
    let mut keyed: Vec<(Val<'a>, Val<'a>)> = items.iter().map(|item| (item.clone(), Val::Null)).collect();
    crate::cel::rounds::sort(&mut keyed)?;
    Ok(Val::list(keyed.into_iter().map(|(item, _)| item).collect()))
}

/// `distinct`: the first of equals stays.
pub fn distinct<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("distinct", args) };
    let mut kept: Vec<Val<'a>> = Vec::new();
    'items: for item in items.iter() {
        for other in &kept {
            if item.equals(other, &mut |cost| budget.charge(cost))? {
                continue 'items;
            }
        }
        kept.push(item.clone());
    }
    Ok(Val::list(kept))
}

/// `lists.range`
pub fn range<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::Int(count)] = args else { return wrong("lists.range", args) };
    if *count > LONGEST {
        return Err(Failure::new(format!("lists.range makes at most {LONGEST} items")));
    }
    budget.charge(1 + usize::try_from(*count).unwrap_or(0))?;
    Ok(Val::list((0..*count).map(Val::Int).collect()))
}

/// `first`, as an optional.
pub fn first<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("first", args) };
    Ok(items.first().cloned().map_or(Val::Optional(None), Val::some))
}

/// `last`, as an optional.
pub fn last<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("last", args) };
    Ok(items.last().cloned().map_or(Val::Optional(None), Val::some))
}
