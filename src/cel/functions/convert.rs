//! Conversions between types.

use super::{text, times, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

fn unreadable(name: &str, value: &Val<'_>) -> Failure {
    Failure::new(format!("{name}() of a {} that is none", value.type_name()))
}

/// `int`
pub fn int<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("int", args) };
    let number = match value {
        Val::Int(it) => Some(*it),
        Val::Uint(it) => i64::try_from(*it).ok(),
        Val::Double(it) => (*it > i64::MIN as f64 && *it < i64::MAX as f64).then_some(*it as i64),
        Val::Timestamp(it) => Some(it.timestamp()),
        Val::Duration(it) => it.num_nanoseconds(),
        it => match text(it) {
            Some(it) => it.parse().ok(),
            None => return wrong("int", args),
        },
    };
    number.map(Val::Int).ok_or_else(|| unreadable("int", value))
}

/// `uint`
pub fn uint<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("uint", args) };
    let number = match value {
        Val::Uint(it) => Some(*it),
        Val::Int(it) => u64::try_from(*it).ok(),
        Val::Double(it) => (*it >= 0.0 && *it < u64::MAX as f64).then_some(*it as u64),
        it => match text(it) {
            Some(it) => it.parse().ok().filter(|_| !it.starts_with('+')),
            None => return wrong("uint", args),
        },
    };
    number.map(Val::Uint).ok_or_else(|| unreadable("uint", value))
}

/// `double`
pub fn double<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("double", args) };
    let number = match value {
        Val::Double(it) => Some(*it),
        Val::Int(it) => Some(*it as f64),
        Val::Uint(it) => Some(*it as f64),
        it => match text(it) {
            Some(it) => it
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite() || !it.contains(|c: char| c.is_ascii_digit())),
            None => return wrong("double", args),
        },
    };
    number.map(Val::Double).ok_or_else(|| unreadable("double", value))
}

/// `bool`
pub fn bool<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("bool", args) };
    match (value, text(value)) {
        (Val::Bool(it), _) => Ok(Val::Bool(*it)),
        (_, Some("1" | "t" | "T" | "true" | "TRUE" | "True")) => Ok(Val::Bool(true)),
        (_, Some("0" | "f" | "F" | "false" | "FALSE" | "False")) => Ok(Val::Bool(false)),
        (_, Some(_)) => Err(unreadable("bool", value)),
        _ => wrong("bool", args),
    }
}

/// `bytes`
pub fn bytes<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("bytes", args) };
    match (value, text(value)) {
        (Val::Bytes(it), _) => Ok(Val::Bytes(it.clone())),
        (_, Some(it)) => {
            budget.charge_text(it.len())?;
            Ok(Val::Bytes(it.as_bytes().into()))
        }
        _ => wrong("bytes", args),
    }
}

/// `string`
pub fn string<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [value] = args else { return wrong("string", args) };
    budget.charge_text(value.weight())?;
    Ok(match value {
        Val::Text(_) => value.clone(),
        Val::Bytes(it) => Val::text(std::str::from_utf8(it).map_err(|_| unreadable("string", value))?),
        other => match shown(other) {
            Some(shown) => Val::text(shown),
            None => return wrong("string", args),
        },
    })
}

/// The text of a value that has one.
pub(super) fn shown(value: &Val<'_>) -> Option<String> {
    Some(match value {
        Val::Bool(it) => it.to_string(),
        Val::Int(it) => it.to_string(),
        Val::Uint(it) => it.to_string(),
        Val::Double(it) => of_double(*it),
        Val::Duration(it) => times::duration_text(*it),
        Val::Timestamp(it) => it.to_rfc3339_opts(times::precision(*it), true),
        Val::Ip(it) => it.to_string(),
        Val::Cidr(it) => it.to_string(),
        Val::Type(it) => (*it).to_owned(),
        other => text(other)?.to_owned(),
    })
}

/// As Go prints it: with an exponent from a million up and a ten-thousandth down.
pub(super) fn of_double(value: f64) -> String {
    if !value.is_finite() {
        return match (value.is_nan(), value > 0.0) {
            (true, _) => "NaN",
            (_, true) => "+Inf",
            _ => "-Inf",
        }
        .to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let power: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&power) {
        return value.to_string();
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", power.abs())
}

/// `type`
pub fn type_of<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    args.first().map_or_else(|| wrong("type", args), |value| Ok(Val::Type(value.type_name())))
}

/// `dyn`: the value itself.
pub fn dynamic<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    args.first().cloned().map_or_else(|| wrong("dyn", args), Ok)
}
