//! The value that stands after a name in a text.

use std::ops::Range;

/// A value and how it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands, quotes not included. Never empty.
    pub span: Range<usize>,
    /// It stands in quotes, or takes the rest of a line that begins with the name.
    pub quoted: bool,
    /// The line is a comment.
    pub comment: bool,
}

/// What may stand before a name that begins its line.
const LEADS: [&str; 9] = ["", "-", "export", "set", "ENV", "ARG", "local", "readonly", "declare -x"];
/// What begins a comment.
const COMMENTS: [&str; 6] = ["#", ";", "//", "--", "*", "<!--"];
/// Directives whose value follows a blank.
const DIRECTIVES: [&str; 4] = ["requirepass", "masterauth", "rootpw", "bindpw"];

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let found = self.bytes[self.at..].starts_with(token.as_bytes());
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn blanks(&mut self) -> usize {
        let count = self.bytes[self.at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.at += count;
        count
    }

    fn spaces(&mut self) {
        self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    fn quote(&mut self) -> Option<&'static str> {
        ["\\\\\\\"", "\\\"", "\"", "'"].into_iter().find(|quote| self.eat(quote))
    }
}

/// The value after the name at a range.
pub(super) fn value(text: &str, name: &Range<usize>) -> Option<Found> {
    let bytes = text.as_bytes();
    let line_start = memchr::memrchr(b'\n', &bytes[..name.start]).map_or(0, |at| at + 1);
    let lead = text[line_start..name.start].trim();
    let comment =
        COMMENTS.iter().any(|sign| lead.starts_with(sign) && !lead.starts_with("---") && lead != "--");
    let bare = lead.trim_start_matches(['#', ';', '/', ' ', '\t', '"', '\'']);
    let begins_line = LEADS.contains(&bare.trim_end_matches(['"', '\'']).trim_end());
    if lead.ends_with(['$', '{']) && lead.ends_with("${") {
        return None;
    }
    let variable = lead.ends_with('$');
    let mut reader = Reader { text, bytes, at: name.end };
    let name_quote = reader.quote();
    reader.eat("]");
    let by_blank = DIRECTIVES.contains(&&text[name.clone()]) || (lead.contains("login ") && !comment);
    sign(&mut reader, lead, name_quote.is_some(), by_blank)?;
    reader.blanks();
    let found = read(&mut reader, begins_line, comment)?;
    (found.quoted || !variable).then_some(found)
}

/// The sign between name and value.
fn sign(reader: &mut Reader<'_>, lead: &str, quoted: bool, by_blank: bool) -> Option<()> {
    if lead.ends_with('<') && !lead.ends_with("</") && reader.eat(">") {
        return Some(());
    }
    if is_name_field(lead) {
        return value_field(reader);
    }
    let blanks = reader.blanks();
    for sign in ["=>", ":=", "=", ":"] {
        if reader.eat(sign) {
            let doubled = matches!(reader.bytes.get(reader.at), Some(b'=' | b'~' | b':'));
            return (!doubled).then_some(());
        }
    }
    let called = lead.trim_end_matches(['"', '\'']).trim_end().ends_with('(');
    let argument = quoted && called && reader.eat(",");
    (argument || (by_blank && blanks > 0)).then_some(())
}

/// Whether what stands before the name says that it is the name of an entry: `name: X`, `"name": "X"`, `name="X"`,
/// `<name>X`.
fn is_name_field(lead: &str) -> bool {
    let before = lead.trim_end_matches(['"', '\'', '\\']).trim_end();
    let Some(before) = before.strip_suffix([':', '=', '>']) else { return false };
    let before = before.trim_end().trim_end_matches(['"', '\'', '\\']);
    ["name", "key", "header"].iter().any(|field| before.to_ascii_lowercase().ends_with(field))
}

/// The `value` field of the same entry.
fn value_field(reader: &mut Reader<'_>) -> Option<()> {
    reader.eat("</name>");
    reader.spaces();
    reader.eat(",");
    reader.spaces();
    if reader.eat("<value>") {
        return Some(());
    }
    reader.quote();
    (reader.eat("value") || reader.eat("Value")).then_some(())?;
    reader.quote();
    reader.blanks();
    (reader.eat(":") || reader.eat("=")).then_some(())
}

