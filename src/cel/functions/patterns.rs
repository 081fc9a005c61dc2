//! `matches`, `find` and `findAll`. Patterns cannot take longer than the text is long; compiling one has its price.

use std::borrow::Cow;

use regex::Regex;

use super::{part, regexes, text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

fn of<'v>(args: &'v [Val<'_>], budget: &mut Budget) -> Result<Option<(&'v str, Cow<'v, Regex>)>, Failure> {
    let (Some(it), Some(pattern)) = (args.first().and_then(text), args.get(1)) else { return Ok(None) };
    let pattern = match pattern {
        Val::Pattern(pattern) => Cow::Borrowed(*pattern),
        other => {
            let Some(pattern) = text(other) else { return Ok(None) };
            budget.charge(100 + pattern.len())?;
            Cow::Owned(regexes::compile(pattern).map_err(Failure::new)?)
        }
    };
    budget.charge(1 + (it.len() / 10 + 1) * (pattern.as_str().len() / 4 + 1))?;
    Ok(Some((it, pattern)))
}

/// `matches`: anywhere in the text.
pub fn matches<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((it, pattern)) = of(args, budget)? else { return wrong("matches", args) };
    Ok(Val::Bool(pattern.is_match(it)))
}

/// `find`: the first that fits, or empty text.
pub fn find<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((it, pattern)) = of(args, budget)? else { return wrong("find", args) };
    Ok(pattern.find(it).map_or_else(|| Val::text(""), |found| part(&args[0], found.as_str(), found.start())))
}

/// `findAll`: all that fit, or the first so many.
pub fn find_all<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let most = match args.get(2) {
        None => usize::MAX,
        Some(Val::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        Some(_) => return wrong("findAll", args),
    };
    let Some((it, pattern)) = of(args, budget)? else { return wrong("findAll", args) };
    budget.charge(1 + it.len())?;
    let found = pattern.find_iter(it).take(most);
    Ok(Val::list(found.map(|found| part(&args[0], found.as_str(), found.start())).collect()))
}
