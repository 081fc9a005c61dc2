//! Which values of a document are encrypted.

use regex::Regex;

use super::failure::SopsError;

/// The default of sops when a file says nothing.
const SUFFIX: &str = "_unencrypted";

/// The values of a Secret, and nothing else of it.
const SECRET: &str = "^(data|stringData)$";

/// One of the six rules of sops.
#[derive(Debug, Clone)]
pub struct Rule {
    kind: RuleKind,
    /// The suffix or pattern as written.
    written: String,
    /// Of the kinds that are patterns.
    pattern: Option<Regex>,
}

/// Which of the six.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// `unencrypted_suffix`.
    UnencryptedSuffix,
    /// `encrypted_suffix`.
    EncryptedSuffix,
    /// `unencrypted_regex`.
    UnencryptedRegex,
    /// `encrypted_regex`.
    EncryptedRegex,
    /// `unencrypted_comment_regex`.
    UnencryptedCommentRegex,
    /// `encrypted_comment_regex`.
    EncryptedCommentRegex,
}

impl RuleKind {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::UnencryptedSuffix,
        Self::EncryptedSuffix,
        Self::UnencryptedRegex,
        Self::EncryptedRegex,
        Self::UnencryptedCommentRegex,
        Self::EncryptedCommentRegex,
    ];

    /// Its key in a `sops` block and in `.sops.yaml`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::UnencryptedSuffix => "unencrypted_suffix",
            Self::EncryptedSuffix => "encrypted_suffix",
            Self::UnencryptedRegex => "unencrypted_regex",
            Self::EncryptedRegex => "encrypted_regex",
            Self::UnencryptedCommentRegex => "unencrypted_comment_regex",
            Self::EncryptedCommentRegex => "encrypted_comment_regex",
        }
    }

    const fn is_suffix(self) -> bool {
        matches!(self, Self::UnencryptedSuffix | Self::EncryptedSuffix)
    }

    const fn by_comments(self) -> bool {
        matches!(self, Self::UnencryptedCommentRegex | Self::EncryptedCommentRegex)
    }
}

impl Default for Rule {
    /// `encrypted_regex: ^(data|stringData)$`.
    fn default() -> Self {
        Self { kind: RuleKind::EncryptedRegex, written: SECRET.to_owned(), pattern: Regex::new(SECRET).ok() }
    }
}

impl Rule {
    /// A rule.
    ///
    /// # Errors
    /// [`SopsError::Pattern`].
    pub fn new(kind: RuleKind, written: impl Into<String>) -> Result<Self, SopsError> {
        let written = written.into();
        let pattern = if kind.is_suffix() {
            None
        } else {
            Some(Regex::new(&written).map_err(|_| SopsError::Pattern { rule: kind.key() })?)
        };
        Ok(Self { kind, written, pattern })
    }

    /// The one rule among what was written for each kind; `None` when nothing was.
    ///
    /// # Errors
    /// [`SopsError::Rules`] for more than one, [`SopsError::Pattern`].
    pub fn one_of(written: &[(RuleKind, String)]) -> Result<Option<Self>, SopsError> {
        // As in sops, an empty one is none.
        let stated: Vec<&(RuleKind, String)> = written.iter().filter(|(_, text)| !text.is_empty()).collect();
        match stated[..] {
            [] => Ok(None),
            [(kind, text)] => Self::new(*kind, text.clone()).map(Some),
            _ => {
                let keys: Vec<&str> = stated.iter().map(|(kind, _)| kind.key()).collect();
                Err(SopsError::Rules(keys.join(", ")))
            }
        }
    }

    /// What sops takes when a file states none: everything but keys that end in `_unencrypted`.
    pub(super) fn unstated() -> Self {
        Self { kind: RuleKind::UnencryptedSuffix, written: SUFFIX.to_owned(), pattern: None }
    }

    /// Which it is.
    #[must_use]
    pub fn kind(&self) -> RuleKind {
        self.kind
    }

    /// The suffix or pattern.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether it goes by comments, which are no part of data.
    pub(super) fn by_comments(&self) -> bool {
        self.kind.by_comments()
    }

    /// Whether a value is encrypted whose way from the root has these keys. It is enough that one of them fits.
    pub(super) fn encrypts<'k>(&self, mut keys: impl Iterator<Item = &'k str>) -> bool {
        let pattern = |key: &str| self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(key));
        match self.kind {
            RuleKind::UnencryptedSuffix => !keys.any(|key| key.ends_with(&self.written)),
            RuleKind::EncryptedSuffix => keys.any(|key| key.ends_with(&self.written)),
            RuleKind::UnencryptedRegex => !keys.any(pattern),
            RuleKind::EncryptedRegex => keys.any(pattern),
            // Without comments nothing is marked.
            RuleKind::UnencryptedCommentRegex => true,
            RuleKind::EncryptedCommentRegex => false,
        }
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.written == other.written
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.key(), self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypts(kind: RuleKind, written: &str, keys: &[&str]) -> bool {
        Rule::new(kind, written).unwrap().encrypts(keys.iter().copied())
    }

    #[test]
    fn every_key_on_the_way_counts_and_nothing_is_anchored() {
        assert!(encrypts(RuleKind::EncryptedRegex, "ata", &["metadata", "name"]));
        assert!(!encrypts(RuleKind::EncryptedRegex, "^data$", &["metadata", "name"]));
        assert!(!encrypts(RuleKind::UnencryptedRegex, "^meta", &["metadata", "name"]));
        assert!(encrypts(RuleKind::EncryptedSuffix, "_secret", &["a_secret", "b"]));
        assert!(!encrypts(RuleKind::UnencryptedSuffix, "_unencrypted", &["a_unencrypted"]));
        assert!(Rule::default().encrypts(["stringData", "x"].into_iter()));
    }

    #[test]
    fn there_is_one_rule() {
        let two = [(RuleKind::EncryptedRegex, "a".to_owned()), (RuleKind::EncryptedSuffix, "b".to_owned())];
        assert_eq!(Rule::one_of(&two), Err(SopsError::Rules("encrypted_regex, encrypted_suffix".to_owned())));
        assert_eq!(Rule::one_of(&[(RuleKind::EncryptedRegex, String::new())]), Ok(None));
        assert_eq!(
            Rule::new(RuleKind::EncryptedRegex, "(?=x)"),
            Err(SopsError::Pattern { rule: "encrypted_regex" })
        );
    }
}
