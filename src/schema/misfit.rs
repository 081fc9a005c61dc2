//! Why a scalar is not what a type wants: in words, with what to do.

use super::format::Format;
use super::scalar::{is_base64, is_quantity, is_time, type_of};
use super::table::Shape;
use crate::k8s::quantity::millis;
use crate::yaml::{Scalar, Value};

/// What a value is, in words that tell it from what is wanted.
pub(super) fn found(value: Value<'_>, shape: Shape) -> &'static str {
    match (type_of(value), shape) {
        ("a string", Shape::Bytes | Shape::Time | Shape::Quantity | Shape::Amount(_)) => "other text",
        ("a string", Shape::PortOrName(_) | Shape::CountOrPercent) => "other text",
        ("a number", Shape::Int32 | Shape::Int64 | Shape::IntOrString) => "a larger number",
        ("a number", Shape::Range(..) | Shape::PortOrName(_) | Shape::CountOrPercent | Shape::Amount(_)) => {
            "another number"
        }
        (words, _) => words,
    }
}

/// Why a value is not of this shape: what is wanted, and what to do; `None` when it is.
pub(super) fn misfit(value: Value<'_>, shape: Shape) -> Option<(String, String)> {
    let scalar = value.scalar();
    (!fits(scalar.as_ref(), value, shape)).then(|| wanted(scalar.as_ref(), shape))
}

/// Whether a value is of this shape.
fn fits(scalar: Option<&Scalar<'_>>, value: Value<'_>, shape: Shape) -> bool {
    let text = text_of(scalar);
    let integer = scalar.and_then(Scalar::as_i64);
    let within = |least: i64, most: i64| integer.is_some_and(|number| (least..=most).contains(&number));
    let within_32_bits = || within(i32::MIN.into(), i32::MAX.into());
    let is_number = matches!(scalar, Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)));
    let quantity = || text.map_or(is_number, |text| is_quantity(text.trim()));
    match shape {
        Shape::Any => true,
        Shape::String | Shape::Enum(..) | Shape::Text(..) => false,
        Shape::Map(..) | Shape::Object(_) | Shape::List(..) => false,
        Shape::Bool => matches!(scalar, Some(Scalar::Bool(_))),
        Shape::Int32 => within_32_bits(),
        Shape::Int64 => integer.is_some(),
        Shape::Range(least, most) => within(least, most),
        Shape::Number => is_number,
        Shape::Bytes => text.is_some_and(is_base64),
        Shape::Time => text.is_some_and(is_time),
        Shape::Quantity => quantity(),
        Shape::Amount(positive) => quantity() && is_amount(value, positive),
        Shape::IntOrString => text.is_some() || within_32_bits(),
        Shape::PortOrName(zero) => {
            let named = |text| Format::PortName.fits(text) || (zero && text.is_empty());
            text.is_some_and(named) || within(i64::from(!zero), 65535)
        }
        Shape::CountOrPercent => {
            let percent = text.and_then(|text| text.strip_suffix('%'));
            let percent =
                percent.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
            percent || within(0, i32::MAX.into())
        }
    }
}

/// What a shape wants, and what to do about another value.
fn wanted(scalar: Option<&Scalar<'_>>, shape: Shape) -> (String, String) {
    let text = text_of(scalar);
    let integer = scalar.and_then(Scalar::as_i64);
    let unquote = || {
        let number = text.is_some_and(|text| text.parse::<f64>().is_ok());
        if number { "drop the quotes" } else { "" }
    };
    let named = |wanted: &str, help: &str| (wanted.to_owned(), help.to_owned());
    match shape {
        Shape::String | Shape::Enum(..) | Shape::Text(..) => {
            named("a string", if scalar.is_some() { "put it in quotes" } else { "" })
        }
        Shape::Bool => {
            let quoted = matches!(text, Some("true" | "false"));
            named("a boolean", if quoted { "drop the quotes" } else { "" })
        }
        Shape::Int32 if integer.is_some() => named("an integer of 32 bits", ""),
        Shape::Int32 | Shape::Int64 => named("an integer", unquote()),
        Shape::Range(least, most) => named(&range(least, most), unquote()),
        Shape::Number => named("a number", unquote()),
        Shape::Bytes => named("base64", "encode it, or use stringData in a Secret, data in a ConfigMap"),
        Shape::Time => named("a time by RFC 3339", "write it like 2026-01-31T12:00:00Z"),
        Shape::Quantity => named("a quantity", QUANTITY),
        Shape::Amount(positive) => named(amount(positive), QUANTITY),
        Shape::IntOrString => named("an integer of 32 bits or a string", ""),
        Shape::PortOrName(_) => named("the name of a port, or a number up to 65535", unquote()),
        Shape::CountOrPercent => named("a number from 0 on, or a percentage", unquote()),
        Shape::Map(..) | Shape::Object(_) => named("a map", ""),
        Shape::List(..) => named("a list", "put a dash before it"),
        Shape::Any => named("", ""),
    }
}

fn text_of<'s>(scalar: Option<&'s Scalar<'_>>) -> Option<&'s str> {
    if let Some(Scalar::Str(text)) = scalar { Some(text) } else { None }
}

const QUANTITY: &str = "write it like 100m, 0.5, 512Mi or 2Gi";

fn range(least: i64, most: i64) -> String {
    if most >= i64::from(i32::MAX) {
        return format!("an integer from {least} on");
    }
    format!("an integer from {least} to {most}")
}

fn amount(positive: bool) -> &'static str {
    if positive { "a quantity above 0" } else { "a quantity from 0 on" }
}

/// Whether a quantity is not negative, or more than 0. What is too large to tell is let through.
fn is_amount(value: Value<'_>, positive: bool) -> bool {
    if matches!(value.raw().as_bytes(), [b'1'..=b'9', ..]) {
        return true;
    }
    let text = value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.trim().to_owned());
    millis(&text).is_none_or(|size| if positive { size > 0 } else { size >= 0 })
}
