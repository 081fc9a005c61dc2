//! Whether a scalar reads as what the API wants, by the API server's own readers.

use crate::yaml::{Scalar, Value};

/// The JSON type of a value, in words.
#[must_use]
pub fn type_of(value: Value<'_>) -> &'static str {
    if value.is_map() {
        return "a map";
    }
    if value.is_seq() {
        return "a list";
    }
    match value.scalar() {
        Some(Scalar::Str(_)) => "a string",
        Some(Scalar::Bool(_)) => "a boolean",
        Some(Scalar::Int(_) | Scalar::UInt(_)) => "a number",
        Some(Scalar::Float(_)) => "a number with a fraction or beyond 64 bits",
        Some(Scalar::Null) | None => "null",
    }
}

/// Whether Go reads it as base64: line ends do not count, padding does.
#[must_use]
pub fn is_base64(text: &str) -> bool {
    let (mut digits, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'\r' | b'\n' => {}
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            _ => return false,
        }
    }
    (digits + padding) % 4 == 0 && padding <= 2
}

/// Whether it is a time by RFC 3339, as Go reads it.
#[must_use]
pub fn is_time(text: &str) -> bool {
    let digits = |from: usize, to: usize| {
        let part = text.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
    };
    let within = |from: usize, to: usize, most: u32| digits(from, to).is_some_and(|number| number <= most);
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(5, 7), digits(8, 10)) else {
        return false;
    };
    let in_order = marks.iter().all(|(at, mark)| text.as_bytes().get(*at) == Some(mark))
        && (1..=days(year, month)).contains(&day)
        && within(11, 13, 23)
        && within(14, 16, 59)
        && within(17, 19, 59);
    in_order && is_zone(text.get(19..).unwrap_or_default())
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// What follows the seconds: perhaps a fraction, then `Z` or the distance from it.
fn is_zone(rest: &str) -> bool {
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let number = |from: usize, most: u32| {
        let part = rest.get(from..from + 2).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<u32>().ok()).is_some_and(|number| number <= most)
    };
    let bytes = rest.as_bytes();
    rest == "Z"
        || (bytes.len() == 6
            && matches!(bytes[0], b'+' | b'-')
            && bytes[3] == b':'
            && number(1, 24)
            && number(4, 60))
}

/// Whether the API server reads it as a quantity. Its reader is more generous than its documents: `m` is 0.
#[must_use]
pub fn is_quantity(text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest =
        rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    match rest.strip_prefix(['e', 'E']) {
        Some("") => rest == "E",
        Some("i") => rest == "Ei",
        Some(power) => {
            let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 18
        }
        None => {
            matches!(
                rest,
                "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_go_reads_it() {
        for right in ["", "YQ==", "YWI=", "YWJj", "YW\nJj\r\n", "YR=="] {
            assert!(is_base64(right), "{right:?}");
        }
        for wrong in ["YQ", "YQ=", "Y", "YQ==YQ==", "YW Jj", "a-b_", "====", "YWJj="] {
            assert!(!is_base64(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn times_are_read_as_go_reads_them() {
        for right in ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00+02:00"] {
            assert!(is_time(right), "{right}");
        }
        for wrong in [
            "2023-02-29T00:00:00Z",
            "2024-01-01",
            "2024-01-01 00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00",
            "2024-13-01T00:00:00Z",
            "2024-01-01T00:00:00.Z",
            "",
        ] {
            assert!(!is_time(wrong), "{wrong}");
        }
    }

    #[test]
    fn quantities_are_read_as_the_server_reads_them() {
        for right in
            ["1", "0", "100m", "1.5Gi", ".5", "1.", "-1", "+1Ki", "1e3", "1E-3", "1E", "1Ei", "m", "1.G"]
        {
            assert!(is_quantity(right), "{right}");
        }
        for wrong in ["", " 1", "1 Gi", "1mi", "1gb", "1GB", "1.2.3", "1e", "1eK", "abc", "1K", "0x10", "1,5"]
        {
            assert!(!is_quantity(wrong), "{wrong}");
        }
    }
}
