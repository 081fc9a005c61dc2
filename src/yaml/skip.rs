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
    let (mut kind, mut begun, mut next) = (None, false, 0);
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let at = std::mem::replace(&mut next, end + 1);
        match bytes.get(at) {
            None | Some(b'\n' | b'#') => {}
            Some(b' ') if begun => {}
            Some(b'-') if begun && matches!(bytes.get(at + 1), Some(b' ' | b'\n') | None) => {}
            Some(first) if first.is_ascii_alphabetic() => {
                begun = true;
                let line = &body[at..end];
                let colon = plain_key(line)?;
                if &line[..colon] == "kind" {
                    if kind.is_some() || goes_on(bytes, next) {
                        return None;
                    }
                    let value = alphanumeric(&line[colon + 1..]);
                    kind = Some(value.filter(|value| wanted.contains(value))?);
                }
            }
            Some(_) => return None,
        }
    }
    kind
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
