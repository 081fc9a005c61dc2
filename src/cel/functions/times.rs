//! Spans of time and moments. Time zones are offsets (`+02:00`) or UTC: no table of zones is carried.

use chrono::{DateTime, Datelike, FixedOffset, Offset, SecondsFormat, TimeDelta, Timelike, Utc};

use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

/// `duration`
pub fn duration<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    match args {
        [Val::Duration(it)] => Ok(Val::Duration(*it)),
        [Val::Int(it)] => Ok(Val::Duration(TimeDelta::nanoseconds(*it))),
        [it] if text(it).is_some() => {
            let read =
                text(it).and_then(parse).ok_or_else(|| Failure::new("duration() of text that is none"))?;
            Ok(Val::Duration(read))
        }
        _ => wrong("duration", args),
    }
}

/// As Go reads it: numbers with units, `1h30m`, `1.5s`, `-2ms`; a bare `0` too.
fn parse(text: &str) -> Option<TimeDelta> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(TimeDelta::zero());
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() || nanos == 0 && text.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let unit_end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || number.len() > 30 {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let digits = &fraction[..fraction.len().min(15)];
        let part: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        nanos += whole.checked_mul(unit)? + part * unit / 10_i128.pow(digits.len() as u32);
        rest = tail;
    }
    if text.trim_start_matches(['+', '-']).is_empty() {
        return None;
    }
    let nanos = i64::try_from(nanos).ok()?;
    Some(TimeDelta::nanoseconds(if negative { -nanos } else { nanos }))
}

/// Seconds with their fraction, and an `s`.
pub(super) fn duration_text(it: TimeDelta) -> String {
    let nanos = it.num_nanoseconds().unwrap_or(i64::MAX);
    let sign = if nanos < 0 { "-" } else { "" };
    let (seconds, rest) = (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    let fraction = format!("{rest:09}");
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{seconds}s"),
        fraction => format!("{sign}{seconds}.{fraction}s"),
    }
}

pub(super) fn precision(it: DateTime<Utc>) -> SecondsFormat {
    match it.nanosecond() {
        0 => SecondsFormat::Secs,
        _ => SecondsFormat::AutoSi,
    }
}

/// `timestamp`
pub fn timestamp<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    budget.charge(1)?;
    let read = match args {
        [Val::Timestamp(it)] => Some(*it),
        [Val::Int(it)] => DateTime::from_timestamp(*it, 0),
        [it] if text(it).is_some() => text(it).and_then(|it| {
            let strict = it.len() >= 20 && it.as_bytes().get(10) == Some(&b'T');
            strict.then(|| DateTime::parse_from_rfc3339(it).ok()).flatten().map(|it| it.to_utc())
        }),
        _ => return wrong("timestamp", args),
    };
    read.map(Val::Timestamp).ok_or_else(|| Failure::new("timestamp() of text that is none"))
}

/// The moment where the second argument says it is looked at.
fn at(args: &[Val<'_>]) -> Result<Option<DateTime<FixedOffset>>, Failure> {
    let Some(Val::Timestamp(moment)) = args.first() else { return Ok(None) };
    let zone = match args.get(1) {
        None => Utc.fix(),
        Some(zone) => {
            let Some(zone) = text(zone) else { return Ok(None) };
            offset(zone).ok_or_else(|| {
                Failure::new(format!("time zone {zone:?}: only UTC and offsets such as +02:00 are known"))
            })?
        }
    };
    Ok(Some(moment.with_timezone(&zone)))
}

fn offset(zone: &str) -> Option<FixedOffset> {
    let Some((hours, minutes)) = zone.split_once(':') else {
        return matches!(zone, "" | "UTC").then(|| Utc.fix());
    };
    let minutes: i32 = minutes.parse().ok()?;
    let whole: i32 = hours.parse::<i32>().ok()?.checked_mul(60)?;
    FixedOffset::east_opt(
        (if zone.starts_with('-') { whole - minutes } else { whole + minutes }).checked_mul(60)?,
    )
}

fn get<'a>(
    name: &str,
    args: &[Val<'a>],
    moment: impl Fn(DateTime<FixedOffset>) -> i64,
    span: impl Fn(TimeDelta) -> Option<i64>,
) -> Outcome<'a> {
    if let [Val::Duration(it)] = args {
        return span(*it).map_or_else(|| wrong(name, args), |it| Ok(Val::Int(it)));
    }
    at(args)?.map_or_else(|| wrong(name, args), |it| Ok(Val::Int(moment(it))))
}

/// `getFullYear`
pub fn year<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getFullYear", args, |it| i64::from(it.year()), |_| None)
}

/// `getMonth`, from 0
pub fn month<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getMonth", args, |it| i64::from(it.month0()), |_| None)
}

/// `getDate`, from 1
pub fn date<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getDate", args, |it| i64::from(it.day()), |_| None)
}

/// `getDayOfMonth`, from 0
pub fn day_of_month<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getDayOfMonth", args, |it| i64::from(it.day0()), |_| None)
}

/// `getDayOfWeek`, Sunday is 0
pub fn day_of_week<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getDayOfWeek", args, |it| i64::from(it.weekday().num_days_from_sunday()), |_| None)
}

/// `getDayOfYear`, from 0
pub fn day_of_year<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getDayOfYear", args, |it| i64::from(it.ordinal0()), |_| None)
}

/// `getHours`
pub fn hours<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getHours", args, |it| i64::from(it.hour()), |it| Some(it.num_hours()))
}

/// `getMinutes`
pub fn minutes<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getMinutes", args, |it| i64::from(it.minute()), |it| Some(it.num_minutes()))
}

/// `getSeconds`
pub fn seconds<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get("getSeconds", args, |it| i64::from(it.second()), |it| Some(it.num_seconds()))
}

/// `getMilliseconds`
pub fn milliseconds<'a>(args: &[Val<'a>], _: &mut Budget) -> Outcome<'a> {
    get(
        "getMilliseconds",
        args,
        |it| i64::from(it.timestamp_subsec_millis()),
        |it| Some(it.num_milliseconds()),
    )
}
