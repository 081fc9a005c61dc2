//! The binary table, as `src/schema/table.rs` reads it.
//!
//! All numbers are little-endian. A header of six 32-bit numbers: the magic word, then how many strings, types, fields,
//! words and versions there are. Then the sections: the end of each string in the text (32 bits each), the text, padded
//! to four bytes; types (8 bytes: code, a small number, a 16-bit and a 32-bit one); fields (name, type with the highest
//! bit for "required"); words (string numbers of enums and list keys, and the two 64-bit ends of ranges); versions (minor, patch, number of kinds) and
//! then the kinds of each version (apiVersion, kind, type, 1 if namespaced), all 16 bits wide. Strings are sorted, so
//! that sorted names have sorted numbers.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::merge::{Entry, Merged};

/// `HTS1`.
const MAGIC: u32 = 0x3153_5448;
const REQUIRED: u16 = 0x8000;
const ENUM: u8 = 11;
const LIST: u8 = 12;
const MAP: u8 = 13;
const OBJECT: u8 = 14;
/// Text of a format: the number of it, and [`FILLED`].
pub const TEXT: u8 = 15;
const RANGE: u8 = 16;
/// A port or the name of one; 1 if 0 will do.
pub const PORT_OR_NAME: u8 = 17;
/// An integer from 0 on, or a percentage.
pub const COUNT_OR_PERCENT: u8 = 18;
/// A quantity from 0 on; 1 if it has to be more.
pub const AMOUNT: u8 = 19;
/// The bit that refuses the empty text.
pub const FILLED: u8 = 0x80;
/// The bit of a list that may hold one key twice.
const REPEATS: u8 = 0x80;

/// The formats of text, in the order of `src/schema/format.rs`.
pub const FORMATS: [&str; 19] = [
    "label",
    "subdomain",
    "label-value",
    "qualified",
    "port-name",
    "config-key",
    "ip",
    "cidr",
    "absolute",
    "env-name",
    "header",
    "image",
    "dns1035",
    "host",
    "segment",
    "cron",
    "driver",
    "search",
    "annotation",
];

/// Writes the table.
pub fn write(merged: &Merged) -> Result<Vec<u8>> {
    let strings = strings(merged);
    let (mut types, mut fields, mut words) = (Vec::new(), Vec::new(), Vec::new());
    let string = |text: &String| -> Result<u16> {
        Ok(u16::try_from(strings.binary_search(&text.as_str()).ok().context("a string not collected")?)?)
    };
    for entry in &merged.types {
        let (code, small, middle, large) = match entry {
            Entry::Scalar(code) => (*code, 0, 0, 0),
            Entry::Small(code, small) => (*code, *small, 0, 0),
            Entry::Map { of, keys } => (MAP, keys.map_or(0, |format| format + 1), *of, 0),
            Entry::Range { wide, least, most } => {
                let start = words.len();
                [*least, *most].iter().for_each(|number| words.extend(quarters(*number)));
                (RANGE, u8::from(*wide), 0, u32::try_from(start)?)
            }
            Entry::Enum { words: list, filled } => {
                let start = words.len();
                list.iter().try_for_each(|word| string(word).map(|number| words.push(number)))?;
                (ENUM, u8::try_from(list.len())?, u16::from(*filled), u32::try_from(start)?)
            }
            Entry::List { item, keys, repeats } => {
                let start = words.len();
                keys.iter().try_for_each(|key| string(key).map(|number| words.push(number)))?;
                let small = u8::try_from(keys.len())? | if *repeats { REPEATS } else { 0 };
                (LIST, small, *item, u32::try_from(start)?)
            }
            Entry::Object(own) => {
                let start = fields.len() / 2;
                for (name, of, required) in own {
                    ensure!(*of < REQUIRED, "too many types for their numbers");
                    fields.extend([string(name)?, of | if *required { REQUIRED } else { 0 }]);
                }
                (OBJECT, 0, u16::try_from(own.len())?, u32::try_from(start)?)
            }
        };
        types.extend([code, small]);
        types.extend(middle.to_le_bytes());
        types.extend(large.to_le_bytes());
    }
    let mut out = Vec::new();
    let counts = [strings.len(), merged.types.len(), fields.len() / 2, words.len(), merged.versions.len()];
    out.extend(MAGIC.to_le_bytes());
    counts.iter().try_for_each(|count| u32::try_from(*count).map(|count| out.extend(count.to_le_bytes())))?;
    text(&strings, &mut out)?;
    out.extend(types);
    numbers(&fields, &mut out);
    numbers(&words, &mut out);
    for version in &merged.versions {
        numbers(&[version.minor, version.patch, u16::try_from(version.kinds.len())?], &mut out);
    }
    for (api_version, kind, of, namespaced) in merged.versions.iter().flat_map(|version| &version.kinds) {
        numbers(&[string(api_version)?, string(kind)?, *of, u16::from(*namespaced)], &mut out);
    }
    Ok(out)
}

/// A 64-bit number as four of 16 bits, lowest first.
fn quarters(number: i64) -> [u16; 4] {
    let bytes = number.to_le_bytes();
    std::array::from_fn(|place| u16::from_le_bytes([bytes[2 * place], bytes[2 * place + 1]]))
}

fn strings(merged: &Merged) -> Vec<&str> {
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for entry in &merged.types {
        match entry {
            Entry::Enum { words, .. } | Entry::List { keys: words, .. } => {
                all.extend(words.iter().map(String::as_str))
            }
            Entry::Object(fields) => all.extend(fields.iter().map(|(name, _, _)| name.as_str())),
            Entry::Scalar(_) | Entry::Small(..) | Entry::Range { .. } | Entry::Map { .. } => {}
        }
    }
    for (api_version, kind, _, _) in merged.versions.iter().flat_map(|version| &version.kinds) {
        all.extend([api_version.as_str(), kind.as_str()]);
    }
    all.into_iter().collect()
}

fn text(strings: &[&str], out: &mut Vec<u8>) -> Result<()> {
    let mut end = 0;
    for string in strings {
        end += string.len();
        out.extend(u32::try_from(end)?.to_le_bytes());
    }
    strings.iter().for_each(|string| out.extend(string.as_bytes()));
    out.resize(out.len().next_multiple_of(4), 0);
    Ok(())
}

fn numbers(all: &[u16], out: &mut Vec<u8>) {
    all.iter().for_each(|number| out.extend(number.to_le_bytes()));
}