fn read(reader: &mut Reader<'_>, begins_line: bool, comment: bool) -> Option<Found> {
    // A literal of YAML begins on the next line.
    let block = ["|-", ">-", "|+", "|", ">"].into_iter().any(|sign| {
        let here = reader.at;
        let found = reader.eat(sign) && reader.bytes.get(reader.at).is_none_or(|byte| *byte == b'\n');
        reader.at = if found { reader.at } else { here };
        found
    });
    if block {
        reader.spaces();
    }
    if let Some(quote) = reader.quote() {
        return quoted(reader, quote, comment);
    }
    let rest = &reader.text[reader.at..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let end = match begins_line && !line.contains("\\n") {
        // In `A=x run --it` a shell takes the first word; of a longer password that is enough to find it.
        true if reader.bytes[reader.at - 1] == b'=' && line[..end_of_line(line)].contains(' ') => {
            end_of_word(line)
        }
        true => end_of_line(line),
        false => end_of_word(line),
    };
    let value = line[..end].trim_end();
    let span = reader.at..reader.at + value.len();
    (!value.is_empty()).then_some(Found { span, quoted: false, comment })
}

fn quoted(reader: &Reader<'_>, quote: &str, comment: bool) -> Option<Found> {
    let rest = &reader.text[reader.at..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let mut end = 0;
    loop {
        end += line[end..].find(quote)?;
        let escaped = quote == "\"" && line[..end].ends_with('\\') && !line[..end].ends_with("\\\\");
        if !escaped {
            break;
        }
        end += quote.len();
    }
    (end > 0).then(|| Found { span: reader.at..reader.at + end, quoted: true, comment })
}

/// Where the value of a line ends that holds nothing else but perhaps a comment.
fn end_of_line(line: &str) -> usize {
    let comment = line.find(" #").unwrap_or(line.len());
    let more = line.find([';', '&']).filter(|at| line[*at..].contains('=')).unwrap_or(line.len());
    let line = line[..comment.min(more)].trim_end();
    line.trim_end_matches([',', ';']).len()
}

/// Where a value among others ends.
fn end_of_word(line: &str) -> usize {
    line.find(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '&' | ')' | ']' | '}' | '"' | '\'' | '`' | '<' | '\\')
    })
    .unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, name: &str) -> Option<String> {
        let start = text.find(name).unwrap();
        value(text, &(start..start + name.len())).map(|found| text[found.span].to_owned())
    }

    #[test]
    fn each_way_to_write_it() {
        for (text, wanted) in [
            ("password: a b # c\n", "a b"),
            ("  \"password\": \"a\\\"b\",\n", "a\\\"b"),
            ("{\\\"user\\\":\\\"x\\\",\\\"password\\\":\\\"ab\\\"}", "ab"),
            ("x=1;password=ab;y=2", "ab"),
            ("jdbc:x://h/d?user=a&password=ab&ssl=1", "ab"),
            ("password=\"ab\" user=x", "ab"),
            ("export password='ab'\n", "ab"),
            ("define('password', 'ab');", "ab"),
            ("['password'] = 'ab'", "ab"),
            ("'password' => 'ab',", "ab"),
            ("<password>ab</password>", "ab"),
            ("<property><name>password</name><value>ab</value></property>", "ab"),
            ("- name: password\n  value: ab\n", "ab"),
            ("{\"name\":\"password\",\"value\":\"ab\"}", "ab"),
            ("machine h login u password ab", "ab"),
            ("password: |\n  ab\n", "ab"),
            ("run --password=ab --x", "ab"),
        ] {
            assert_eq!(found(text, "password").as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(found("requirepass ab", "requirepass").as_deref(), Some("ab"));
    }

    #[test]
    fn no_value() {
        for text in [
            "password",
            "the password for it",
            "password == x",
            "${password}",
            "if [ \"$password\" = x ]",
            "password:\n  a: b",
            "password::x",
            "\"password\": \"\"",
        ] {
            assert_eq!(found(text, "password"), None, "{text}");
        }
    }
}
