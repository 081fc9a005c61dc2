//! Kubernetes' quantities.

use std::cmp::Ordering;

use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

const NANOS: i128 = 1_000_000_000;

/// A quantity in billionths, the finest there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    nanos: i128,
    /// The power of ten it was written in; `None` where Kubernetes keeps it as a long decimal. Only what was written
    /// without a fraction counts as an integer there, not what is worth one: `1000m` does not.
    power: Option<i32>,
}

impl Quantity {
    /// Reads a quantity.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
        let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
        let (number, suffix) = digits.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        // What has a suffix and no digits is 0 to Kubernetes.
        if written.is_empty() || fraction.contains('.') {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let (factor, power, binary) = of_suffix(suffix)?;
        let nanos = nanos(whole, fraction, factor, power)?;
        let count = (whole.len().max(1) + fraction.len()) as i32;
        let plain = match binary {
            true => fraction.is_empty() && 14 - whole.len().max(1) as i32 - binary_digits(factor) >= 0,
            false => 18 - count >= 0 && power - fraction.len() as i32 >= -9,
        };
        let power = plain.then_some(power - fraction.len() as i32);
        Some(Self { nanos: if written.starts_with('-') { -nanos } else { nanos }, power })
    }

    /// Which is larger.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }

    fn integer(&self) -> Option<i64> {
        self.power.filter(|power| *power >= 0)?;
        i64::try_from(self.nanos / NANOS).ok()
    }

    fn plus(&self, nanos: Option<i128>, power: Option<i32>) -> Option<Self> {
        let sum = self.nanos.checked_add(nanos?)?;
        let power = match (self.power, power) {
            (own, _) if nanos == Some(0) => own,
            (_, other) if self.nanos == 0 => other,
            (one, other) => one.zip(other).map(|(one, other)| one.min(other)),
        };
        Some(Self { nanos: sum, power })
    }
}

fn binary_digits(factor: i128) -> i32 {
    (f64::from(factor.ilog2()) * 3.0 / 10.0) as i32
}

/// What the number is multiplied with, the power of ten that stands for, and whether it is a binary suffix.
fn of_suffix(suffix: &str) -> Option<(i128, i32, bool)> {
    let decimal = |power: i32| Some((1, power, false));
    let binary = |power: u32| Some((1024_i128.pow(power), 0, true));
    match suffix {
        "" => decimal(0),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => decimal(suffix.strip_prefix(['e', 'E'])?.parse().ok().filter(|power: &i32| power.abs() < 1000)?),
    }
}

/// Fractions of a billionth round away from zero; what is beyond all use is the largest there is.
fn nanos(whole: &str, fraction: &str, factor: i128, power: i32) -> Option<i128> {
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    let shift = power + 9 - i32::try_from(fraction.len()).ok()?;
    if digits.is_empty() {
        return Some(0);
    }
    if digits.len() as i32 + shift > 30 || digits.len() > 34 {
        return Some(i128::MAX / 4);
    }
    let value = digits.parse::<i128>().ok()?.checked_mul(factor)?;
    if shift >= 0 {
        return value.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?);
    }
    let divisor = 10_i128.checked_pow(shift.unsigned_abs()).unwrap_or(i128::MAX);
    Some(value / divisor + i128::from(value % divisor != 0))
}

/// `isQuantity`
pub fn is_quantity<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("isQuantity", args) };
    budget.charge_text(it.len())?;
    Ok(Val::Bool(Quantity::parse(it).is_some()))
}

/// `quantity`
pub fn quantity<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("quantity", args) };
    budget.charge_text(it.len())?;
    let read = Quantity::parse(it).ok_or_else(|| Failure::new("quantity() of text that is none"))?;
    Ok(Val::Quantity(read.into()))
}

/// `sign`
pub fn sign<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Quantity(it)] = args else { return wrong("sign", args) };
    Ok(Val::Int(it.nanos.signum() as i64))
}

/// `isInteger`
pub fn is_integer<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Quantity(it)] = args else { return wrong("isInteger", args) };
    Ok(Val::Bool(it.integer().is_some()))
}

/// `asInteger`
pub fn as_integer<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Quantity(it)] = args else { return wrong("asInteger", args) };
    it.integer().map(Val::Int).ok_or_else(|| Failure::new("the quantity is no integer"))
}

/// `asApproximateFloat`
pub fn as_float<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    let [Val::Quantity(it)] = args else { return wrong("asApproximateFloat", args) };
    Ok(Val::Double(it.nanos as f64 / NANOS as f64))
}

/// `add`
pub fn add<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    sum("add", args, 1, budget)
}

/// `sub`
pub fn sub<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    sum("sub", args, -1, budget)
}

fn sum<'a>(name: &str, args: &[Val<'a>], sign: i128, budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    let result = match args {
        [Val::Quantity(one), Val::Quantity(two)] => one.plus(two.nanos.checked_mul(sign), two.power),
        [Val::Quantity(one), Val::Int(two)] => one.plus(Some(i128::from(*two) * NANOS * sign), Some(0)),
        _ => return wrong(name, args),
    };
    let result = result.ok_or_else(|| Failure::new("the quantity is too large"))?;
    Ok(Val::Quantity(result.into()))
}
