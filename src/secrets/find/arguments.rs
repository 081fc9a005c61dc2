//! Options of commands that carry a credential.

use std::ops::Range;

use super::name::{self, Named};
use super::{Hit, authorization, text};

/// A word of a command line and where it stands in its text, quotes not included.
type Word = Range<usize>;

/// What the words of one command give away; each is a text of its own. The hits count within their word.
pub(super) fn in_words(words: &[&str]) -> Vec<(usize, Hit)> {
    let mut hits = Vec::new();
    let program = words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    for (number, word) in words.iter().enumerate() {
        let next = words.get(number + 1).copied().unwrap_or_default();
        let own = attached(program, word).map(|hit| (number, hit));
        hits.extend(own.or_else(|| Some((number + 1, following(program, word, next)?))));
    }
    hits
}

/// `--password=x`, `-Dspring.datasource.password=x`, `PGPASSWORD=x`, `-pX` of mysql.
fn attached(program: &str, word: &str) -> Option<Hit> {
    if program.starts_with("mysql") && word.len() > 2 && word.starts_with("-p") {
        return text::judged(word, 2..word.len(), Named::Password, false, 0);
    }
    let (left, right) = word.split_once('=').filter(|(left, _)| !left.contains(char::is_whitespace))?;
    if left.ends_with("from-literal")
        || left == "-e"
        || left == "--env"
        || left.ends_with("set")
        || left.ends_with("set-string")
    {
        let inner = attached(program, right)?;
        let shift = left.len() + 1;
        return Some(Hit { span: inner.span.start + shift..inner.span.end + shift, ..inner });
    }
    let option = left.trim_start_matches(['-', '+']);
    if matches!(option, "user" | "u") && left.starts_with('-') {
        return authorization::pair(word, left.len() + 1..word.len()).map(|hit| hit.named(left));
    }
    let named = name::judge(option)?;
    let span = left.len() + 1..word.len();
    if right.is_empty() || named == Named::Authorization {
        return None;
    }
    text::judged(word, span, named, false, 0).map(|hit| hit.named(left))
}

/// `--password x`, `-u user:x` of curl, `-p x` of sshpass, `-a x` of redis-cli.
fn following(program: &str, word: &str, next: &str) -> Option<Hit> {
    if next.is_empty() || !word.starts_with('-') || next.starts_with("--") || word.contains('=') {
        return None;
    }
    let whole = 0..next.len();
    let option = word.trim_start_matches('-');
    let logs_in = matches!(program, "curl" | "wget" | "http" | "influx" | "mc");
    if matches!(word, "--user" | "--proxy-user") || (word == "-u" && logs_in) {
        return authorization::pair(next, whole).map(|hit| hit.named(word));
    }
    let by_letter = matches!(
        (program, word),
        ("sshpass", "-p") | ("redis-cli" | "redis-cli.sh", "-a") | ("ldapsearch" | "ldapadd", "-w")
    );
    let named = if by_letter { Named::Password } else { name::judge(option)? };
    if named == Named::Authorization || named == Named::Hardly || (next.starts_with('-') && !by_letter) {
        return None;
    }
    text::judged(next, whole, named, false, 0).map(|hit| hit.named(word))
}

/// The same for one line of a script.
pub(super) fn in_line(text: &str, line: Range<usize>) -> Vec<Hit> {
    let words = split(text, line);
    let texts: Vec<&str> = words.iter().map(|word| &text[word.clone()]).collect();
    let hits = in_words(&texts).into_iter().filter_map(|(number, hit)| {
        let start = words.get(number)?.start;
        Some(Hit { span: start + hit.span.start..start + hit.span.end, ..hit })
    });
    hits.collect()
}

/// The words of a line as a shell splits them, the first command only; quotes within a word stay.
fn split(text: &str, line: Range<usize>) -> Vec<Word> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = line.start;
    while at < line.end {
        let byte = bytes[at];
        if byte.is_ascii_whitespace() || byte == b'\\' {
            at += 1;
            continue;
        }
        if matches!(byte, b'|' | b';' | b'&' | b')' | b'`') {
            break;
        }
        let quote = matches!(byte, b'"' | b'\'').then_some(byte);
        let start = at + usize::from(quote.is_some());
        let ends = |byte: &u8| match quote {
            Some(quote) => *byte == quote,
            None => byte.is_ascii_whitespace() || matches!(byte, b';' | b'|' | b'`' | b')'),
        };
        let end = bytes[start..line.end].iter().position(ends).map_or(line.end, |length| start + length);
        words.push(start..end);
        at = end + usize::from(quote.is_some());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str]) -> Vec<String> {
        in_words(words).into_iter().map(|(number, hit)| words[number][hit.span].to_owned()).collect()
    }

    #[test]
    fn options_that_carry_one() {
        for (words, wanted) in [
            (&["app", "--password=hunter2"][..], "hunter2"),
            (&["app", "--db-password", "hunter2"], "hunter2"),
            (&["curl", "-u", "bot:hunter2", "http://x"], "hunter2"),
            (&["mysql", "-uroot", "-phunter2"], "hunter2"),
            (&["redis-cli", "-a", "hunter2"], "hunter2"),
            (&["java", "-Dspring.datasource.password=hunter2"], "hunter2"),
            (&["kubectl", "create", "secret", "generic", "x", "--from-literal=password=hunter2"], "hunter2"),
        ] {
            assert_eq!(found(words), [wanted], "{words:?}");
        }
    }

    #[test]
    fn options_that_carry_none() {
        for words in [
            &["app", "--password-file=/x"][..],
            &["app", "--password=$(DB_PASSWORD)"],
            &["app", "--secret-name=web-tls", "--secrets-format=compact", "--token", "--verbose"],
            &["app", "--dynamic-serving-ca-secret-name=ca"],
            &["sh", "-u", "bot:x"],
            &["app", "--user=1000:1000"],
        ] {
            assert!(found(words).is_empty(), "{words:?}");
        }
    }
}
