//! Floats as Go prints them: as JSON values and as keys.

use crate::yaml::Data;

/// The digits of a float that JSON prints without a point, as Go does below 1e21.
pub(super) fn integer(value: f64) -> Option<String> {
    (value.fract() == 0.0 && value.abs() < 1e21).then(|| format!("{value}"))
}

/// A float as the JSON number that consumers see.
pub(super) fn float_data(value: f64) -> Data {
    if let Some(digits) = integer(value).filter(|digits| digits != "-0") {
        if let Ok(integer) = digits.parse::<i64>() {
            return Data::from(integer);
        }
        if let Ok(integer) = digits.parse::<u64>() {
            return Data::from(integer);
        }
    }
    Data::from(value)
}

/// A float as a key: sigs.k8s.io/yaml prints it with `strconv.FormatFloat(value, 'g', -1, 32)`.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn float_key(value: f64) -> String {
    let narrow = value as f32;
    if narrow.is_infinite() {
        return if narrow > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{narrow:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Where Go changes to an exponent when it prints the shortest text.
    if (-4..6).contains(&exponent) {
        return format!("{narrow}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_keys_like_go() {
        for (value, text) in [
            (1000.0, "1000"),
            (100_000.0, "100000"),
            (1_234_567.0, "1.234567e+06"),
            (16_777_217.0, "1.6777216e+07"),
            (0.0001, "0.0001"),
            (1e-5, "1e-05"),
            (0.5, "0.5"),
            (1e300, ".inf"),
        ] {
            assert_eq!(float_key(value), text);
        }
    }

    #[test]
    fn prints_whole_floats_as_integers() {
        assert_eq!(float_data(8.0), Data::from(8));
        assert_eq!(float_data(18_446_744_073_709_551_616.0), Data::from(18_446_744_073_709_551_616.0));
        assert_eq!(float_data(1e19), Data::from(10_000_000_000_000_000_000_u64));
        assert_eq!(float_data(-0.0), Data::from(-0.0));
        assert_eq!(float_data(0.5), Data::from(0.5));
    }
}
