//! The way from a document's root to a node: keys and list positions.

use std::borrow::Cow;
use std::fmt;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into a map, by the key as Kubernetes reads it.
    Key(Cow<'static, str>),
    /// Into a list, from 0.
    Index(usize),
}

/// Steps from the root. Prints as `spec.containers[0].env`; keys that hold other than letters, digits, `-` and `_`
/// print as `["a.b/c"]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Route(Vec<Step>);

impl Route {
    /// The root itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// This route and one key more.
    #[must_use]
    pub fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.with(1, [Step::Key(key.into())])
    }

    /// This route and one list position more.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(1, [Step::Index(index)])
    }

    /// This route and the keys of a dotted path more. The keys of `path` hold no dots themselves.
    #[must_use]
    pub fn path(&self, path: &'static str) -> Self {
        let more = path_steps(path);
        self.with(path_steps(path).count(), more)
    }

    /// Goes one step down.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    fn with(&self, count: usize, more: impl IntoIterator<Item = Step>) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + count);
        steps.extend_from_slice(&self.0);
        steps.extend(more);
        Self(steps)
    }

    /// The steps, from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether `self` is `other` or lies below it.
    #[must_use]
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl FromIterator<Step> for Route {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

/// The keys of a dotted path. Paths are a few words long, and rules walk them all the time: a plain loop over the bytes
/// takes half the time of `str::split`.
pub fn keys(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let text = rest?;
        let dot = text.bytes().position(|byte| byte == b'.');
        rest = dot.map(|at| &text[at + 1..]);
        Some(dot.map_or(text, |at| &text[..at]))
    })
}

fn path_steps(path: &'static str) -> impl Iterator<Item = Step> {
    keys(path).filter(|key| !key.is_empty()).map(|key| Step::Key(Cow::Borrowed(key)))
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_keys_indexes_and_odd_keys() {
        let route = Route::root().path("metadata.annotations").key("a.b/c");
        assert_eq!(route.to_string(), "metadata.annotations[\"a.b/c\"]");
        assert_eq!(
            Route::root().path("spec.containers").index(0).key("env").to_string(),
            "spec.containers[0].env"
        );
    }
}
