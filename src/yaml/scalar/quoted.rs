//! Plain and quoted scalars: folded lines joined, escapes undone.

use std::borrow::Cow;

/// A plain scalar over several lines as one text.
pub(in crate::yaml) fn plain(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\n', b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(fold(raw))
}

/// The text of a scalar in single quotes; `inner` is what stands between them.
pub(in crate::yaml) fn single(inner: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'\n', b'\r', b'\'', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    Cow::Owned(fold(inner).replace("''", "'"))
}

/// Joins lines: blanks around a line end go, one line end becomes a blank, more become one newline less.
fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut lines = raw.split('\n').peekable();
    let mut breaks = 0;
    let mut first = true;
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        let line = if first { line } else { line.trim_start_matches([' ', '\t']) };
        let line = if last { line } else { line.trim_end_matches([' ', '\t', '\r']) };
        // An empty last line still ends a fold: the closing quote stands there.
        if first || last || !line.is_empty() {
            join(&mut out, breaks);
            out.push_str(line);
            breaks = 0;
        }
        breaks += 1;
        first = false;
    }
    out
}

fn join(out: &mut String, breaks: usize) {
    match breaks {
        0 => {}
        1 => out.push(' '),
        more => out.extend(std::iter::repeat_n('\n', more - 1)),
    }
}

/// The text of a scalar in double quotes; `inner` is what stands between them. `Err` holds the position in `inner` of
/// an escape that go-yaml does not know.
pub(in crate::yaml) fn double(inner: &str) -> Result<Cow<'_, str>, usize> {
    if memchr::memchr3(b'\n', b'\r', b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let bytes = inner.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = memchr::memchr2(b'\n', b'\\', &bytes[at..]).unwrap_or(bytes.len() - at);
        out.push_str(&inner[at..at + length]);
        at += length;
        match bytes.get(at) {
            None => break,
            Some(b'\n') => {
                // Blanks that an escape wrote stay; only those of the text before the line end go.
                let written = inner[at - length..at].trim_end_matches([' ', '\t', '\r']).len();
                out.truncate(out.len() - (length - written));
                let (next, breaks) = skip_breaks(bytes, at);
                join(&mut out, breaks);
                at = next;
            }
            Some(_) => at = escape(inner, at, &mut out).ok_or(at)?,
        }
    }
    Ok(Cow::Owned(out))
}

/// Where the text goes on after line ends and blanks, and how many line ends there were.
fn skip_breaks(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut breaks = 0;
    let mut end = at;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => breaks += 1,
            b' ' | b'\t' => {}
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
            _ => break,
        }
        at += 1;
        end = at;
    }
    (end, breaks)
}

/// Undoes the escape at `at`; where the text goes on.
fn escape(inner: &str, at: usize, out: &mut String) -> Option<usize> {
    let bytes = inner.as_bytes();
    let simple = match bytes.get(at + 1)? {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return code_point(inner, at + 2, 2, out),
        b'u' => return code_point(inner, at + 2, 4, out),
        b'U' => return code_point(inner, at + 2, 8, out),
        b'\n' => return Some(escaped_break(bytes, at + 1, out)),
        b'\r' if bytes.get(at + 2) == Some(&b'\n') => return Some(escaped_break(bytes, at + 2, out)),
        _ => return None,
    };
    out.push(simple);
    Some(at + 2)
}

/// A line end after a backslash says nothing; blank lines below it still count.
fn escaped_break(bytes: &[u8], newline: usize, out: &mut String) -> usize {
    let (next, breaks) = skip_breaks(bytes, newline);
    out.extend(std::iter::repeat_n('\n', breaks - 1));
    next
}

fn code_point(inner: &str, at: usize, digits: usize, out: &mut String) -> Option<usize> {
    let hex = inner.get(at..at + digits)?;
    if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    out.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
    Some(at + digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_plain_and_single() {
        assert_eq!(plain("a  \n  b\n\n c"), "a b\nc");
        assert_eq!(single("a''b"), "a'b");
        assert_eq!(single(" a \r\n\r\n b "), " a\nb ");
        assert_eq!(single("\n "), " ");
        assert_eq!(single("a\n\n "), "a\n");
    }

    #[test]
    fn undoes_escapes() {
        assert_eq!(double(r#"\x41\u00e9\U0001F600\n\"\\\'\_"#).unwrap(), "A\u{e9}\u{1f600}\n\"\\'\u{a0}");
        assert_eq!(double("a \\\n   b").unwrap(), "a b");
        assert_eq!(double("a\\\n\n b").unwrap(), "a\nb");
        assert_eq!(double("a\\t  \n  \\ b").unwrap(), "a\t  b");
        assert_eq!(double("a \n\n\t b").unwrap(), "a\nb");
        assert_eq!(double("a \n").unwrap(), "a ");
    }

    #[test]
    fn names_escapes_go_does_not_know() {
        for inner in [r"a\/", r"a\ud83d\ude00", r"a\q", r"a\x4", r"a\U00110000", "a\\"] {
            assert_eq!(double(inner), Err(1), "{inner}");
        }
    }
}
