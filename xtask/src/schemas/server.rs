//! What the API server asks beyond the published documents: `server.txt`, laid over the model.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use super::openapi::{Definition, Type};
use super::table::FORMATS;

/// What one word of a line says of a field.
enum Word<'t> {
    Required(bool),
    Repeats,
    Limit(&'t str),
}

/// The lines of `server.txt`, by `group.Type`.
pub struct Server(BTreeMap<&'static str, Vec<(&'static str, Word<'static>)>>);

impl Server {
    /// Reads the page.
    pub fn read() -> Result<Self> {
        let lines =
            include_str!("server.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut all = BTreeMap::new();
        for line in lines {
            let mut words = line.split(' ');
            let name = words.next().context("an empty line")?;
            let words = words.map(word).collect::<Result<Vec<_>>>().with_context(|| line.to_owned())?;
            if all.insert(name, words).is_some() {
                bail!("{name} has two lines");
            }
        }
        Ok(Self(all))
    }

    /// Lays what is said of a definition over it. What a version does not have yet, or no longer, is passed over.
    pub fn lay_over(&self, name: &str, definition: &mut Definition) -> Result<()> {
        let Some(words) = short(name).and_then(|short| self.0.get(short.as_str())) else { return Ok(()) };
        for (field, word) in words {
            let Some(field) = definition.fields.get_mut(*field) else { continue };
            match word {
                Word::Required(required) => field.required = *required,
                Word::Repeats => match &mut field.of {
                    Type::List { repeats, .. } => *repeats = true,
                    other => bail!("{name}: {other:?} is no list"),
                },
                Word::Limit(text) => limit(text, &mut field.of).with_context(|| format!("{name}: {text}"))?,
            }
        }
        Ok(())
    }
}

fn word(text: &'static str) -> Result<(&'static str, Word<'static>)> {
    if let Some((field, limit)) = text.split_once(':') {
        return Ok((field, Word::Limit(limit)));
    }
    let field = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    match text.chars().last() {
        Some('!') => Ok((field, Word::Required(true))),
        Some('?') => Ok((field, Word::Required(false))),
        Some('~') => Ok((field, Word::Repeats)),
        _ => bail!("{text} says nothing"),
    }
}

/// `core.Container` of `io.k8s.api.core.v1.Container`; nothing for versions before v1, whose fields may differ.
fn short(name: &str) -> Option<String> {
    let mut parts = name.rsplit('.');
    let (kind, version, group) = (parts.next()?, parts.next()?, parts.next()?);
    matches!(version, "v1" | "v2").then(|| format!("{group}.{kind}"))
}

fn limit(text: &str, of: &mut Type) -> Result<()> {
    let (text, filled) = text.strip_suffix('+').map_or((text, false), |text| (text, true));
    match (text, &mut *of) {
        ("labels" | "annotations" | "keys" | "amounts", Type::Map { of: value, keys }) => {
            *keys = Some(format_of(if text == "keys" { "config-key" } else { "qualified" })?);
            match text {
                "labels" => **value = Type::Text { format: format_of("label-value")?, filled: false },
                "amounts" => **value = Type::Amount { positive: false },
                _ => {}
            }
            Ok(())
        }
        ("any", Type::List { keys, .. }) => {
            keys.clear();
            Ok(())
        }
        (_, Type::List { item, .. }) => limit_text(text, filled, item),
        (_, Type::Map { of, .. }) => limit_text(text, filled, of),
        _ => limit_text(text, filled, of),
    }
}

fn limit_text(text: &str, filled: bool, of: &mut Type) -> Result<()> {
    *of = match (text, &*of) {
        ("any", Type::Enum { .. } | Type::String) => Type::String,
        ("", Type::Enum { words, .. }) => Type::Enum { words: words.clone(), filled },
        // A version in which the words were not listed yet.
        ("", Type::String) => Type::String,
        ("port", Type::IntOrString) => Type::PortOrName { zero: false },
        ("port-or-zero", Type::IntOrString) => Type::PortOrName { zero: true },
        ("count", Type::IntOrString) => Type::CountOrPercent,
        (_, Type::Quantity) => Type::Amount { positive: text.starts_with('1') },
        (_, Type::Int32 | Type::Int64) => {
            let (least, most) = text.split_once("..").context("no range")?;
            let wide = *of == Type::Int64;
            let top = if wide { i64::MAX } else { i64::from(i32::MAX) };
            let most = if most.is_empty() { top } else { most.parse()? };
            Type::Range { wide, least: least.parse()?, most }
        }
        (_, Type::String) if FORMATS.contains(&text) => Type::Text { format: format_of(text)?, filled },
        (_, Type::String | Type::Enum { .. })
            if text.starts_with(|c: char| c.is_uppercase()) || text.contains(['|', '.']) =>
        {
            Type::Enum { words: text.split('|').map(str::to_owned).collect(), filled }
        }
        (_, other) => bail!("it does not fit {other:?}"),
    };
    Ok(())
}

fn format_of(name: &str) -> Result<u8> {
    let place = FORMATS.iter().position(|format| *format == name);
    Ok(u8::try_from(place.with_context(|| format!("no format is called {name}"))?)?)
}
