//! A rule as a ValidatingAdmissionPolicy can say it.

/// What must hold of an object, in CEL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expressed {
    /// For the rule to count, by name.
    pub conditions: Vec<(String, String)>,
    /// Parts of expressions, by name.
    pub variables: Vec<(String, String)>,
    /// What must hold, what to say when it does not, and the expression for that.
    pub validations: Vec<Validation>,
    /// Objects that an expression fails on pass.
    pub ignores_failures: bool,
    /// What the cluster does not see as hardtack sees it.
    pub note: Option<String>,
}

/// One expression with its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// What must hold.
    pub expression: String,
    /// What to say when it does not.
    pub message: Option<String>,
    /// An expression for what to say.
    pub message_expression: Option<String>,
}

impl Validation {
    /// An expression with a fixed message.
    #[must_use]
    pub fn new(expression: impl Into<String>, message: impl Into<String>) -> Self {
        Self { expression: expression.into(), message: Some(message.into()), message_expression: None }
    }
}

/// A text as an expression writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "'"
}

/// Whether a text fits a glob, as an expression.
#[must_use]
pub fn fits(text: &str, glob: &str) -> String {
    if !glob.contains('*') {
        return format!("{text} == {}", quoted(glob));
    }
    let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
    format!("{text}.matches({})", quoted(&format!("^{}$", parts.join("(.|\\n)*"))))
}
