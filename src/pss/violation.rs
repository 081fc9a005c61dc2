//! What a check found: data, without a word on severity or repair.

use std::fmt;

use super::{Malformed, Scope};
use crate::yaml::Route;

/// A container, by the list that holds it and its place there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContainerRef {
    /// `initContainers`, `containers` or `ephemeralContainers`.
    pub list: &'static str,
    /// Place in the list, from 0.
    pub index: usize,
    /// Its name; empty when it has none.
    pub name: String,
}

/// One place in a pod where one check says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Check id of the Pod Security Standards, such as `allowPrivilegeEscalation`.
    pub control: &'static str,
    /// Id of the hardtack rule that reports this.
    pub rule: &'static str,
    /// The container, when it is the container's own field that is wrong or missing.
    pub container: Option<ContainerRef>,
    /// The field, from the object that holds the pod's `spec` and `metadata`: `spec.hostPID`,
    /// `metadata.annotations["…"]`. Where something is missing, the place where it belongs.
    pub route: Route,
    /// The value has the wrong type, so Kubernetes refuses the object before it judges it.
    pub malformed: bool,
    /// What is there, short, lower case. Odd texts are left out.
    pub detail: String,
}

impl Violation {
    /// A violation at a path below a scope.
    pub(super) fn at(
        control: &'static str,
        rule: &'static str,
        scope: &Scope<'_>,
        path: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let (container, route) = (scope.container(), scope.route().path(path));
        Self { control, rule, container, route, malformed: false, detail: detail.into() }
    }

    /// A violation for a value of the wrong type.
    pub(super) fn malformed(
        control: &'static str,
        rule: &'static str,
        scope: &Scope<'_>,
        malformed: Malformed,
    ) -> Self {
        let mut violation = Self::at(control, rule, scope, malformed.at, format!("not {}", malformed.wanted));
        violation.malformed = true;
        violation
    }

    /// The same for a value of the wrong type.
    pub(super) fn refused_by_decoder(mut self) -> Self {
        self.malformed = true;
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) at {}: {}", self.rule, self.control, self.route, self.detail)
    }
}

/// A violation at the pod's annotations, or at one of them.
pub(super) fn annotation(
    control: &'static str,
    rule: &'static str,
    key: Option<&str>,
    detail: impl Into<String>,
) -> Violation {
    let all = Route::root().path("metadata.annotations");
    let route = key.map_or_else(|| all.clone(), |key| all.key(key.to_owned()));
    Violation { control, rule, container: None, route, malformed: false, detail: detail.into() }
}

/// What is left of a check's violations for a pod that it spares: Kubernetes refuses a value of the wrong type all
/// the same.
pub(super) fn spared(mut found: Vec<Violation>) -> Vec<Violation> {
    found.retain(|violation| violation.malformed);
    found
}

/// A value as a message may show it: quoted when it is short and looks like a name, else only its length.
pub(super) fn shown(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
    if text.len() <= 64 && text.bytes().all(plain) {
        format!("\"{text}\"")
    } else {
        format!("a text of {} characters", text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_texts_are_not_shown() {
        assert_eq!(shown("SYS_ADMIN"), "\"SYS_ADMIN\"");
        assert_eq!(shown(""), "\"\"");
        assert_eq!(shown("user:pass@host"), "a text of 14 characters");
        assert_eq!(shown(&"é".repeat(3)), "a text of 3 characters");
        assert_eq!(shown(&"a".repeat(65)), "a text of 65 characters");
    }

    #[test]
    fn it_is_printed_with_what_where_and_why() {
        let found = annotation("apparmor", "apparmor-not-enforced", Some("a.b/c"), "\"unconfined\"");
        let route = found.route.to_string();
        assert_eq!(found.to_string(), format!("apparmor-not-enforced (apparmor) at {route}: \"unconfined\""));
    }
}
