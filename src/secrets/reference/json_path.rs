//! The part of Kubernetes' JSONPath that leads to one value: `{.data.password}`, `{.hosts[0]['name']}`.

use super::Held;
use crate::secrets::Plain;

/// A way down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    /// From the end when negative.
    Index(i32),
}

const KNOWN: &str = "hardtack reads {.name}, {['name']} and {[0]} of JSONPath";

impl JsonPath {
    /// Reads `{.a.b[0]['c']}`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let inside = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let mut rest = inside.ok_or_else(|| format!("jsonPath: no braces around the path; {KNOWN}"))?.trim();
        rest = rest.strip_prefix('$').unwrap_or(rest);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, left) = step(rest).ok_or_else(|| format!("jsonPath: {KNOWN}"))?;
            steps.extend(step);
            rest = left;
        }
        Ok(Self(steps))
    }

    /// What it leads to, as text: a string itself, anything else as JSON.
    #[must_use]
    pub fn of(&self, tree: &Held) -> Option<Plain> {
        let mut here = tree;
        for step in &self.0 {
            here = match (step, here) {
                (Step::Key(key), Held::Map(_)) => here.get(key)?,
                (Step::Index(index), Held::List(items)) => {
                    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
                    let place = if *index < 0 { items.len().checked_sub(from_end)? } else { from_end };
                    items.get(place)?
                }
                _ => return None,
            };
        }
        Some(here.to_text())
    }
}

/// The first step, and the rest. A lone `.` is the root.
fn step(text: &str) -> Option<(Option<Step>, &str)> {
    if let Some(rest) = text.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/');
        if !name.chars().all(plain) || name.is_empty() && !(rest.is_empty() || rest.starts_with('[')) {
            return None;
        }
        return Some(((!name.is_empty()).then(|| Step::Key(name.to_owned())), rest));
    }
    let rest = text.strip_prefix('[')?;
    if let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"')) {
        let (name, rest) = rest[1..].split_once(quote)?;
        return Some((Some(Step::Key(name.to_owned())), rest.strip_prefix(']')?));
    }
    let (number, rest) = rest.split_once(']')?;
    Some((Some(Step::Index(number.parse().ok()?)), rest))
}
