//! What an unquoted scalar means: go-yaml v2's table.

use super::Scalar;

/// Why a scalar has no value in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) enum Unreadable {
    /// `.inf` or `.nan`.
    NotFinite,
    /// A tag that the text does not fit, or that readers do not agree on.
    Tag,
    /// An escape in double quotes that go-yaml does not know, at this position after the opening quote.
    Escape(usize),
}

/// The value of plain `text`; `None` when it is a string.
pub(in crate::yaml) fn resolve(text: &str) -> Result<Option<Scalar<'static>>, Unreadable> {
    let Some(first) = text.bytes().next() else { return Ok(Some(Scalar::Null)) };
    match first {
        b'0'..=b'9' => Ok(number(text)),
        b'+' | b'-' if is_special_float(&text[1..]) && !is_nan(&text[1..]) => Err(Unreadable::NotFinite),
        b'+' | b'-' => Ok(number(text)),
        b'.' if is_special_float(text) => Err(Unreadable::NotFinite),
        b'.' => Ok(point_float(text)),
        _ => Ok(word(text)),
    }
}

fn is_special_float(text: &str) -> bool {
    matches!(text, ".inf" | ".Inf" | ".INF") || is_nan(text)
}

fn is_nan(text: &str) -> bool {
    matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Whether plain `text` means null.
pub(in crate::yaml) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn word(text: &str) -> Option<Scalar<'static>> {
    if text.len() > 5 {
        return None;
    }
    match text {
        _ if is_null(text) => Some(Scalar::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Scalar::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Scalar::Bool(false))
        }
        _ => None,
    }
}

/// A number that starts with a digit or a sign.
pub(super) fn number(text: &str) -> Option<Scalar<'static>> {
    let stripped;
    let digits = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    integer(digits).or_else(|| decimal(digits))
}

fn integer(text: &str) -> Option<Scalar<'static>> {
    let (negative, signed, rest) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = radix(rest);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return signed_binary(text);
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(magnitude).map(Scalar::Int);
    }
    match i64::try_from(magnitude) {
        Ok(value) => Some(Scalar::Int(value)),
        Err(_) if signed => None,
        Err(_) => Some(Scalar::UInt(magnitude)),
    }
}

fn radix(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// go-yaml takes a sign after `0b` too.
fn signed_binary(text: &str) -> Option<Scalar<'static>> {
    let digits = text.strip_prefix("0b")?;
    let unsigned = digits.strip_prefix(['+', '-'])?;
    if unsigned.is_empty() || !unsigned.bytes().all(|digit| matches!(digit, b'0' | b'1')) {
        return None;
    }
    i64::from_str_radix(digits, 2).ok().map(Scalar::Int)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, if finite.
fn decimal(text: &str) -> Option<Scalar<'static>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let fits = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits));
    let value: f64 = if fits { text.parse().ok()? } else { return None };
    value.is_finite().then_some(Scalar::Float(value))
}

/// A float that starts with a point: `\.[0-9]+([eE][-+]?[0-9]+)?`, with underscores only between digits.
pub(super) fn point_float(text: &str) -> Option<Scalar<'static>> {
    if !text.contains('_') {
        return decimal(text);
    }
    let between_digits = text.split('_').collect::<Vec<_>>().windows(2).all(|parts| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        digit(parts[0].as_bytes().last()) && digit(parts[1].as_bytes().first())
    });
    if between_digits { decimal(&text.replace('_', "")) } else { None }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that a few digits without a leading zero are: most numbers of a manifest are no more.
