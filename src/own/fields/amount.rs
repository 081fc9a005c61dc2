//! Amounts with units, and ranges of them: numbers, quantities, durations, percentages.

use std::cmp::Ordering;

use crate::k8s::quantity;
use crate::yaml::Data;

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `3`, `0.25`.
    Number,
    /// `100m`, `512Mi`, as Kubernetes writes cpu and memory; plain numbers too.
    Quantity,
    /// `30s`, `1h30m`, `7d`.
    Duration,
    /// `25%`.
    Percentage,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Number, Self::Quantity, Self::Duration, Self::Percentage];

    /// With an article and an example.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Quantity => "a quantity such as 100m or 512Mi",
            Self::Duration => "a duration such as 30s or 1h30m",
            Self::Percentage => "a percentage such as 25%",
        }
    }

    /// The amount that a text says in this unit.
    #[must_use]
    pub fn amount(self, text: &str) -> Option<f64> {
        match self {
            Self::Number => number(text),
            // Rounded to thousandths, as the API server does; beyond 2^53 thousandths no limit is that close.
            #[expect(clippy::cast_precision_loss, reason = "amounts that large differ by more")]
            Self::Quantity => quantity::millis(text).map(|millis| millis as f64),
            Self::Duration => duration(text),
            Self::Percentage => number(text.strip_suffix('%')?),
        }
    }
}

/// The text of a scalar as Kubernetes prints it; `None` for maps, lists and null.
#[must_use]
pub fn text_of(data: &Data) -> Option<String> {
    match data {
        Data::String(text) => Some(text.clone()),
        Data::Number(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::Null | Data::Array(_) | Data::Object(_) => None,
    }
}

fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    text.parse::<f64>().ok().filter(|value| plain && value.is_finite())
}

/// Nanoseconds, as Go's durations count them, and days and weeks besides.
fn duration(text: &str) -> Option<f64> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    if rest == "0" {
        return Some(0.0);
    }
    let mut all = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (digits, after) = rest.split_at(end);
        let unit_end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, left) = after.split_at(unit_end);
        let size = match unit {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 6e10,
            "h" => 3.6e12,
            "d" => 8.64e13,
            "w" => 6.048e14,
            _ => return None,
        };
        all += digits.parse::<f64>().ok()? * size;
        rest = left;
    }
    (!text.is_empty() && text != "-").then_some(sign * all)
}

/// A least and a most, either of which may be open.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    min: Option<String>,
    max: Option<String>,
    /// In which both can be read, the plainest first.
    units: Vec<Unit>,
}

impl Range {
    /// A range between two scalars.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(min: Option<&Data>, max: Option<&Data>) -> Result<Self, String> {
        let text = |data: Option<&Data>| match data {
            None => Ok(None),
            Some(Data::Bool(_)) => Err("true and false are no amounts".to_owned()),
            Some(data) => text_of(data).map(Some).ok_or_else(|| "a limit is one number or text".to_owned()),
        };
        let (min, max) = (text(min)?, text(max)?);
        let both: Vec<&String> = [&min, &max].into_iter().flatten().collect();
        if both.is_empty() {
            return Err("the range has neither min nor max".to_owned());
        }
        let reads = |unit: &Unit| both.iter().all(|text| unit.amount(text).is_some());
        let units: Vec<Unit> = Unit::ALL.into_iter().filter(reads).collect();
        let Some(unit) = units.first() else {
            let alone = both.iter().find(|text| Unit::ALL.iter().all(|unit| unit.amount(text).is_none()));
            return Err(match alone {
                Some(text) => format!("{text:?} is no number, quantity, duration or percentage"),
                None => format!("{:?} and {:?} count different things", both[0], both[both.len() - 1]),
            });
        };
        if let (Some(min), Some(max)) = (&min, &max)
            && unit.amount(min) > unit.amount(max)
        {
            return Err(format!("min {min} is above max {max}"));
        }
        Ok(Self { min, max, units })
    }

    /// `at least 100m`, `from 1 to 5`.
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => String::new(),
        }
    }

    /// The least, as written.
    #[must_use]
    pub fn min(&self) -> Option<&str> {
        self.min.as_deref()
    }

    /// The most, as written.
    #[must_use]
    pub fn max(&self) -> Option<&str> {
        self.max.as_deref()
    }

    /// What is wrong with a value, after `is`: `below 3`, `no quantity …`.
    #[must_use]
    pub fn problem(&self, text: &str) -> Option<String> {
        let Some((unit, amount)) = self.units.iter().find_map(|unit| Some((unit, unit.amount(text)?))) else {
            return Some(format!("not {}", self.units.first().map_or("", |unit| unit.words())));
        };
        let beyond = |limit: &Option<String>, wrong: Ordering| {
            let limit = limit.as_deref()?;
            (amount.partial_cmp(&unit.amount(limit)?) == Some(wrong)).then(|| limit.to_owned())
        };
        let below = beyond(&self.min, Ordering::Less).map(|limit| format!("below {limit}"));
        below.or_else(|| beyond(&self.max, Ordering::Greater).map(|limit| format!("above {limit}")))
    }
}

