//! `format`: text with places for values, `%s` and its like.

use super::convert::{of_double, shown};
use super::{text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

/// The most digits after the point.
const FINEST: usize = 100;

/// `format`
pub fn format<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [template, Val::List(values)] = args else { return wrong("format", args) };
    let Some(template) = text(template) else { return wrong("format", args) };
    budget.charge_text(template.len())?;
    let (mut out, mut values, mut rest) = (String::new(), values.iter(), template);
    while let Some((plain, clause)) = rest.split_once('%') {
        out.push_str(plain);
        let (precision, clause) = precision(clause)?;
        let Some(letter) = clause.chars().next() else { return Err(Failure::new("format() ends in %")) };
        rest = &clause[letter.len_utf8()..];
        if letter == '%' {
            out.push('%');
            continue;
        }
        let value = values.next().ok_or_else(|| Failure::new("format() has more places than values"))?;
        let piece = piece(letter, precision, value, budget)?;
        budget.charge_text(piece.len())?;
        out.push_str(&piece);
    }
    out.push_str(rest);
    Ok(Val::text(out))
}

/// The digits of `.3`, and what follows.
fn precision(clause: &str) -> Result<(Option<usize>, &str), Failure> {
    let Some(rest) = clause.strip_prefix('.') else { return Ok((None, clause)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let digits = rest[..end].parse().ok().filter(|digits| *digits <= FINEST);
    let digits = digits.ok_or_else(|| Failure::new("format() has a point without a number after it"))?;
    Ok((Some(digits), &rest[end..]))
}

fn piece(
    letter: char,
    precision: Option<usize>,
    value: &Val<'_>,
    budget: &mut Budget,
) -> Result<String, Failure> {
    let wrong = || Failure::new(format!("format(): %{letter} does not take a {}", value.type_name()));
    let double = || match (value, text(value)) {
        (Val::Double(it), _) => Ok(*it),
        (_, Some("NaN")) => Ok(f64::NAN),
        (_, Some("Infinity")) => Ok(f64::INFINITY),
        (_, Some("-Infinity")) => Ok(f64::NEG_INFINITY),
        _ => Err(wrong()),
    };
    match (letter, value) {
        ('s', value) => plain(value, false, budget),
        ('d', Val::Int(it)) => Ok(it.to_string()),
        ('d', Val::Uint(it)) => Ok(it.to_string()),
        ('b', Val::Bool(it)) => Ok(u8::from(*it).to_string()),
        ('b', Val::Int(it)) => Ok(signed(*it, |it| format!("{it:b}"))),
        ('b', Val::Uint(it)) => Ok(format!("{it:b}")),
        ('o', Val::Int(it)) => Ok(signed(*it, |it| format!("{it:o}"))),
        ('o', Val::Uint(it)) => Ok(format!("{it:o}")),
        ('x' | 'X', value) => {
            let hex = match value {
                Val::Int(it) => signed(*it, |it| format!("{it:x}")),
                Val::Uint(it) => format!("{it:x}"),
                Val::Bytes(it) => hex(it),
                other => hex(text(other).ok_or_else(wrong)?.as_bytes()),
            };
            Ok(if letter == 'X' { hex.to_uppercase() } else { hex })
        }
        ('f', _) => Ok(fixed(double()?, precision.unwrap_or(6))),
        ('e', _) => Ok(scientific(double()?, precision.unwrap_or(6))),
        ('d' | 'b' | 'o', _) => Err(wrong()),
        _ => Err(Failure::new(format!("format() knows no %{letter}"))),
    }
}

fn signed(it: i64, print: impl Fn(u64) -> String) -> String {
    let digits = print(it.unsigned_abs());
    if it < 0 { format!("-{digits}") } else { digits }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// With thousands set apart, as in English.
fn fixed(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return of_infinite(value);
    }
    let plain = format!("{value:.digits$}");
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |plain| ("-", plain));
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn scientific(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return of_infinite(value);
    }
    let written = format!("{value:.digits$e}");
    let (number, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("", exponent), |it| ("⁻", it));
    let raised =
        |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap_or(0) as usize).unwrap_or('⁰');
    let exponent: String = format!("{exponent:0>2}").chars().map(raised).collect();
    format!("{number}\u{202f}×\u{202f}10{sign}{exponent}")
}

fn of_infinite(value: f64) -> String {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "∞"
    } else {
        "-∞"
    }
    .to_owned()
}

/// What `%s` makes of a value; inside lists and maps, text is quoted.
fn plain(value: &Val<'_>, nested: bool, budget: &mut Budget) -> Result<String, Failure> {
    budget.charge_text(value.weight())?;
    Ok(match value {
        Val::Null => "null".to_owned(),
        Val::List(items) => {
            let items: Vec<String> =
                items.iter().map(|it| plain(it, true, budget)).collect::<Result<_, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Val::Map(map) => {
            let entries = map.entries();
            let mut pairs: Vec<(String, String)> = Vec::with_capacity(entries.len());
            for (key, value) in entries.iter() {
                pairs.push((plain(key, true, budget)?, plain(value, true, budget)?));
            }
            pairs.sort_by(|one, two| one.0.cmp(&two.0));
            let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Val::Double(it) if nested => format!("{it:.6}"),
        Val::Double(it) => of_double(*it),
        Val::Timestamp(_) if nested => format!("timestamp({:?})", shown(value).unwrap_or_default()),
        Val::Duration(_) if nested => format!("duration({:?})", shown(value).unwrap_or_default()),
        Val::Bytes(it) => {
            let text =
                std::str::from_utf8(it).map_err(|_| Failure::new("format() of bytes that are no text"))?;
            if nested { format!("b{text:?}") } else { text.to_owned() }
        }
        Val::Ip(_) | Val::Cidr(_) => {
            return Err(Failure::new("format() does not take addresses: write string(…)"));
        }
        other => match (shown(other), text(other)) {
            (Some(shown), Some(_)) if nested => format!("{shown:?}"),
            (Some(shown), _) => shown,
            (None, _) => {
                return Err(Failure::new(format!("format(): %s does not take a {}", other.type_name())));
            }
        },
    })
}
