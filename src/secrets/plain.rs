//! A value nobody may see.

use std::fmt;

use zeroize::Zeroizing;

/// Bytes of a secret: wiped when dropped, and without any way to print them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Plain(Zeroizing<Vec<u8>>);

impl Plain {
    /// Takes the bytes over.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for those who lock them away or judge them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, when they are UTF-8.
    #[must_use]
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// About how long it is.
    #[must_use]
    pub fn length_class(&self) -> LengthClass {
        LengthClass::of(self.0.len())
    }
}

impl From<Zeroizing<Vec<u8>>> for Plain {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl From<String> for Plain {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plain({})", self.length_class())
    }
}

/// What may be said of a secret's length, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum LengthClass {
    /// Nothing at all.
    #[serde(rename = "empty")]
    Empty,
    /// 1 to 7.
    #[serde(rename = "under 8")]
    Under8,
    /// 8 to 15.
    #[serde(rename = "8 to 15")]
    Under16,
    /// 16 to 31.
    #[serde(rename = "16 to 31")]
    Under32,
    /// 32 to 63.
    #[serde(rename = "32 to 63")]
    Under64,
    /// 64 and more.
    #[serde(rename = "64 or more")]
    Long,
}

impl LengthClass {
    /// That of a number of bytes.
    #[must_use]
    pub const fn of(bytes: usize) -> Self {
        match bytes {
            0 => Self::Empty,
            1..=7 => Self::Under8,
            8..=15 => Self::Under16,
            16..=31 => Self::Under32,
            32..=63 => Self::Under64,
            _ => Self::Long,
        }
    }
}

impl fmt::Display for LengthClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::Under8 => "under 8 characters",
            Self::Under16 => "8 to 15 characters",
            Self::Under32 => "16 to 31 characters",
            Self::Under64 => "32 to 63 characters",
            Self::Long => "64 or more characters",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let plain = Plain::from("canary-canary".to_owned());
        assert_eq!(format!("{plain:?}"), "Plain(8 to 15 characters)");
        assert_eq!(plain.expose_text(), Some("canary-canary"));
    }
}
