//! What is found in a text.

use std::ops::Range;

use crate::secrets::Plain;

/// What a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The value of a field whose name speaks of a secret.
    Named,
    /// A password before the host of a URL, or in the connection string of a database.
    Url,
    /// What follows `Authorization:`, or `-u user:password`.
    Authorization,
    /// A private key in PEM.
    PrivateKey,
    /// A JSON web token.
    Jwt,
    /// A hash of a password, as htpasswd writes it.
    Hash,
    /// The login of a registry.
    Registry,
    /// A whole Secret, copied into an annotation or a file.
    Secret,
    /// A token of a known form; what people call it.
    Token(&'static str),
}

impl Kind {
    /// What it is, for messages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Named => "a credential",
            Self::Url => "a password in a URL",
            Self::Authorization => "a login",
            Self::PrivateKey => "a private key",
            Self::Jwt => "a JSON web token",
            Self::Hash => "the hash of a password",
            Self::Registry => "the login of a registry",
            Self::Secret => "a copy of a Secret",
            Self::Token(what) => what,
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Url => "url",
            Self::Authorization => "authorization",
            Self::PrivateKey => "private-key",
            Self::Jwt => "jwt",
            Self::Hash => "password-hash",
            Self::Registry => "registry",
            Self::Secret => "secret-copy",
            Self::Token(_) => "token",
        }
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It stands in for a value: `changeme`.
    StandIn,
    /// By its name and what it looks like.
    Likely,
    /// By a form that nothing else has.
    Certain,
}

/// One credential in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it stands in the text, in bytes; of something encoded, the encoded text.
    pub span: Range<usize>,
    /// The name of the field within the text, when it has one.
    pub name: Option<String>,
    /// The credential itself, decoded.
    pub plain: Plain,
    /// When it ends, in seconds since 1970, where it says so itself.
    pub expires: Option<i64>,
}

impl Hit {
    pub(super) fn new(kind: Kind, confidence: Confidence, text: &str, span: Range<usize>) -> Self {
        let plain = Plain::from(text.get(span.clone()).unwrap_or_default().to_owned());
        Self { kind, confidence, span, name: None, plain, expires: None }
    }

    pub(super) fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// Whether it is the whole text, but for blanks around it.
    #[must_use]
    pub fn is_whole(&self, text: &str) -> bool {
        let around = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
        around(text.get(..self.span.start)) && around(text.get(self.span.end..))
    }

    /// The line of the text it begins on, from 1.
    #[must_use]
    pub fn line(&self, text: &str) -> usize {
        1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..self.span.start.min(text.len())]).count()
    }
}
