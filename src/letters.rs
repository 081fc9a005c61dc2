//! Sets of ASCII letters, as tables that the compiler fills.

/// Which bytes belong.
#[derive(Debug, Clone, Copy)]
pub struct Letters([u64; 4]);

impl Letters {
    /// Those of an ASCII text.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut bits, mut at) = ([0; 4], 0);
        while at < bytes.len() {
            bits[(bytes[at] >> 6) as usize] |= 1_u64 << (bytes[at] & 63);
            at += 1;
        }
        Self(bits)
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a | e, b | f, c | g, d | h])
    }

    /// Whether a byte belongs.
    #[must_use]
    #[inline]
    pub const fn has(self, byte: u8) -> bool {
        self.0[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
    }

    /// Whether all of a text belongs.
    #[must_use]
    pub fn has_all(self, text: &str) -> bool {
        text.bytes().all(|byte| self.has(byte))
    }

    /// How many bytes at the start of a text belong.
    #[must_use]
    pub fn run(self, text: &[u8]) -> usize {
        text.iter().position(|byte| !self.has(*byte)).unwrap_or(text.len())
    }
}

const DIGITS: Letters = Letters::of("0123456789");
/// Capitals and digits.
pub const UPPER: Letters = Letters::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ").and(DIGITS);
/// Small letters and digits.
pub const LOWER: Letters = Letters::of("abcdefghijklmnopqrstuvwxyz").and(DIGITS);
/// Letters and digits.
pub const ALNUM: Letters = LOWER.and(UPPER);
/// Letters, digits and `_`.
pub const WORD: Letters = ALNUM.and(Letters::of("_"));
/// The letters of base64 for URLs.
pub const DASHED: Letters = WORD.and(Letters::of("-"));
/// Those and a dot.
pub const DOTTED: Letters = DASHED.and(Letters::of("."));
/// Those of base64 for URLs and a slash.
pub const SLASHED: Letters = DASHED.and(Letters::of("/"));
/// The letters of base64 in all its forms, padding included.
pub const BASE64: Letters = DASHED.and(Letters::of("+/="));
/// The letters of base32.
pub const BASE32: Letters = Letters::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
/// Hexadecimal digits in lower case.
pub const HEX: Letters = Letters::of("abcdef").and(DIGITS);
