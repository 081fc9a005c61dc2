//! Patterns as Go's RE2 reads them, for the crate that reads them a little differently.

use regex::{Regex, RegexBuilder};

/// The most memory one compiled pattern may take.
const LARGEST: usize = 1 << 20;

/// Compiles a pattern.
///
/// # Errors
/// What is wrong with it.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let said = |error: regex::Error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        // The crate draws the pattern and points into it; the last line says what is wrong.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("the pattern cannot be read: {last}")
        }
    };
    RegexBuilder::new(&translated(pattern)).size_limit(LARGEST).nest_limit(100).build().map_err(said)
}

/// `\d`, `\w`, `\s` and `\b` are about ASCII in RE2; `[`, `&`, `~` and `-` are plain inside a class; `{` that counts
/// nothing is plain; `\Q…\E` quotes.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut class = None;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match (c, class) {
            ('\\', _) => {
                let next = rest[1..].chars().next();
                taken += next.map_or(0, char::len_utf8);
                match next {
                    Some('Q') if class.is_none() => {
                        let quoted = rest[2..].split("\\E").next().unwrap_or_default();
                        out.push_str(&regex::escape(quoted));
                        taken = (2 + quoted.len() + 2).min(rest.len());
                    }
                    Some(letter) => escaped(letter, class.is_some(), &mut out),
                    None => out.push('\\'),
                }
            }
            ('[', None) => {
                let head = if rest[1..].starts_with('^') { "[^" } else { "[" };
                out.push_str(head);
                taken = head.len();
                class = Some(0);
                if rest[taken..].starts_with(']') {
                    out.push_str("\\]");
                    taken += 1;
                }
            }
            ('[', Some(_)) => match rest.starts_with("[:").then(|| rest.find(":]")).flatten() {
                Some(end) => {
                    out.push_str(&rest[..end + 2]);
                    taken = end + 2;
                }
                None => out.push_str("\\["),
            },
            (']', Some(_)) => {
                class = None;
                out.push(']');
            }
            ('&' | '~', Some(_)) => out.extend(['\\', c]),
            ('{', None) if !counts(rest) => out.push_str("\\{"),
            _ => out.push(c),
        }
        rest = &rest[taken..];
    }
    out
}

fn escaped(letter: char, in_class: bool, out: &mut String) {
    let plain = match (letter, in_class) {
        ('d', true) => "0-9",
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', true) => "0-9A-Za-z_",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', true) => "\\t\\n\\f\\r ",
        ('s', false) => "[\\t\\n\\f\\r ]",
        ('S', false) => "[^\\t\\n\\f\\r ]",
        ('D', true) => "[^0-9]",
        ('W', true) => "[^0-9A-Za-z_]",
        ('S', true) => "[^\\t\\n\\f\\r ]",
        ('b', false) => "(?-u:\\b)",
        ('B', false) => "(?-u:\\B)",
        _ => return out.extend(['\\', letter]),
    };
    out.push_str(plain);
}

/// Whether a brace opens a count: `{2}`, `{2,}`, `{2,3}`.
fn counts(rest: &str) -> bool {
    let Some((inner, _)) = rest[1..].split_once('}') else { return false };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_go_does() {
        for (pattern, text, fits) in [
            (r"^\d+$", "42", true),
            (r"^\d+$", "٤٢", false),
            (r"^\w+$", "é", false),
            (r"^[\w.]+$", "a.b", true),
            (r"^[[a]+$", "[a", true),
            (r"^[a&&b]+$", "a&b", true),
            (r"^[[:alpha:]]+$", "ab", true),
            (r"^[]a]+$", "]a", true),
            ("a{,2}", "a{,2}", true),
            ("^a{2}$", "aa", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^\Qa.b\E$", "axb", false),
            (r"\bword\b", "a word", true),
            ("^(?:[a-z]+)(?P<tag>:v1)$", "web:v1", true),
        ] {
            assert_eq!(compile(pattern).unwrap().is_match(text), fits, "{pattern} {text}");
        }
        assert!(compile("(").unwrap_err().contains("cannot be read"));
        assert!(compile("(?=a)").unwrap_err().contains("cannot be read"));
    }
}
