//! What the API server asks of several fields together: the rules that no type can state.

mod container;
mod downward;
mod object;
mod pod;
mod scaling;
mod selector;
mod service;

use super::fault::{Fault, Flaw, Path};
use crate::k8s::{Object, Release};
use crate::yaml::Value;

/// Everything in which an object of a built-in kind breaks such a rule.
#[must_use]
pub fn faults<'a>(release: &Release<'a>, object: &Object<'a>) -> Vec<Fault<'a>> {
    let mut faults = Vec::new();
    object::check(object, &mut Place { path: Path::Root, value: object.value, faults: &mut faults });
    for workload in release.workloads_of(object) {
        let route = workload.route.steps()[object.route.steps().len()..].iter().cloned().collect();
        let path = Path::Part(&route);
        pod::check(object, &mut Place { path, value: workload.spec, faults: &mut faults });
    }
    faults
}

/// A value, the way to it from the object, and where faults go.
struct Place<'f, 'a> {
    path: Path<'f, 'a>,
    value: Value<'a>,
    faults: &'f mut Vec<Fault<'a>>,
}

impl<'a> Place<'_, 'a> {
    /// Files a fault at a dotted path below.
    fn say(&mut self, path: &'static str, message: impl Into<String>, help: &str) {
        let mut near = self.value;
        for key in crate::yaml::route::keys(path) {
            near = near.entry(key).unwrap_or(near);
        }
        let own = self.path.route();
        let route = if path.is_empty() { own } else { own.path(path) };
        let (message, help) = (message.into(), help.to_owned());
        self.faults.push(Fault { route, near, flaw: Flaw::Rule, message, help });
    }

    /// The value at a dotted path below.
    fn get(&self, path: &str) -> Option<Value<'a>> {
        self.value.path(path)
    }

    /// The text at a dotted path below.
    fn text(&self, path: &str) -> Option<std::borrow::Cow<'a, str>> {
        self.get(path).and_then(Value::as_str)
    }

    /// Whether a boolean at a dotted path below is true.
    fn is(&self, path: &str) -> bool {
        self.get(path).and_then(Value::as_bool) == Some(true)
    }

    /// Looks at each item of a list at a dotted path below.
    fn each(&mut self, key: &'static str, mut check: impl FnMut(&mut Place<'_, 'a>)) {
        let Some(list) = self.get(key) else { return };
        let path = Path::Dotted(&self.path, key);
        for (index, value) in list.items().enumerate().filter(|(_, value)| value.is_map()) {
            check(&mut Place { path: Path::Index(&path, index), value, faults: &mut *self.faults });
        }
    }

    /// Looks at what stands at a dotted path below, if it is a map.
    fn below(&mut self, path: &'static str, check: impl FnOnce(&mut Place<'_, 'a>)) {
        if let Some(value) = self.get(path).filter(|value| value.is_map()) {
            check(&mut Place { path: Path::Dotted(&self.path, path), value, faults: &mut *self.faults });
        }
    }

    /// How many of these keys have a value.
    fn count(&self, keys: &[&str]) -> usize {
        keys.iter().filter(|key| self.get(key).is_some()).count()
    }

    /// Asks for exactly one of these keys.
    fn one_of(&mut self, what: &str, keys: &[&str]) {
        match self.count(keys) {
            0 => self.say("", format!("{what} is empty"), &format!("it takes one of {}", keys.join(", "))),
            1 => {}
            _ => self.say(
                "",
                format!("{what} has more than one form"),
                &format!("keep one of {}", keys.join(", ")),
            ),
        }
    }
}
