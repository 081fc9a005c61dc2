//! References of vals: `ref+BACKEND://PATH?PARAMS#/FRAGMENT+`.
//!
//! vals finds them by a pattern that runs over quotes up to the next blank. Here a reference also ends before a quote, `<`, `>`,
//! a backslash, a backquote and any white space, so that one inside JSON text is the one that its writer meant.

use percent_encoding::percent_decode_str;

use super::{Ask, Found, Malformed, Reference, shorten};

/// How deep references stand in references at most.
pub const DEEPEST: usize = 10;

/// The backends of vals.
pub const BACKENDS: &[&str] = &[
    "awskms",
    "awssec",
    "awssecrets",
    "awsssm",
    "azurekeyvault",
    "bw",
    "bws",
    "conjur",
    "doppler",
    "echo",
    "envsubst",
    "exec",
    "file",
    "gcpsecrets",
    "gcs",
    "gitlab",
    "gkms",
    "googlesheets",
    "hcpvaultsecrets",
    "httpjson",
    "infisical",
    "k8s",
    "keychain",
    "oci",
    "onepasswordconnect",
    "op",
    "openbao",
    "passbolt",
    "pulumistateapi",
    "redis",
    "s3",
    "scw",
    "servercore",
    "sops",
    "tfstate",
    "tfstateazurerm",
    "tfstategitlab",
    "tfstategs",
    "tfstateremote",
    "tfstates3",
    "tss",
    "vals",
    "vault",
    "yclockbox",
];

/// A text with references in it.
pub type Template = Vec<Part>;

/// A piece of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is, percent escapes undone.
    Text(String),
    /// Whatever it stands for.
    Reference(Box<Reference>),
}

/// The parts of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vals {
    /// `vault`, in lower case.
    pub backend: String,
    /// What stands behind `://`.
    pub path: Template,
    /// What stands behind `?`.
    pub params: Vec<(String, String)>,
    /// The keys behind `#`, divided by `/`; empty when there are none.
    pub fragment: Template,
}

/// The reference that begins at `at` with `ref+` or `secretref+`.
pub(super) fn read(text: &str, at: usize, depth: usize) -> Option<Found> {
    let (backend, body) = head(text, at)?;
    let (mut pieces, mut end) = pieces(text, body, depth);
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        let kept = last.trim_end_matches(',');
        end -= last.len() - kept.len();
        *last = kept;
    }
    pieces.retain(|piece| !matches!(piece, Piece::Text("")));
    if pieces.is_empty() {
        return None;
    }
    let backend = backend.to_ascii_lowercase();
    let shown = shown(&text[at..body], &backend, &pieces);
    let reference = if depth >= DEEPEST {
        Err(format!("references stand in references more than {DEEPEST} deep"))
    } else {
        parts(backend, pieces)
    };
    let reference = reference.map_err(|what| Malformed { shown: shown.clone(), what });
    let end = if text[end..].starts_with('+') { end + 1 } else { end };
    Some(Found { range: at..end, reference: reference.map(|vals| Reference { ask: Ask::Vals(vals), shown }) })
}

/// The backend of a reference that begins at `at`, and where its body begins.
fn head(text: &str, at: usize) -> Option<(&str, usize)> {
    let prefix = ["ref+", "secretref+"].into_iter().find(|prefix| text[at..].starts_with(prefix))?;
    let start = at + prefix.len();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = text.as_bytes()[start..].iter().take_while(|byte| is_word(byte)).count();
    let backend = &text[start..start + length];
    let named = backend.starts_with(|c: char| c.is_ascii_alphabetic()) && length <= LONGEST;
    let body = start + length + SCHEME_END.len();
    (named && text[start + length..].starts_with(SCHEME_END)).then_some((backend, body))
}

const SCHEME_END: &str = "://";

/// No backend has a longer name.
const LONGEST: usize = 40;

enum Piece<'t> {
    Text(&'t str),
    Nested(Found),
}

/// The body of a reference, up to where it ends.
fn pieces(text: &str, body: usize, depth: usize) -> (Vec<Piece<'_>>, usize) {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let (mut from, mut at) = (body, body);
    while let Some(byte) = bytes.get(at).filter(|byte| !ends(**byte)) {
        let begins = matches!(byte, b'r' | b's') && depth < DEEPEST && head(text, at).is_some();
        // Two of them side by side.
        if begins && at > body && bytes[at - 1] == b',' {
            break;
        }
        match begins.then(|| read(text, at, depth + 1)).flatten() {
            Some(found) => {
                pieces.push(Piece::Text(&text[from..at]));
                at = found.range.end;
                from = at;
                pieces.push(Piece::Nested(found));
            }
            None => at += 1,
        }
    }
    if from < at {
        pieces.push(Piece::Text(&text[from..at]));
    }
    (pieces, at)
}

fn ends(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'+' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' | 0x7f)
}

/// For messages: what is not known to be a reference may be a value, and `echo` is one.
fn shown(prefix: &str, backend: &str, pieces: &[Piece<'_>]) -> String {
    if backend == "echo" || !BACKENDS.contains(&backend) {
        return format!("{prefix}…");
    }
    let mut out = prefix.to_owned();
    let mut in_params = false;
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                for c in text.chars() {
                    in_params = (in_params || c == '?') && c != '#';
                    out.extend((!in_params).then_some(c));
                }
            }
            Piece::Nested(Found { reference: Ok(Reference { shown, .. }), .. })
            | Piece::Nested(Found { reference: Err(Malformed { shown, .. }), .. }) => out.push_str(shown),
        }
    }
    shorten(&out)
}

fn parts(backend: String, pieces: Vec<Piece<'_>>) -> Result<Vals, String> {
    let (mut path, mut query, mut fragment) = (Template::new(), String::new(), Template::new());
    let mut section = '/';
    for piece in pieces {
        match piece {
            Piece::Nested(found) => {
                let reference =
                    found.reference.map_err(|wrong| format!("{}: {}", wrong.shown, wrong.what))?;
                let part = Part::Reference(Box::new(reference));
                match section {
                    '?' => return Err("a reference stands in the parameters".to_owned()),
                    '#' => fragment.push(part),
                    _ => path.push(part),
                }
            }
            Piece::Text(text) => {
                let (before, after) = if section == '#' { ("", Some(text)) } else { split(text, '#') };
                let (own, params) = if section == '/' { split(before, '?') } else { ("", Some(before)) };
                push(&mut path, own)?;
                if let Some(params) = params {
                    query.push_str(params);
                    section = '?';
                }
                if let Some(after) = after {
                    push(&mut fragment, after)?;
                    section = '#';
                }
            }
        }
    }
    let params = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decoded(key)?, decoded(value)?))
    });
    Ok(Vals { backend, path, params: params.collect::<Result<_, String>>()?, fragment })
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn push(template: &mut Template, text: &str) -> Result<(), String> {
    if !text.is_empty() {
        template.push(Part::Text(decoded(text)?));
    }
    Ok(())
}

fn decoded(text: &str) -> Result<String, String> {
    let mut escapes = text.match_indices('%').map(|(at, _)| text.as_bytes().get(at + 1..at + 3));
    let whole = escapes.all(|digits| digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit)));
    let text = whole.then(|| percent_decode_str(text).decode_utf8().ok()).flatten();
    text.map(|text| text.into_owned()).ok_or_else(|| "it holds a % that is no escape".to_owned())
}
