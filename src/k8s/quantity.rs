//! Kubernetes quantities (`100m`, `512Mi`), compared exactly enough for limits and requests.

/// The value of a quantity in thousandths, `None` when it is none. Fractions of a thousandth round up, as the API
/// server rounds them.
#[must_use]
pub fn millis(text: &str) -> Option<i128> {
    let digits = text.trim_start_matches(['+', '-']);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || number.len() > 18 {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    // At most 18 digits.
    let value =
        whole.bytes().chain(fraction.bytes()).fold(0, |all, digit| 10 * all + i64::from(digit - b'0'));
    let (multiplier, divisor) = factor(suffix)?;
    let top = i128::from(value).checked_mul(multiplier)?.checked_mul(1000)?;
    let bottom = scale.checked_mul(divisor)?;
    let rounded = (top + bottom - 1) / bottom;
    Some(if text.starts_with('-') { -rounded } else { rounded })
}

fn factor(suffix: &str) -> Option<(i128, i128)> {
    let binary = |power: u32| Some((1024_i128.pow(power), 1));
    let decimal = |power: u32| Some((1000_i128.pow(power), 1));
    match suffix {
        "" => Some((1, 1)),
        "n" => Some((1, 1_000_000_000)),
        "u" => Some((1, 1_000_000)),
        "m" => Some((1, 1000)),
        "k" => decimal(1),
        "M" => decimal(2),
        "G" => decimal(3),
        "T" => decimal(4),
        "P" => decimal(5),
        "E" => decimal(6),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => exponent(suffix),
    }
}

fn exponent(suffix: &str) -> Option<(i128, i128)> {
    let power = suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?;
    let size = 10_i128.checked_pow(power.unsigned_abs().min(18))?;
    Some(if power < 0 { (1, size) } else { (size, 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_suffix_form() {
        for (text, expected) in [
            ("100m", 100),
            ("0.5", 500),
            ("1", 1000),
            ("1Ki", 1_024_000),
            ("2e3", 2_000_000),
            (".5k", 500_000),
        ] {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
        for text in ["", "m", "1mi", "1.2.3", "a", "1 Gi"] {
            assert_eq!(millis(text), None, "{text}");
        }
    }
}
