//! `sprintf` as OPA has it, which is Go's `fmt` over text, numbers and the text of everything else. regorus' own one
//! gives up on some verbs, and a message that is given up is a verdict lost.

use std::iter::Peekable;
use std::str::Chars;

use regorus::Value;

/// A verb with its flags: `%-8.3f`.
#[derive(Debug, Clone, Default)]
struct Verb {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

/// The widest field; wider ones are cut to it.
const WIDEST: usize = 1_000;

/// The format with its arguments in place.
#[must_use]
pub fn sprintf(format: &str, args: &[Value]) -> String {
    let mut out = String::new();
    let mut rest = format.chars().peekable();
    let mut args = args.iter();
    while let Some(next) = rest.next() {
        if next != '%' {
            out.push(next);
            continue;
        }
        let mut verb = Verb::default();
        while let Some(flag) = rest.next_if(|flag| "-+ 0#".contains(*flag)) {
            verb.flag(flag);
        }
        verb.width = number(&mut rest);
        if rest.next_if_eq(&'.').is_some() {
            verb.precision = Some(number(&mut rest));
        }
        match rest.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(letter) => match args.next() {
                None => out.push_str(&format!("%!{letter}(MISSING)")),
                Some(arg) => out.push_str(&verb.shown(letter, arg)),
            },
        }
    }
    let left: Vec<String> =
        args.map(|arg| format!("{}={}", kind(arg), Verb::default().shown('v', arg))).collect();
    if !left.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", left.join(", ")));
    }
    out
}

/// The digits that come next, as a number no wider than anyone needs.
fn number(rest: &mut Peekable<Chars<'_>>) -> usize {
    let mut number = 0;
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        number = (number * 10 + digit.to_digit(10).unwrap_or(0) as usize).min(WIDEST);
    }
    number
}

/// What Go calls the type that OPA hands over.
fn kind(arg: &Value) -> &'static str {
    match arg {
        Value::Number(number) if number.as_i64().is_some() && number.is_integer() => "int64",
        Value::Number(number) if number.is_integer() => "*big.Int",
        Value::Number(_) => "float64",
        _ => "string",
    }
}

impl Verb {
    fn flag(&mut self, flag: char) {
        match flag {
            '-' => self.minus = true,
            '+' => self.plus = true,
            ' ' => self.space = true,
            '0' => self.zero = true,
            _ => self.sharp = true,
        }
    }

    fn shown(&self, letter: char, arg: &Value) -> String {
        let shown = match arg {
            Value::Number(number) if number.is_integer() => self.integer(letter, &digits(arg)),
            Value::Number(number) => number.as_f64().and_then(|number| self.float(letter, number)),
            Value::String(text) => self.text(letter, text),
            other => self.text(letter, &written(other)),
        };
        shown.unwrap_or_else(|| format!("%!{letter}({}={})", kind(arg), self.shown('v', arg)))
    }

    fn integer(&self, letter: char, digits: &str) -> Option<String> {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None if self.plus => ("+", digits),
            None if self.space => (" ", digits),
            None => ("", digits),
        };
        let value = || digits.parse::<u128>().ok();
        let prefixed = |prefix: &str, text: String| if self.sharp { format!("{prefix}{text}") } else { text };
        let body = match letter {
            'd' | 'v' => digits.to_owned(),
            'b' => prefixed("0b", format!("{:b}", value()?)),
            'o' => prefixed("0", format!("{:o}", value()?)),
            'O' => format!("0o{:o}", value()?),
            'x' => prefixed("0x", format!("{:x}", value()?)),
            'X' => prefixed("0X", format!("{:X}", value()?)),
            'c' => return Some(self.padded("", character(sign, digits).to_string(), false)),
            'q' => return Some(self.padded("", format!("'{}'", character(sign, digits)), false)),
            'U' => return Some(self.padded("", format!("U+{:04X}", value()?), false)),
            _ => return None,
        };
        let body = match self.precision {
            Some(least) if body.len() < least => format!("{}{body}", "0".repeat(least - body.len())),
            _ => body,
        };
        Some(self.padded(sign, body, self.zero && self.precision.is_none()))
    }

    fn float(&self, letter: char, number: f64) -> Option<String> {
        let sign = if number.is_sign_negative() {
            "-"
        } else if self.plus {
            "+"
        } else if self.space {
            " "
        } else {
            ""
        };
        let number = number.abs();
        let body = match letter {
            'f' | 'F' => format!("{number:.*}", self.precision.unwrap_or(6)),
            'e' => exponent(&format!("{number:.*e}", self.precision.unwrap_or(6))),
            'E' => exponent(&format!("{number:.*e}", self.precision.unwrap_or(6))).to_uppercase(),
            'v' => general(number, self.precision, 21),
            'g' => general(number, self.precision, 21),
            'G' => general(number, self.precision, 21).to_uppercase(),
            _ => return None,
        };
        Some(self.padded(sign, body, self.zero))
    }

    fn text(&self, letter: char, text: &str) -> Option<String> {
        let cut = || text.chars().take(self.precision.unwrap_or(usize::MAX)).collect::<String>();
        let hex = |upper: bool| {
            let byte = |byte: u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            text.bytes().map(byte).collect::<String>()
        };
        let body = match letter {
            's' => cut(),
            'v' if self.sharp => quoted(text),
            'v' => cut(),
            'q' => quoted(&cut()),
            'x' => hex(false),
            'X' => hex(true),
            _ => return None,
        };
        Some(self.padded("", body, self.zero))
    }

    fn padded(&self, sign: &str, body: String, zeros: bool) -> String {
        let missing = self.width.saturating_sub(sign.len() + body.chars().count());
        match (self.minus, zeros) {
            (true, _) => format!("{sign}{body}{}", " ".repeat(missing)),
            (false, true) => format!("{sign}{}{body}", "0".repeat(missing)),
            (false, false) => format!("{}{sign}{body}", " ".repeat(missing)),
        }
    }
}

