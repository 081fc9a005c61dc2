//! Optionals: values that may be missing.

use super::wrong;
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

/// `optional.of`
pub fn of<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    Ok(args.first().cloned().map_or(Val::Optional(None), Val::some))
}

/// `optional.none`
pub fn none<'a>(_: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    Ok(Val::Optional(None))
}

/// `optional.ofNonZeroValue`
pub fn of_non_zero_value<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let is_zero = args.first().is_none_or(|value| match value {
        Val::Null | Val::Bool(false) | Val::Int(0) | Val::Uint(0) | Val::Optional(None) => true,
        Val::Double(value) => *value == 0.0,
        Val::Text(_) | Val::Bytes(_) | Val::List(_) | Val::Map(_) => value.weight() == 0,
        Val::Duration(value) => value.is_zero(),
        _ => false,
    });
    Ok(if is_zero { Val::Optional(None) } else { Val::some(args[0].clone()) })
}

/// `hasValue`
pub fn has_value<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    match args {
        [Val::Optional(value)] => Ok(Val::Bool(value.is_some())),
        _ => wrong("hasValue", args),
    }
}

/// `value`
pub fn value<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    match args {
        [Val::Optional(Some(value))] => Ok((**value).clone()),
        [Val::Optional(None)] => Err(Failure::new("value() of an optional that has none")),
        _ => wrong("value", args),
    }
}

/// `unwrapOpt`: the values there are.
pub fn unwrap<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [Val::List(items)] = args else { return wrong("unwrapOpt", args) };
    let mut values = Vec::new();
    for item in items.iter() {
        budget.charge(1)?;
        match item {
            Val::Optional(value) => values.extend(value.as_deref().cloned()),
            _ => return wrong("unwrapOpt", std::slice::from_ref(item)),
        }
    }
    Ok(Val::list(values))
}
