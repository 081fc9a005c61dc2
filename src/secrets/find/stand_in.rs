//! Values that stand in for a value: nobody means to run with them, and yet people do.

/// Whole values, in lower case and without separators.
const WHOLE: [&str; 31] = [
    "changeme",
    "changeit",
    "changethis",
    "changemenow",
    "changemeplease",
    "pleasechangeme",
    "replaceme",
    "replacethis",
    "fixme",
    "todo",
    "tbd",
    "placeholder",
    "example",
    "dummy",
    "sample",
    "foobar",
    "insertme",
    "redacted",
    "notset",
    "fillme",
    "fillmein",
    "setme",
    "updateme",
    "overrideme",
    "tobereplaced",
    "tobechanged",
    "defaultchangeme",
    "xxx",
    "yoursecret",
    "donotuse",
    "notarealsecret",
];

/// What a stand-in begins with, in lower case, `_` for every separator.
const STARTS: [&str; 16] = [
    "change_me",
    "changeme_",
    "replace_",
    "insert_",
    "your_",
    "todo_",
    "example_",
    "placeholder_",
    "dummy_",
    "put_your",
    "enter_",
    "my_example",
    "fill_in",
    "fixme_",
    "set_your",
    "add_your",
];

/// What a stand-in ends with, in lower case, `_` for every separator.
const ENDS: [&str; 9] = [
    "_here",
    "_change_me",
    "_changeme",
    "_placeholder",
    "_example",
    "_goes_here",
    "_to_be_replaced",
    "_replace_me",
    "_todo",
];

/// Weak values that many a Secret was left with (decoded, in lower case).
const WEAK: [&str; 22] = [
    "password",
    "passw0rd",
    "admin",
    "postgres",
    "root",
    "secret",
    "guest",
    "test",
    "mysql",
    "redis",
    "user",
    "default",
    "123456",
    "12345678",
    "letmein",
    "qwerty",
    "pass",
    "password1",
    "password123",
    "admin123",
    "minioadmin",
    "supersecret",
];

/// Whether a whole value is a stand-in.
#[must_use]
pub fn is(value: &str) -> bool {
    let value = value.trim();
    if value.len() < 3 || value.len() > 80 || is_mask(value) {
        return value.len() >= 3 && value.len() <= 80;
    }
    let lower: String = value
        .chars()
        .map(|c| if matches!(c, '-' | ' ' | '.') { '_' } else { c.to_ascii_lowercase() })
        .collect();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    WHOLE.contains(&bare.as_str())
        || STARTS.iter().any(|start| lower.starts_with(start))
        || ENDS.iter().any(|end| lower.ends_with(end))
}

/// Whether the value of a Secret is a stand-in by itself, whatever its name: also `<…>`, and a command in a text that
/// no shell reads.
#[must_use]
pub fn is_certain(value: &str) -> bool {
    let value = value.trim();
    let never_run =
        value.starts_with("$(") && value.ends_with(')') && value.contains(' ') && !value.contains('\n');
    never_run || is_in_angles(value) || is(value)
}

/// `<your token>`, and not `<path:…>` or markup.
fn is_in_angles(value: &str) -> bool {
    let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| {
        (1..=78).contains(&inner.len())
            && !inner.starts_with("path:")
            && !inner.contains(['<', '>', '/', '=', '\n'])
    })
}

/// Whether the value of a Secret under a telling name is a stand-in, the weakest words included.
#[must_use]
pub fn is_in_secret(value: &str) -> bool {
    let value = value.trim();
    is_certain(value) || WEAK.contains(&value.to_ascii_lowercase().as_str())
}

/// `xxxx`, `****`, `....`: one letter again and again.
fn is_mask(value: &str) -> bool {
    let bytes = value.as_bytes();
    let first = bytes[0];
    matches!(first | 0x20, b'x' | b'*' | b'.' | b'-' | b'_' | b'?')
        && bytes.iter().all(|byte| byte.eq_ignore_ascii_case(&first))
}

/// Whether a token of a known format is one of the published examples, or filled with one letter.
#[must_use]
pub fn is_token(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    if ["example", "xxxxxx", "changeme", "your", "placeholder", "dummy", "redacted", "000000000", "123456789"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return true;
    }
    let tail = &token.as_bytes()[token.len().saturating_sub(12)..];
    tail.len() == 12 && tail.iter().all(|byte| *byte == tail[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_whole_values() {
        for value in [
            "changeme",
            "CHANGE-ME",
            "INSERT_PASSWORD",
            "xxxx",
            "your-api-key",
            "<token>",
            "********",
            "put-your-token-here",
        ] {
            assert!(is_in_secret(value), "{value}");
        }
        for value in
            ["hunter2", "yourpassword", "changeme2026!kL9", "<path:kv/data/x#y>", "<html><body>", "p"]
        {
            assert!(!is_in_secret(value), "{value}");
        }
        assert!(is_in_secret("postgres") && !is("postgres"));
    }
}
