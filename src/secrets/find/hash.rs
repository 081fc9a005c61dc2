//! Hashes of passwords, as htpasswd and LDAP write them.

use std::ops::Range;

use super::{Confidence, Hit, Kind};
use crate::letters::{ALNUM, BASE64, DOTTED, Letters, SLASHED};

fn hash(text: &str, span: Range<usize>) -> Option<Hit> {
    Some(Hit::new(Kind::Hash, Confidence::Certain, text, span))
}

fn is_crypt(byte: u8) -> bool {
    SLASHED.has(byte) || byte == b'.'
}

/// `$2y$10$` and 53 letters.
pub(super) fn bcrypt(text: &str, mark: Range<usize>) -> Option<Hit> {
    let rest = &text.as_bytes()[mark.end..];
    let cost = rest.len() > 3 && rest[..2].iter().all(u8::is_ascii_digit) && rest[2] == b'$';
    let length = cost.then(|| rest[3..].iter().take_while(|byte| is_crypt(**byte)).count())?;
    if length != 53 {
        return None;
    }
    hash(text, mark.start..mark.end + 3 + length)
}

/// `$apr1$salt$…`, `$6$salt$…`.
pub(super) fn crypt(text: &str, mark: Range<usize>) -> Option<Hit> {
    let rest = &text.as_bytes()[mark.end..];
    let salt = rest.iter().take_while(|byte| is_crypt(**byte)).count();
    let after = (rest.get(salt) == Some(&b'$') && (1..=16).contains(&salt)).then(|| &rest[salt + 1..])?;
    let length = after.iter().take_while(|byte| is_crypt(**byte)).count();
    if !matches!(length, 22 | 43 | 86) {
        return None;
    }
    hash(text, mark.start..mark.end + salt + 1 + length)
}

/// `{SHA}` and base64.
pub(super) fn ldap(text: &str, mark: Range<usize>) -> Option<Hit> {
    let length = BASE64.run(&text.as_bytes()[mark.end..]);
    if length < 28 {
        return None;
    }
    hash(text, mark.start..mark.end + length)
}

/// A line of `.pgpass`: host, port, database, user, password.
#[must_use]
pub fn pgpass(line: &str) -> Option<Range<usize>> {
    const HOST: Letters = DOTTED;
    let mut parts = line.split(':');
    let (host, port, database, user) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let known = |part: &str| part == "*" || (!part.is_empty() && HOST.run(part.as_bytes()) == part.len());
    let port =
        port == "*" || (port.len() >= 4 && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    let start = host.len() + 1 + line[host.len() + 1..].find(':')? + 1 + database.len() + 1 + user.len() + 1;
    let password = line.get(start..).filter(|it| !it.is_empty() && !it.contains([' ', '$', ':']))?;
    (port && [host, database, user].into_iter().all(known) && password.bytes().any(|byte| ALNUM.has(byte)))
        .then_some(start..line.len())
}
