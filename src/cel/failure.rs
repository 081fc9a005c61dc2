//! What can go wrong: in an expression as written, and while it is evaluated.

use std::fmt;

/// Why an expression cannot be used, said when the policy is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

impl Fault {
    /// A fault with what to do about it.
    #[must_use]
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Why an expression came to no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// It used up what it may cost: no operator goes on from there.
    pub is_final: bool,
}

impl Failure {
    /// A failure that `||`, `&&`, `all` and `exists` may make good.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_final: false }
    }

    /// Functions and operators take certain types only.
    #[must_use]
    pub fn overload(name: &str, args: &[super::value::Val<'_>]) -> Self {
        let types: Vec<&str> = args.iter().map(super::value::Val::type_name).collect();
        Self::new(format!("{name} does not take ({})", types.join(", ")))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
