//! Where a finding is: an object, perhaps a container, and a route that need not exist yet.

use crate::k8s::{Container, Object, Workload};
use crate::pss::Violation;
use crate::yaml::route::keys;
use crate::yaml::{Route, Step, Value};

/// A place in the release.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// Number of the object in the release.
    pub object: usize,
    /// Name of the container.
    pub container: Option<String>,
    /// From the document's root.
    pub route: Route,
    /// The value at the route, or the nearest above it that exists.
    pub near: Value<'a>,
}

impl<'a> Place<'a> {
    /// The same place, one list position further.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.near = self.near.items().nth(index).unwrap_or(self.near);
        self.route.push(Step::Index(index));
        self
    }

    /// In the same object, the place of a value that was found by other means.
    #[must_use]
    pub fn at_route(mut self, route: Route, near: Value<'a>) -> Self {
        (self.route, self.near) = (route, near);
        self
    }

    /// The same place, some keys further.
    #[must_use]
    pub fn path(mut self, path: &'static str) -> Self {
        self.near = nearest(self.near, path);
        self.route = self.route.path(path);
        self
    }

    /// The same place, one key further; the key may hold dots.
    #[must_use]
    pub fn key(mut self, key: String) -> Self {
        self.near = self.near.entry(&key).unwrap_or(self.near);
        self.route.push(Step::Key(key.into()));
        self
    }
}

fn nearest<'a>(from: Value<'a>, path: &str) -> Value<'a> {
    let mut near = from;
    for key in keys(path).filter(|key| !key.is_empty()) {
        match near.entry(key) {
            Some(value) => near = value,
            None => break,
        }
    }
    near
}

impl<'a> Object<'a> {
    /// The place at a dotted path below the object; empty for the object itself.
    #[must_use]
    pub fn at(&self, path: &'static str) -> Place<'a> {
        let (route, near) = (self.route.path(path), nearest(self.value, path));
        Place { object: self.number, container: None, route, near }
    }
}

impl<'a> Workload<'a> {
    /// The place at a dotted path below the pod spec.
    #[must_use]
    pub fn at(&self, path: &'static str) -> Place<'a> {
        let (route, near) = (self.route.path(path), nearest(self.spec, path));
        Place { object: self.object, container: None, route, near }
    }

    /// The place at a dotted path below the pod template.
    #[must_use]
    pub fn template_at(&self, path: &'static str) -> Place<'a> {
        let (route, near) = (self.template_route.path(path), nearest(self.template, path));
        Place { object: self.object, container: None, route, near }
    }
}

impl<'a> Workload<'a> {
    /// The place of a violation.
    #[must_use]
    pub fn violated(&self, violation: &Violation) -> Place<'a> {
        let route: Route =
            self.template_route.steps().iter().chain(violation.route.steps()).cloned().collect();
        let container = violation.container.as_ref().map(|container| container.name.clone());
        let mut near = self.template;
        for step in violation.route.steps() {
            let below = match step {
                Step::Key(key) => near.entry(key),
                Step::Index(index) => near.items().nth(*index),
            };
            match below {
                Some(value) => near = value,
                None => break,
            }
        }
        Place { object: self.object, container, route, near }
    }

    /// The container a violation is about, unless it is about the pod.
    #[must_use]
    pub fn violating_container<'r>(&'r self, violation: &Violation) -> Option<Container<'r>>
    where
        'a: 'r,
    {
        let wanted = violation.container.as_ref()?;
        self.containers().find(|it| it.list.key() == wanted.list && it.index == wanted.index)
    }
}

impl<'r> Container<'r> {
    /// The place at a dotted path below the container.
    #[must_use]
    pub fn at(&self, path: &'static str) -> Place<'r> {
        let (route, near) = (self.route.path(path), nearest(self.value, path));
        let container = Some(self.name.to_string());
        Place { object: self.workload.object, container, route, near }
    }
}