/// The character of a code point, or the one that stands for none.
fn character(sign: &str, digits: &str) -> char {
    let code = if sign == "-" { None } else { digits.parse().ok() };
    code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Rust writes `1.5e3` where Go writes `1.5e+03`.
fn exponent(text: &str) -> String {
    let Some((mantissa, power)) = text.split_once('e') else { return text.to_owned() };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{mantissa}e{sign}{power:0>2}")
}

/// `%g`: the shortest text, or so many digits; with an exponent below -4 and from `limit` on.
fn general(number: f64, precision: Option<usize>, limit: i32) -> String {
    let scientific = match precision {
        Some(digits) => format!("{number:.*e}", digits.max(1) - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let limit = precision.map_or(limit, |digits| i32::try_from(digits.max(1)).unwrap_or(limit));
    if power < -4 || power >= limit {
        let mantissa = if mantissa.contains('.') {
            mantissa.trim_end_matches('0').trim_end_matches('.')
        } else {
            mantissa
        };
        return exponent(&format!("{mantissa}e{power}"));
    }
    match precision {
        None => format!("{number}"),
        Some(digits) => {
            let decimals =
                usize::try_from(i32::try_from(digits.max(1)).unwrap_or(1) - 1 - power).unwrap_or(0);
            let text = format!("{number:.decimals$}");
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        }
    }
}

fn digits(number: &Value) -> String {
    let text = number.to_json_str().unwrap_or_default();
    // `2.0` is the integer 2.
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as OPA prints it: JSON with blanks, and sets in braces.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Set(items) if items.is_empty() => "set()".to_owned(),
        Value::Set(items) => format!("{{{}}}", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("{}: {}", written(key), written(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Undefined => "<undefined>".to_owned(),
        scalar => scalar.to_json_str().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_go_does() {
        let n = |text: &str| Value::from_json_str(text).unwrap();
        for (format, arg, wanted) in [
            ("%d|", n("42"), "42|"),
            ("%5d|%", n("42"), "   42|%!(NOVERB)"),
            ("%05d", n("-42"), "-0042"),
            ("%-5d|", n("42"), "42   |"),
            ("%+d", n("42"), "+42"),
            ("%x", n("255"), "ff"),
            ("%.1d", n("42"), "42"),
            ("%.4d", n("-42"), "-0042"),
            ("%c", n("65"), "A"),
            ("%c", n("-65"), "\u{fffd}"),
            ("%t", n("42"), "%!t(int64=42)"),
            ("%t", n("18446744073709551615"), "%!t(*big.Int=18446744073709551615)"),
            ("%.2f", n("3.14159"), "3.14"),
            ("%8.3f|", n("2.5"), "   2.500|"),
            ("%e", n("12345.678"), "1.234568e+04"),
            ("%g", n("0.00001"), "1e-05"),
            ("%v", n("2.5"), "2.5"),
            ("%d", n("2.5"), "%!d(float64=2.5)"),
            ("%d", n("\"a\""), "%!d(string=a)"),
            ("%t", n("true"), "%!t(string=true)"),
            ("%q", n("\"a\""), "\"a\""),
            ("%.1s", n("\"äb\""), "ä"),
            ("%v", n("[1, \"a\", {\"b\": null}]"), "[1, \"a\", {\"b\": null}]"),
            ("none", n("1"), "none%!(EXTRA int64=1)"),
            ("none", n("2.5"), "none%!(EXTRA float64=2.5)"),
            ("%.5d|%.1d", n("42"), "00042|%!d(MISSING)"),
            ("%s %s", n("\"a\""), "a %!s(MISSING)"),
        ] {
            assert_eq!(sprintf(format, &[arg]), wanted, "{format}");
        }
    }
}
