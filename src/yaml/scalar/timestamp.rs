//! The moments that go-yaml 3 reads, as leniently as Go's `time.Parse` does.

/// A timestamp printed as RFC 3339, with those nanoseconds that are not zero; `None` when the text is none.
pub(super) fn read(text: &str) -> Option<String> {
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| are_digits(year))?;
    let year: u16 = year.parse().ok()?;
    let (month, rest) = number(rest.strip_prefix('-')?)?;
    let (day, rest) = number(rest.strip_prefix('-')?)?;
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let with_zone = rest.starts_with(['T', 't']);
    let (time, rest) = clock(rest.strip_prefix(['T', 't', ' '])?)?;
    match (with_zone, rest) {
        (true, rest) => Some(format!("{date}T{time}{}", zone(rest)?)),
        (false, "") => Some(format!("{date}T{time}Z")),
        (false, _) => None,
    }
}

/// One or two digits.
fn number(text: &str) -> Option<(u16, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    Some((digits.parse().ok()?, rest))
}

/// `15:04:05` and any fraction of a second.
fn clock(text: &str) -> Option<(String, &str)> {
    let (hour, rest) = number(text)?;
    let (minute, rest) = number(rest.strip_prefix(':')?)?;
    let (second, rest) = number(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, rest) = fraction(rest);
    Some((format!("{hour:02}:{minute:02}:{second:02}{fraction}"), rest))
}

/// Digits beyond the ninth are dropped, and so are zeros at the end.
fn fraction(text: &str) -> (String, &str) {
    let Some(after) = text.strip_prefix(['.', ',']) else { return (String::new(), text) };
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return (String::new(), text);
    }
    let kept = after[..length.min(9)].trim_end_matches('0');
    let printed = if kept.is_empty() { String::new() } else { format!(".{kept}") };
    (printed, &after[length..])
}

fn zone(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("Z".to_owned());
    }
    let offset = text.strip_prefix(['+', '-']).filter(|offset| offset.len() == 5)?;
    let (hours, minutes) =
        offset.split_once(':').filter(|(hours, minutes)| are_digits(hours) && are_digits(minutes))?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 24 || minutes > 60 {
        return None;
    }
    let total = hours * 60 + minutes;
    let (hours, minutes) = (total / 60, total % 60);
    Some(if total == 0 { "Z".to_owned() } else { format!("{}{hours:02}:{minutes:02}", &text[..1]) })
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn days(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (text, printed) in [
            ("2001-12-14", "2001-12-14T00:00:00Z"),
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-12-14T1:2:3Z", "2001-12-14T01:02:03Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14 21:59:43,120", "2001-12-14T21:59:43.12Z"),
            ("2001-12-14T21:59:43+00:00", "2001-12-14T21:59:43Z"),
            ("2000-02-29", "2000-02-29T00:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(printed), "{text}");
        }
        for text in [
            "2001-02-29",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14T21:59:43",
            "2001-12-14T24:00:00Z",
            "2001-12",
            "201-12-14",
            "12001-12-14",
            "2001-12-14x",
            "2001-012-14",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