#[inline]
pub(in crate::yaml) fn small_number(raw: &[u8]) -> Option<i64> {
    if raw.is_empty() || raw.len() > 15 || (raw[0] == b'0' && raw.len() > 1) {
        return None;
    }
    raw.iter()
        .try_fold(0, |number: i64, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

/// Whether plain `raw` is certainly a string without looking closer.
#[inline]
pub(in crate::yaml) fn is_certain_string(raw: &[u8]) -> bool {
    let Some(first) = raw.first() else { return false };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' | b'~' => false,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {
            raw.len() > 5 || std::str::from_utf8(raw).is_ok_and(|text| word(text).is_none())
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_string(text: &str) -> bool {
        resolve(text) == Ok(None)
    }

    #[test]
    fn reads_integers() {
        for (text, value) in [
            ("0", 0),
            ("0777", 511),
            ("0o777", 511),
            ("0O17", 15),
            ("1_000", 1000),
            ("+1", 1),
            ("0_7", 7),
            ("-0", 0),
            ("0x1F", 31),
            ("-0x1f", -31),
            ("0b11", 3),
            ("0b-1", -1),
            ("0b+1", 1),
            ("+0b1", 1),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807", i64::MAX),
            ("+_1", 1),
            ("0x_1", 1),
        ] {
            assert_eq!(resolve(text), Ok(Some(Scalar::Int(value))), "{text}");
        }
        assert_eq!(resolve("18446744073709551615"), Ok(Some(Scalar::UInt(u64::MAX))));
        assert_eq!(resolve("+18446744073709551615"), Ok(Some(Scalar::Float(18_446_744_073_709_552_000.0))));
    }

    #[test]
    fn small_numbers_are_those_that_are_read_so() {
        for (text, number) in [("0", 0), ("7", 7), ("9991", 9991), ("999999999999999", 999_999_999_999_999)] {
            assert_eq!(small_number(text.as_bytes()), Some(number), "{text}");
            assert_eq!(resolve(text), Ok(Some(Scalar::Int(number))), "{text}");
        }
        for text in ["", "00", "07", "-1", "+1", "1_0", "1.0", "1e3", "0x1", "a", "1a", "9999999999999999"] {
            assert_eq!(small_number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn reads_floats() {
        for (text, value) in [
            ("1e3", 1000.0),
            ("5.", 5.0),
            ("08", 8.0),
            ("09", 9.0),
            (".5", 0.5),
            ("1_0.5", 10.5),
            ("-1.5E-2", -0.015),
            ("+.5", 0.5),
            ("18446744073709551616", 18_446_744_073_709_552_000.0),
            (".5e1", 5.0),
            ("0123e1", 1230.0),
            (".51_0", 0.51),
            (".5e1_0", 5e9),
        ] {
            assert_eq!(resolve(text), Ok(Some(Scalar::Float(value))), "{text}");
        }
    }

    #[test]
    fn leaves_strings() {
        for text in [
            "1e400",
            "12:30:45",
            "1:2",
            "0x1p4",
            "1.2.3",
            "1e",
            "5Mi",
            "nULL",
            "<<",
            "=",
            "2001-1-1",
            "-",
            "+",
            ".",
            "0x",
            "0b",
            "._5",
            ".5_",
            ".5__0",
            ".5_e1",
            "-.",
            "1e+",
            "e3",
            "tRUE",
            "-0b-1",
            "--1",
            "0b2",
            "2001-01-01 00:00:00",
            "\u{663}",
            "1\u{663}",
            "+.nan",
        ] {
            assert!(is_string(text), "{text}");
        }
    }

    #[test]
    fn refuses_what_json_cannot_say() {
        for text in [".inf", "-.Inf", "+.INF", ".nan", ".NaN"] {
            assert_eq!(resolve(text), Err(Unreadable::NotFinite), "{text}");
        }
    }

    #[test]
    fn certain_strings_are_strings() {
        for text in ["y", "null", "true", "False", "~", "on", "1", "+1", ".5", "-", "", "no", "Off"] {
            assert!(!is_certain_string(text.as_bytes()), "{text}");
        }
        for text in
            ["apiVersion", "kind", "a", "/x", "spec", "metadata", "name", "type", "nodes", "nULL", "falsey"]
        {
            assert!(is_certain_string(text.as_bytes()), "{text}");
        }
    }
}
