//! The column of the collection that a value stands in, found from the text alone.

/// The column of the innermost block collection around the value at `start`; `None` at the root. Looks at the line of
/// the value or, when only an anchor or a tag stands before it there, at the nearest line above with a key or a dash.
pub(super) fn column(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut line, mut end) = (line_start(bytes, start), start);
    loop {
        if let Some(column) = last_indicator(&bytes[line..end]) {
            return Some(column);
        }
        if line == 0 {
            return None;
        }
        end = line - 1;
        line = line_start(bytes, end);
    }
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1)
}

/// The column of the last dash or of the key on a line up to a value.
fn last_indicator(line: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut found = None;
    loop {
        at += line[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match line.get(at) {
            Some(b'-') if matches!(line.get(at + 1), None | Some(b' ' | b'\t' | b'\r')) => {
                found = Some(at);
                at += 1;
            }
            None | Some(b'#' | b'\r') => return found,
            Some(_) if only_properties(&line[at..]) => return found,
            Some(_) => return Some(at),
        }
    }
}

/// Whether nothing but anchors and tags stands here.
fn only_properties(rest: &[u8]) -> bool {
    let words = rest.split(|byte| matches!(byte, b' ' | b'\t' | b'\r')).filter(|word| !word.is_empty());
    words.take_while(|word| word[0] != b'#').all(|word| matches!(word[0], b'&' | b'!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_key_or_the_dash() {
        for (text, wanted) in [
            ("|", None),
            ("# c\n--- |", Some(0)),
            ("a: |", Some(0)),
            ("  a: |", Some(2)),
            ("- |", Some(0)),
            ("- - a: |", Some(4)),
            ("- ? a\n  : |", Some(2)),
            ("a:\n  # - c\n\n  &x !!str\n  |", Some(0)),
            ("- a:\n    |", Some(2)),
            ("- &a b: |", Some(2)),
            ("a: &x !!str |", Some(0)),
        ] {
            assert_eq!(column(text, text.len() - 1), wanted, "{text:?}");
        }
    }
}
