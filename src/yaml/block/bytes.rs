//! Looking at bytes: what may start a scalar, where blanks and lines end.

/// What a byte means to someone who reads scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Starts or goes on in a plain scalar.
    Plain,
    /// Ends a plain scalar or makes it stop and think: `:`, `#`, tab, newline.
    Stop,
    /// `"` or `'`.
    Quote,
    /// `|` or `>`.
    Block,
    /// `{` or `[`.
    Open,
    /// `}`, `]` or `,`.
    Flow,
    /// Starts nothing that this parser reads.
    Other,
}

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b':' | b'#' | b'\t' | b'\n' => Class::Stop,
            b'"' | b'\'' => Class::Quote,
            b'|' | b'>' => Class::Block,
            b'{' | b'[' => Class::Open,
            b'}' | b']' | b',' => Class::Flow,
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b'?' | b' ' | b'\r' => Class::Other,
            _ => Class::Plain,
        };
        byte += 1;
    }
    classes
}

pub(super) fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

/// The length of the run of blanks at `at`.
#[inline]
pub(super) fn spaces(bytes: &[u8], at: usize) -> usize {
    let mut count = 0;
    while let Some(Ok(word)) = bytes.get(at + count..at + count + 8).map(<[u8; 8]>::try_from) {
        let other = u64::from_le_bytes(word) ^ 0x2020_2020_2020_2020;
        if other != 0 {
            return count + (other.trailing_zeros() / 8) as usize;
        }
        count += 8;
    }
    count + bytes[at + count..].iter().take_while(|byte| **byte == b' ').count()
}

/// Whether a dash that starts an item stands at `at`.
#[inline]
pub(super) fn is_dash(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'-') && matches!(bytes.get(at + 1), None | Some(b' ' | b'\n'))
}

/// The start of the next line.
pub(super) fn skip_line(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline + 1)
}

/// A position as nodes hold it; inputs are below 4 GiB.
#[inline]
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Where the plain text that starts at `at` may end: at the next `:`, `#`, tab, newline or the end of the input.
#[inline]
pub(super) fn stop(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| class(*byte) == Class::Stop).map_or(bytes.len(), |length| at + length)
}

/// `end` without the blanks before it.
#[inline]
pub(super) fn trim(bytes: &[u8], start: usize, mut end: usize) -> usize {
    while end > start && bytes[end - 1] == b' ' {
        end -= 1;
    }
    end
}

/// Whether a colon at `at` ends a key: a blank or the line's end follows. `None` for a tab.
#[inline]
pub(super) fn ends_key(bytes: &[u8], at: usize) -> Option<bool> {
    match bytes.get(at + 1) {
        None | Some(b' ' | b'\n') => Some(true),
        Some(b'\t') => None,
        Some(_) => Some(false),
    }
}

/// Where the next line starts, when nothing but blanks and a comment are left on this one.
pub(super) fn tail(bytes: &[u8], at: usize) -> Option<usize> {
    let blanks = spaces(bytes, at);
    match bytes.get(at + blanks) {
        None => Some(bytes.len()),
        Some(b'\n') => Some(at + blanks + 1),
        Some(b'#') if blanks > 0 => Some(skip_line(bytes, at + blanks)),
        Some(_) => None,
    }
}