/// Whether two scalars are the same to Kubernetes: the same text, or one amount written in two ways when a unit or a
/// YAML number shows that an amount is meant.
#[must_use]
pub fn same(one: &Data, other: &Data) -> bool {
    let (Some(a), Some(b)) = (text_of(one), text_of(other)) else {
        return crate::yaml::data::same(one, other);
    };
    let number = |data: &Data| data.is_number();
    let with_unit = |text: &str| text.ends_with(|c: char| c.is_ascii_alphabetic());
    let amounts = (number(one) && number(other)) || with_unit(&a) || with_unit(&b);
    a == b || (amounts && quantity::millis(&a).is_some_and(|millis| quantity::millis(&b) == Some(millis)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn range(min: Data, max: Data) -> Result<Range, String> {
        let some = |data: Data| (!data.is_null()).then_some(data);
        Range::new(some(min).as_ref(), some(max).as_ref())
    }

    #[test]
    fn each_value_is_read_in_the_unit_of_the_limits() {
        for (min, max, value, wanted) in [
            (json!("100m"), json!("2"), "0.5", None),
            (json!("100m"), json!("2"), "50m", Some("below 100m")),
            (json!("100m"), json!("2"), "3", Some("above 2")),
            (json!("100m"), json!(null), "x", Some("not a quantity such as 100m or 512Mi")),
            (json!("64Mi"), json!("1Gi"), "1025Mi", Some("above 1Gi")),
            (json!("30s"), json!("1h30m"), "5m", None),
            (json!("30s"), json!("1h30m"), "91m", Some("above 1h30m")),
            (json!("30s"), json!(null), "45", Some("not a duration such as 30s or 1h30m")),
            (json!("5m"), json!("30m"), "90s", Some("below 5m")),
            (json!("5m"), json!("30m"), "10m", None),
            (json!("10%"), json!("50%"), "25%", None),
            (json!("10%"), json!(null), "3", Some("not a percentage such as 25%")),
            (json!(1), json!(65535), "0", Some("below 1")),
            (json!(0.0001), json!(0.0005), "0.0006", Some("above 0.0005")),
            (json!(0), json!("7d"), "1w1d", Some("above 7d")),
        ] {
            let said = range(min.clone(), max.clone()).unwrap().problem(value);
            assert_eq!(said.as_deref(), wanted, "{min} {max} {value}");
        }
    }

    #[test]
    fn a_wrong_range_is_refused() {
        for (min, max, wanted) in [
            (json!(null), json!(null), "neither"),
            (json!(5), json!(1), "min 5 is above max 1"),
            (json!("2"), json!("500m"), "above"),
            (json!("30s"), json!("10%"), "different things"),
            (json!("many"), json!(null), "no number"),
            (json!(true), json!(null), "no amounts"),
            (json!([1]), json!(null), "one number"),
        ] {
            let said = range(min, max).unwrap_err();
            assert!(said.contains(wanted), "{said}");
        }
    }

    #[test]
    fn the_same_amount_is_the_same_value_and_a_version_is_no_amount() {
        assert!(same(&json!("500m"), &json!(0.5)));
        assert!(same(&json!(true), &json!("true")));
        assert!(same(&json!(1), &json!(1.0)));
        assert!(same(&json!("1Gi"), &json!("1024Mi")));
        assert!(!same(&json!("1.10"), &json!("1.1")));
        assert!(!same(&json!("abc"), &json!("abd")));
        assert!(same(&json!([1, {"a": "b"}]), &json!([1, {"a": "b"}])));
    }
}
