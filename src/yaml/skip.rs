//! Documents that need no parsing because no one asks for their kind, decided from the column-0 lines alone.

use super::document::Source;

/// The kind of a document that may stay unparsed, when it is certain and among `wanted`.
pub(super) fn kind<'a>(source: &Source<'a>, wanted: &[&str]) -> Option<&'a str> {
    if wanted.is_empty() || source.shares_line || !source.bytes.special.is_empty() {
        return None;
    }
    certain_kind(source.body, wanted)
}

/// The value of a `kind:` that no reader can read in another way, when it is among `wanted`.
fn certain_kind<'a>(body: &'a str, wanted: &[&str]) -> Option<&'a str> {
    let bytes = body.as_bytes();
    let (mut kind, mut begun, mut at) = (None, false, 0);
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
        match bytes[at] {
            b'\n' | b'#' => {}
            b' ' if begun => {}
            b'-' if begun && matches!(bytes.get(at + 1), Some(b' ' | b'\n') | None) => {}
            first if first.is_ascii_alphabetic() => {
                begun = true;
                let line = &body[at..end];
                let colon = plain_key(line)?;
                if &line[..colon] == "kind" {
                    if kind.is_some() || goes_on(bytes, end + 1) {
                        return None;
                    }
                    let value = alphanumeric(&line[colon + 1..]);
                    kind = Some(value.filter(|value| wanted.contains(value))?);
                }
            }
            _ => return None,
        }
        at = if begun { next_flush_line(bytes, end) } else { end + 1 };
    }
    kind
}

/// Where the next line starts that is not indented, looking from `at` on.
fn next_flush_line(bytes: &[u8], mut at: usize) -> usize {
    const CHUNK: usize = 64;
    // Nearly all lines are indented: pass over many of them at once, without a branch for each byte.
    while let (Some(chunk), Some(next)) = (bytes.get(at..at + CHUNK), bytes.get(at + 1..at + 1 + CHUNK)) {
        let ends_before_flush = |(byte, next): (&u8, &u8)| (*byte == b'\n') & (*next != b' ');
        if chunk.iter().zip(next).fold(false, |found, pair| found | ends_before_flush(pair)) {
            break;
        }
        at += CHUNK;
    }
    let mut pairs = bytes[at.min(bytes.len())..].windows(2);
    pairs.position(|pair| pair[0] == b'\n' && pair[1] != b' ').map_or(bytes.len(), |found| at + found + 1)
}

/// Whether the next line that is not blank is indented, so that it may belong to the value above.
fn goes_on(bytes: &[u8], mut line: usize) -> bool {
    loop {
        let spaces =
            bytes.get(line..).map_or(0, |rest| rest.iter().take_while(|byte| **byte == b' ').count());
        match bytes.get(line + spaces) {
            Some(b'\n') => line += spaces + 1,
            None => return false,
            Some(b'\t') => return true,
            Some(_) => return spaces > 0,
        }
    }
}

/// Where the colon after a plain key stands.
fn plain_key(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let colon = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    (bytes[colon] == b':' && matches!(bytes.get(colon + 1), None | Some(b' '))).then_some(colon)
}

fn alphanumeric(value: &str) -> Option<&str> {
    let value = value.strip_prefix(' ')?;
    let fits = value.len() > 5 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && value.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(value)
}
