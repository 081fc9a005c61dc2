//! The strings of the table: sorted, so that they are found by halves and compared by their numbers.

use std::cmp::Ordering;
use std::ops::Range;

use super::{BYTES, ENDS_AT, STRINGS, TEXT_AT, long, search};

/// Where a string stands in the text.
#[inline]
fn range(number: usize) -> Range<usize> {
    let start = if number == 0 { 0 } else { long(ENDS_AT + 4 * number - 4) as usize };
    start..long(ENDS_AT + 4 * number) as usize
}

/// The bytes of a string.
fn bytes(number: usize) -> &'static [u8] {
    let Range { start, end } = range(number);
    &BYTES[TEXT_AT + start..TEXT_AT + end]
}

/// The first eight bytes, as a number that orders as they do.
pub(super) fn head(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; 8];
        padded[..bytes.len()].copy_from_slice(bytes);
        padded
    }))
}

/// The same of a string in the table: it is read with what stands behind it, which is then left out.
#[inline]
fn head_of(number: usize) -> u64 {
    let Range { start, end } = range(number);
    let foreign = 8 - (end - start).min(8);
    let mask = u64::MAX.checked_shl(8 * foreign as u32).unwrap_or_default();
    BYTES[TEXT_AT + start..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes)) & mask
}

pub(super) fn text(number: u16) -> &'static str {
    str::from_utf8(bytes(usize::from(number))).unwrap_or_default()
}

/// How a string of the table compares with text whose head this is: most differ in their first letters.
#[inline]
pub(super) fn compare(own: u16, text: &str, text_head: u64) -> Ordering {
    let own = usize::from(own);
    head_of(own).cmp(&text_head).then_with(|| bytes(own).cmp(text.as_bytes()))
}

/// The number of a string.
pub(super) fn numbered(text: &str) -> Option<u16> {
    let wanted = head(text.as_bytes());
    let number = |place: usize| u16::try_from(place).ok();
    search(STRINGS, |place| compare(number(place).unwrap_or(u16::MAX), text, wanted)).and_then(number)
}
