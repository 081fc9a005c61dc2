//! Durations as Go reads and prints them: the API server prints `1h` back as `1h0m0s`, and a GitOps tool sees drift
//! where the two differ.

/// The interval as the server prints it.
///
/// # Errors
/// What is no duration of whole seconds.
pub fn refresh_interval(written: &str) -> Result<String, String> {
    let wrong = || format!("{written:?} is no duration of whole seconds");
    let mut seconds: u64 = 0;
    let mut rest = written;
    if rest == "0" {
        return Ok("0s".to_owned());
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..end].parse().map_err(|_| wrong())?;
        let unit = rest[end..].chars().next().ok_or_else(wrong)?;
        let factor = match unit {
            'h' => 3600,
            'm' if !rest[end..].starts_with("ms") => 60,
            's' => 1,
            _ => return Err(wrong()),
        };
        let more = number.checked_mul(factor).ok_or_else(wrong)?;
        seconds = seconds.checked_add(more).ok_or_else(wrong)?;
        rest = &rest[end + 1..];
    }
    if written.is_empty() {
        return Err(wrong());
    }
    let (hours, minutes, left) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Ok(match (hours, minutes) {
        (0, 0) => format!("{left}s"),
        (0, _) => format!("{minutes}m{left}s"),
        _ => format!("{hours}h{minutes}m{left}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::refresh_interval;

    #[test]
    fn as_the_server_prints_it() {
        for (written, printed) in [
            ("1h", "1h0m0s"),
            ("90m", "1h30m0s"),
            ("1h0m0s", "1h0m0s"),
            ("30s", "30s"),
            ("15m", "15m0s"),
            ("0", "0s"),
            ("0s", "0s"),
            ("24h", "24h0m0s"),
        ] {
            assert_eq!(refresh_interval(written).as_deref(), Ok(printed), "{written}");
        }
        for wrong in ["", "1", "h", "1d", "1.5h", "-1h", "500ms", "1 h", "99999999999999999999h"] {
            assert!(refresh_interval(wrong).is_err(), "{wrong}");
        }
    }
}
