//! How hard a value is to guess, as a class: nothing finer may be told of it.

use super::Plain;

/// By an estimate of its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Strength {
    /// Below 50 bits: a machine guesses it.
    Weak,
    /// Below 100 bits.
    Fair,
    /// 100 bits and more.
    Strong,
}

impl Strength {
    /// That of a value, by how often its bytes recur. Words look stronger than they are, so this is an upper bound.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
    pub fn of(plain: &Plain) -> Self {
        let bytes = plain.expose();
        let mut counts = [0_usize; 256];
        bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        let length = bytes.len() as f64;
        let seen = counts.iter().filter(|count| **count > 0).map(|count| *count as f64);
        match seen.map(|count| count * (length / count).log2()).sum::<f64>() {
            bits if bits < 50.0 => Self::Weak,
            bits if bits < 100.0 => Self::Fair,
            _ => Self::Strong,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (value, wanted) in [
            ("", Strength::Weak),
            ("password123", Strength::Weak),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Strength::Weak),
            ("k7Wm2Rt9Lx4Vb6Nc", Strength::Fair),
            ("3yq0WbS1uYF8kV5nq7mH2xR9tL4cJ6dZ", Strength::Strong),
            ("9f2c7e1b5a8d40639f2c7e1b5a8d4063", Strength::Strong),
        ] {
            assert_eq!(Strength::of(&Plain::from(value.to_owned())), wanted, "{value}");
        }
    }
}
