//! One field that a check judges, in the pod or in a container.

use super::setting::{self, Read, Setting};
use super::{Scope, Violation};
use crate::yaml::Value;

/// Who judges which field, and what reports it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Check id.
    pub control: &'static str,
    /// Rule id.
    pub rule: &'static str,
    /// Dotted path below the pod spec or the container.
    pub path: &'static str,
}

impl Field {
    /// Reads the field and asks `wrong` for what is wrong with it; `None` stands for an absent one. A value of the
    /// wrong type is a violation without asking.
    pub fn judge<'a, T>(
        &self,
        scope: &Scope<'a>,
        read: Read<'a, T>,
        wrong: impl FnOnce(Option<T>) -> Option<String>,
    ) -> Option<Violation> {
        let detail = match scope.read(self.path, read) {
            Setting::Malformed(malformed) => {
                return Some(Violation::malformed(self.control, self.rule, scope, malformed));
            }
            Setting::Absent => wrong(None),
            Setting::Is(value) => wrong(Some(value)),
        };
        detail.map(|detail| Violation::at(self.control, self.rule, scope, self.path, detail))
    }

    /// Reads a list and asks `wrong` for what is wrong with each item: the rest of the route to it and the words.
    pub fn judge_items<'a>(
        &self,
        scope: &Scope<'a>,
        wrong: impl Fn(Value<'a>) -> Option<Item>,
    ) -> Vec<Violation> {
        let items = match scope.read(self.path, setting::list) {
            Setting::Malformed(malformed) => {
                return vec![Violation::malformed(self.control, self.rule, scope, malformed)];
            }
            Setting::Absent => return Vec::new(),
            Setting::Is(list) => list.items(),
        };
        let found = items.enumerate().filter_map(|(index, value)| Some((index, wrong(value)?)));
        found.map(|(index, item)| item.violation(self, scope, index)).collect()
    }
}

/// What is wrong with an item of a list.
#[derive(Debug)]
pub(super) struct Item {
    rule: Option<&'static str>,
    key: Option<String>,
    malformed: bool,
    detail: String,
}

impl Item {
    /// The item itself is wrong.
    pub fn wrong(detail: impl Into<String>) -> Self {
        Self { rule: None, key: None, malformed: false, detail: detail.into() }
    }

    /// The item itself has the wrong type.
    pub fn malformed(wanted: &str) -> Self {
        Self { malformed: true, ..Self::wrong(format!("not {wanted}")) }
    }

    /// The same, about a key of the item.
    pub fn at(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into()).filter(|key| !key.is_empty());
        self
    }

    /// The same, reported by another rule than the list's.
    pub fn reported_by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    fn violation(self, field: &Field, scope: &Scope<'_>, index: usize) -> Violation {
        let rule = self.rule.unwrap_or(field.rule);
        let mut violation = Violation::at(field.control, rule, scope, field.path, self.detail);
        violation.route = violation.route.index(index);
        if let Some(key) = self.key {
            violation.route = violation.route.key(key);
        }
        violation.malformed = self.malformed;
        violation
    }
}
