//! Finds credentials that stand in plain text where none belongs: by where they stand first, then by their form, and by
//! how random they look only where neither says enough.
//!
//! [`in_text`] judges a whole file, script or annotation, [`in_command`] a command line; [`Finder::in_object`] walks an
//! object and says of each [`Suspect`] where it stands. Nothing here prints what it finds: a [`Hit`] keeps it in a
//! [`Plain`].
//!
//! [`Plain`]: crate::secrets::Plain

mod after;
mod arguments;
mod authorization;
mod comments;
mod fields;
pub mod finder;
pub mod formats;
mod hash;
pub mod hit;
mod jwt;
mod list;
mod marks;
pub mod name;
pub mod nested;
mod pem;
pub mod stand_in;
pub mod suspect;
pub mod text;
mod url;
pub mod value;
pub mod vendors;

pub use finder::Finder;
pub use hit::{Confidence, Hit, Kind};
pub use suspect::{Holder, Suspect};
pub use text::Style;

use name::Named;

/// A file, a script, an annotation: everything in it, in its order, none within another. Base64 is undone, at most
/// [`nested::DEEPEST`] layers of it.
#[must_use]
pub fn in_text(text: &str, style: Style) -> Vec<Hit> {
    in_parts(text, style, true)
}

/// The words of a command, each a text of its own: the number of the word and what stands in it.
#[must_use]
pub fn in_command(words: &[&str]) -> Vec<(usize, Hit)> {
    let mut hits = arguments::in_words(words);
    for (number, word) in words.iter().enumerate() {
        if hits.iter().any(|(known, _)| *known == number) {
            continue;
        }
        let found =
            if word.contains([' ', '\n']) { in_text(word, Style::Plain) } else { formats::find(word) };
        hits.extend(found.into_iter().map(|hit| (number, hit)));
    }
    hits.sort_by_key(|(number, hit)| (*number, hit.span.start));
    hits
}

/// A value with a name. `forms`: whether anything in it may be known by its form.
fn in_named(name: &str, value: &str, forms: bool) -> Vec<Hit> {
    let formed = if forms { formats::find(value) } else { Vec::new() };
    if !formed.is_empty() {
        return formed;
    }
    if let Some(hit) = name::judge(name).and_then(|named| named_value(value, named)) {
        return vec![hit];
    }
    in_parts(value, Style::Plain, false)
}

/// A key of a ConfigMap, by its name: a file or one value.
fn in_key(key: &str, text: &str, forms: bool) -> Vec<Hit> {
    if key.contains("pgpass") {
        return pgpass(text);
    }
    if !finder::is_file(text) {
        return in_named(key.strip_suffix(".txt").unwrap_or(key), text, forms);
    }
    let mut hits = in_parts(text, Style::of_name(key), forms);
    // What a script puts in their place when the container starts.
    hits.retain(|hit| hit.confidence != Confidence::StandIn || !ends_in_placeholder(hit));
    hits
}

fn ends_in_placeholder(hit: &Hit) -> bool {
    hit.plain.expose_text().is_some_and(|text| text.to_ascii_lowercase().ends_with("placeholder"))
}

fn pgpass(text: &str) -> Vec<Hit> {
    let mut start = 0;
    let mut hits = Vec::new();
    for line in text.split_inclusive('\n') {
        let span = hash::pgpass(line.trim_end()).map(|span| span.start + start..span.end + start);
        hits.extend(span.map(|span| Hit::new(Kind::Named, Confidence::Certain, text, span)));
        start += line.len();
    }
    hits
}

/// A whole text that is a copy of a Secret.
fn copied(text: &str) -> Hit {
    Hit::new(Kind::Secret, Confidence::Certain, text, 0..text.len())
}

/// A value under a name that speaks of a secret.
fn named_value(value: &str, named: Named) -> Option<Hit> {
    if named == Named::Authorization {
        return authorization::in_value(value);
    }
    let trimmed = value.trim();
    let start = value.len() - value.trim_start().len();
    if trimmed.is_empty() || trimmed.contains('\n') {
        return None;
    }
    text::judged(value, start..start + trimmed.len(), named, false, 0)
}

/// Everything in a text that holds more than one value.
fn in_parts(text: &str, style: Style, forms: bool) -> Vec<Hit> {
    let mut hits = if forms { formats::find(text) } else { Vec::new() };
    let several = text.bytes().any(|byte| matches!(byte, b'=' | b':' | b' ' | b'\n' | b'<'));
    for hit in several.then(|| text::find(text, style, 0)).into_iter().flatten() {
        match hits.iter_mut().find(|known| known.span.start < hit.span.end && hit.span.start < known.span.end)
        {
            // The form says more than the name, but a name may say which field it is.
            Some(known) => known.name = known.name.take().or(hit.name),
            None => hits.push(hit),
        }
    }
    if hits.is_empty() {
        hits.extend(nested::in_whole(text, 0));
    }
    hits.sort_by_key(|hit| hit.span.start);
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(text: &'t str, hits: &[Hit]) -> Vec<&'t str> {
        hits.iter().map(|hit| &text[hit.span.clone()]).collect()
    }

    #[test]
    fn a_password_file_of_postgres_has_one_in_each_line() {
        let text = "# host:port\ndb:5432:shop:shop:hunter2Xy\n*:*:*:admin:s3cr3tZq\n";
        let hits = in_key(".pgpass", text, true);
        assert_eq!(shown(text, &hits), ["hunter2Xy", "s3cr3tZq"]);
    }

    #[test]
    fn a_command_goes_on_behind_a_backslash() {
        for text in [
            "curl -u bot:hunter2Xy9 http://x\n",
            "curl \\\n  -s \\\n  -u bot:hunter2Xy9 \\\n  http://x\necho done\n",
        ] {
            assert_eq!(shown(text, &in_text(text, Style::Plain)), ["hunter2Xy9"], "{text}");
        }
        let other = "curl http://x\n  -u bot:hunter2Xy9\n";
        assert_eq!(in_text(other, Style::Plain), []);
    }
}
