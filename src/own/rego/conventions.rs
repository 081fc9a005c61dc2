//! What conftest makes of a rule's name and value.

use serde_json::Value as Json;

/// What a rule is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `deny`, `deny_…`.
    Deny,
    /// `violation`, `violation_…`.
    Violation,
    /// `warn`, `warn_…`.
    Warn,
}

impl Class {
    /// All of them, with the word each starts with.
    const ALL: [(&str, Self); 3] =
        [("deny", Self::Deny), ("violation", Self::Violation), ("warn", Self::Warn)];

    /// The class of a rule; `None` for rules that only help others.
    #[must_use]
    pub fn of(rule: &str) -> Option<Self> {
        let (word, class) = Self::ALL.into_iter().find(|(word, _)| rule.starts_with(word))?;
        let rest = &rule[word.len()..];
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let well_formed = rest.is_empty() || rest.strip_prefix('_').is_some_and(|it| it.split('_').all(part));
        well_formed.then_some(class)
    }
}

/// What `exception` calls a rule: the name without the word in front.
#[must_use]
pub fn bare(rule: &str) -> &str {
    ["violation_", "deny_", "warn_"]
        .iter()
        .find_map(|word| rule.strip_prefix(word))
        .unwrap_or_else(|| if ["violation", "deny", "warn"].contains(&rule) { "" } else { rule })
}

/// One message of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The message itself.
    pub text: String,
    /// `help` of a result that is a map.
    pub help: Option<String>,
}

/// The messages in a rule's value: texts, and maps with `msg`. Anything but a set or list says nothing, as with conftest.
///
/// # Errors
/// Words for a map without `msg`.
pub fn messages(value: &Json) -> Result<Vec<Message>, String> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut all = Vec::new();
    for item in items {
        let message = match item {
            Json::String(text) => Message { text: text.clone(), help: None },
            Json::Object(map) => {
                let Some(text) = map.get("msg").and_then(Json::as_str) else {
                    return Err("gives a map without the text msg".to_owned());
                };
                let help = map.get("help").and_then(Json::as_str);
                Message { text: text.to_owned(), help: help.map(str::to_owned) }
            }
            _ => continue,
        };
        if !message.text.is_empty() {
            all.push(message);
        }
    }
    Ok(all)
}

/// Whether the value of `exception` names the rule: `exception[_][_] == name`.
#[must_use]
pub fn excepts(value: &Json, name: &str) -> bool {
    fn values(value: &Json) -> Vec<&Json> {
        match value {
            Json::Array(items) => items.iter().collect(),
            Json::Object(map) => map.values().collect(),
            _ => Vec::new(),
        }
    }
    values(value).into_iter().flat_map(values).any(|item| item.as_str() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_classes() {
        for (rule, class) in [
            ("deny", Some(Class::Deny)),
            ("deny_run_as_root", Some(Class::Deny)),
            ("violation_1", Some(Class::Violation)),
            ("warn_x", Some(Class::Warn)),
            ("denylist", None),
            ("deny_", None),
            ("deny__a", None),
            ("warnings", None),
            ("allow", None),
        ] {
            assert_eq!(Class::of(rule), class, "{rule}");
        }
        assert_eq!((bare("deny"), bare("deny_a_b"), bare("warn")), ("", "a_b", ""));
    }
}
