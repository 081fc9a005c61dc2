//! Sets of ASCII letters, as tables that the compiler fills.

/// Which bytes belong.
#[derive(Debug, Clone, Copy)]
pub struct Letters(u128);

impl Letters {
    /// Those of an ASCII text.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut bits, mut at) = (0, 0);
        while at < bytes.len() {
            bits |= 1_u128 << bytes[at];
            at += 1;
        }
        Self(bits)
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a byte belongs.
    #[must_use]
    pub const fn has(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
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
