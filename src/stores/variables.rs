//! Variables of our environment that the policy lets references name.

use std::env::VarError;

use crate::policy::matcher::glob;
use crate::resolve::Failure;
use crate::secrets::Plain;

/// A text with `$NAME` and `${NAME}` filled in.
pub(super) fn filled(text: &str, allowed: &[String]) -> Result<Plain, Failure> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let (name, left) = name(&rest[at + 1..]).ok_or_else(|| {
            Failure::new("only $NAME and ${NAME} are filled in", "write the name of one variable")
        })?;
        if !allowed.iter().any(|pattern| glob(pattern, name)) {
            let help = format!("secrets: {{resolve: {{environment: [{name}]}}}} in the policy allows it");
            return Err(Failure::new(
                format!("the policy does not let references name the variable {name}"),
                help,
            ));
        }
        match value(name)? {
            Some(value) if value.is_empty() => {
                return Err(Failure::new(
                    format!("the variable {name} is empty"),
                    "set it where hardtack runs",
                ));
            }
            Some(value) => out.push_str(&value),
            None => return Err(Failure::missing(format!("the variable {name} is not set"))),
        }
        rest = left;
    }
    out.push_str(rest);
    Ok(Plain::from(out))
}

/// The value of a variable; `None` when it is not set.
pub(super) fn value(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(Failure::new(format!("the variable {name} is no text"), "set it to text, or use a file"))
        }
    }
}

/// The name at the start of a text, and what is left.
fn name(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let inside = braced.unwrap_or(text);
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let rest = if braced.is_some() { rest.strip_prefix('}')? } else { rest };
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_variables_that_hold_something() {
        let allowed = ["CARGO_PKG_*".to_owned(), "HARDTACK_NOT_SET".to_owned()];
        let read = |text: &str| filled(text, &allowed);
        assert_eq!(read("$CARGO_PKG_NAME").unwrap().expose(), b"hardtack");
        assert_eq!(read("a-${CARGO_PKG_NAME}b").unwrap().expose(), b"a-hardtackb");
        assert!(read("$HARDTACK_NOT_SET").unwrap_err().missing);
        assert!(read("$PATH").unwrap_err().what.contains("does not let references name"));
        for odd in ["$", "${CARGO_PKG_NAME", "${CARGO_PKG_NAME:-x}", "$1", "${}"] {
            assert!(read(odd).unwrap_err().what.contains("only $NAME"), "{odd}");
        }
    }
}
