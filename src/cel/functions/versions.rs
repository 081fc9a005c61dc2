//! Versions, and the comparisons they share with quantities.

use std::cmp::Ordering;

use semver::Version;

use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

fn order(args: &[Val<'_>]) -> Option<Ordering> {
    match args {
        [Val::Quantity(one), Val::Quantity(two)] => Some(one.order(two)),
        [Val::Semver(one), Val::Semver(two)] => Some(one.cmp_precedence(two)),
        _ => None,
    }
}

/// `isGreaterThan`
pub fn is_greater<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    order(args).map_or_else(|| wrong("isGreaterThan", args), |order| Ok(Val::Bool(order.is_gt())))
}

/// `isLessThan`
pub fn is_less<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    order(args).map_or_else(|| wrong("isLessThan", args), |order| Ok(Val::Bool(order.is_lt())))
}

/// `compareTo`
pub fn compare_to<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    order(args).map_or_else(|| wrong("compareTo", args), |order| Ok(Val::Int(order as i64)))
}

/// With `normalize`, a `v` before it, missing parts and leading zeros are made good.
fn parse(args: &[Val<'_>], budget: &mut Budget) -> Result<Option<Option<Version>>, Failure> {
    let normalize = match args {
        [_] => false,
        [_, Val::Bool(normalize)] => *normalize,
        _ => return Ok(None),
    };
    let Some(it) = text(&args[0]) else { return Ok(None) };
    budget.charge_text(it.len())?;
    if !normalize {
        return Ok(Some(Version::parse(it).ok()));
    }
    let it = it.strip_prefix('v').unwrap_or(it);
    let mut parts: Vec<String> = it.splitn(3, '.').map(without_zeros).collect();
    if parts.len() < 3 && parts.last().is_some_and(|part| part.contains(['+', '-'])) {
        return Ok(Some(None));
    }
    parts.resize(3, "0".to_owned());
    Ok(Some(Version::parse(&parts.join(".")).ok()))
}

fn without_zeros(part: &str) -> String {
    let rest = part.trim_start_matches('0');
    match part.len() > 1 && !rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() < part.len() {
        true => format!("0{rest}"),
        false if part.len() > 1 => rest.to_owned(),
        false => part.to_owned(),
    }
}

/// `isSemver`
pub fn is_semver<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(read) = parse(args, budget)? else { return wrong("isSemver", args) };
    Ok(Val::Bool(read.is_some()))
}

/// `semver`
pub fn semver<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(read) = parse(args, budget)? else { return wrong("semver", args) };
    let read = read.ok_or_else(|| Failure::new("semver() of text that is no version"))?;
    Ok(Val::Semver(read.into()))
}

/// `major`
pub fn major<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Semver(it)] = args else { return wrong("major", args) };
    Ok(Val::Int(it.major as i64))
}

/// `minor`
pub fn minor<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Semver(it)] = args else { return wrong("minor", args) };
    Ok(Val::Int(it.minor as i64))
}

/// `patch`
pub fn patch<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Semver(it)] = args else { return wrong("patch", args) };
    Ok(Val::Int(it.patch as i64))
}
