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
    let text = if let Some(Scalar::Str(text)) = &scalar { Some(text.as_ref()) } else { None };
    let integer = scalar.as_ref().and_then(Scalar::as_i64);
    let unquote = || {
        let number = text.is_some_and(|text| text.parse::<f64>().is_ok());
        if number { "drop the quotes".to_owned() } else { String::new() }
    };
    let fits = |least: i64, most: i64| integer.is_some_and(|number| (least..=most).contains(&number));
    let fits32 = fits(i32::MIN.into(), i32::MAX.into());
    let is_number = matches!(scalar, Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)));
    let quantity = match text {
        Some(text) => is_quantity(text.trim()),
        None => is_number,
    };
    let (right, wanted, help) = match shape {
        Shape::String | Shape::Enum(..) | Shape::Text(..) => {
            let help = if scalar.is_some() { "put it in quotes" } else { "" };
            (false, "a string".to_owned(), help.to_owned())
        }
        Shape::Bool => {
            let help = if matches!(text, Some("true" | "false")) { "drop the quotes" } else { "" };
            (matches!(scalar, Some(Scalar::Bool(_))), "a boolean".to_owned(), help.to_owned())
        }
        Shape::Int32 if integer.is_some() => (fits32, "an integer of 32 bits".to_owned(), String::new()),
        Shape::Int32 | Shape::Int64 => (integer.is_some(), "an integer".to_owned(), unquote()),
        Shape::Range(least, most) => (fits(least, most), range(least, most), unquote()),
        Shape::Number => (is_number, "a number".to_owned(), unquote()),
        Shape::Bytes => {
            let help = "encode it, or use stringData in a Secret, data in a ConfigMap";
            (text.is_some_and(is_base64), "base64".to_owned(), help.to_owned())
        }
        Shape::Time => {
            let help = "write it like 2026-01-31T12:00:00Z";
            (text.is_some_and(is_time), "a time by RFC 3339".to_owned(), help.to_owned())
        }
        Shape::Quantity => (quantity, "a quantity".to_owned(), QUANTITY.to_owned()),
        Shape::Amount(positive) => {
            (quantity && is_amount(value, positive), amount(positive), QUANTITY.to_owned())
        }
        Shape::IntOrString => {
            (text.is_some() || fits32, "an integer of 32 bits or a string".to_owned(), String::new())
        }
        Shape::PortOrName(zero) => {
            let named = text.is_some_and(|text| Format::PortName.fits(text) || (zero && text.is_empty()));
            let wanted = "the name of a port, or a number up to 65535".to_owned();
            (named || fits(i64::from(!zero), 65535), wanted, unquote())
        }
        Shape::CountOrPercent => {
            let percent = text.and_then(|text| text.strip_suffix('%'));
            let percent =
                percent.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
            (percent || fits(0, i32::MAX.into()), "a number from 0 on, or a percentage".to_owned(), unquote())
        }
        Shape::Map(..) | Shape::Object(_) => (false, "a map".to_owned(), String::new()),
        Shape::List(..) => (false, "a list".to_owned(), "put a dash before it".to_owned()),
        Shape::Any => (true, String::new(), String::new()),
    };
    (!right).then_some((wanted, help))
}

const QUANTITY: &str = "write it like 100m, 0.5, 512Mi or 2Gi";

fn range(least: i64, most: i64) -> String {
    if most >= i64::from(i32::MAX) {
        return format!("an integer from {least} on");
    }
    format!("an integer from {least} to {most}")
}

fn amount(positive: bool) -> String {
    if positive { "a quantity above 0" } else { "a quantity from 0 on" }.to_owned()
}

/// Whether a quantity is not negative, or more than 0. What is too large to tell is let through.
fn is_amount(value: Value<'_>, positive: bool) -> bool {
    let text = value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.trim().to_owned());
    millis(&text).is_none_or(|size| if positive { size > 0 } else { size >= 0 })
}
