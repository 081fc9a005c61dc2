//! Several versions at once: what one of them refuses is wrong, and which of them refuse it is said.

use super::fault::{Fault, Flaw};
use super::fit;
use super::table::Type;
use crate::k8s::Object;

/// Groups whose types only ever grew in the versions that may be meant: what the oldest takes, all of them take. A test
/// holds that against the table.
const ONLY_GREW: &[&str] = &["", "apps", "autoscaling", "batch", "policy", "rbac.authorization.k8s.io"];

/// Everything in which an object does not fit its type in one of these versions (minor numbers, oldest first).
#[must_use]
pub fn faults<'a>(object: &Object<'a>, types: &[(u8, Type)]) -> Vec<Fault<'a>> {
    let Some((oldest, later)) = types.split_first() else { return Vec::new() };
    let first = fit::faults(object.value, oldest.1);
    if later.is_empty() || (first.is_empty() && ONLY_GREW.contains(&object.group())) {
        return first;
    }
    let mut all: Vec<(Fault<'a>, Vec<u8>)> = first.into_iter().map(|fault| (fault, vec![oldest.0])).collect();
    let (mut last, mut found) = (oldest.1, all.iter().map(|(fault, _)| fault.clone()).collect::<Vec<_>>());
    for (minor, of) in later {
        if *of != last {
            (last, found) = (*of, fit::faults(object.value, *of));
        }
        for fault in &found {
            let known = all.iter_mut().find(|(known, by)| known.is_like(fault) && !by.contains(minor));
            match known {
                Some((known, by)) => {
                    // The newest knows best what could be meant.
                    known.help.clone_from(&fault.help);
                    by.push(*minor);
                }
                None => all.push((fault.clone(), vec![*minor])),
            }
        }
    }
    all.into_iter()
        .map(|(fault, by)| if by.len() == types.len() { fault } else { only(fault, &by) })
        .collect()
}

/// A fault that only some versions find.
fn only<'a>(fault: Fault<'a>, by: &[u8]) -> Fault<'a> {
    let message = format!("{}, in Kubernetes {}", fault.message, listed(by));
    let what = if fault.flaw == Flaw::Unknown { "other versions have it" } else { "other versions take it" };
    let help = format!("{what}: say which the cluster is, by --kube-version or kubeVersion in a policy");
    Fault { message, help, ..fault }
}

/// `1.33`, `1.33 and 1.34`, `1.33 to 1.35`; minor numbers in order.
#[must_use]
pub fn listed(minors: &[u8]) -> String {
    let name = |minor: &u8| format!("1.{minor}");
    match minors {
        [] => String::new(),
        [first, .., last] if minors.len() > 2 && usize::from(last - first) == minors.len() - 1 => {
            format!("{} to {}", name(first), name(last))
        }
        [one] => name(one),
        [rest @ .., last] => {
            format!("{} and {}", rest.iter().map(name).collect::<Vec<_>>().join(", "), name(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::pss::Versions;
    use crate::schema::table::{Fields, Shape};

    /// Where a type refuses something that an older one takes.
    struct Narrower {
        seen: HashSet<(String, String)>,
        found: Vec<String>,
    }

    impl Narrower {
        fn compare(&mut self, older: Type, newer: Type, path: &str) {
            if older == newer || !self.seen.insert((format!("{older:?}"), format!("{newer:?}"))) {
                return;
            }
            match (older.shape(), newer.shape()) {
                (Shape::Object(older), Shape::Object(newer)) => self.fields(older, newer, path),
                (Shape::Map(older, keys), Shape::Map(newer, now)) if keys == now => {
                    self.compare(older, newer, &format!("{path}.*"));
                }
                (Shape::List(older, keys, repeats), Shape::List(newer, now, still)) if repeats == still => {
                    if !keys.iter().eq(now.iter()) {
                        self.found.push(format!("{path}: other keys"));
                    }
                    self.compare(older, newer, &format!("{path}[]"));
                }
                (Shape::Enum(older, filled), Shape::Enum(newer, now)) if filled == now => {
                    let fewer = older.iter().any(|word| newer.iter().all(|other| other != word));
                    self.found.extend(fewer.then(|| format!("{path}: fewer words")));
                }
                (older, newer) if older != newer && newer != Shape::Any => {
                    self.found.push(format!("{path}: {newer:?}"));
                }
                _ => {}
            }
        }

        fn fields(&mut self, older: Fields, newer: Fields, path: &str) {
            for field in older.iter() {
                let path = format!("{path}.{}", field.name());
                match newer.find(field.name()) {
                    Some(now) => self.compare(field.of, now.of, &path),
                    None => self.found.push(format!("{path}: gone")),
                }
            }
            let optional = |name| older.find(name).is_none_or(|field| !field.required);
            for field in newer.iter().filter(|field| field.required && optional(field.name())) {
                self.found.push(format!("{path}.{}: required", field.name()));
            }
        }
    }

    /// What later versions refuse of what the first to serve a kind takes.
    fn narrower(group: impl Fn(&str) -> bool) -> Vec<String> {
        let versions = crate::schema::known(Versions::UNNAMED);
        let mut narrower = Narrower { seen: HashSet::new(), found: Vec::new() };
        for (place, first) in versions.iter().enumerate() {
            let before = &versions[..place];
            let kinds = first.kinds().filter(|(api_version, kind, _, _)| {
                group(api_version.rsplit_once('/').map_or("", |(group, _)| group))
                    && before.iter().all(|served| served.kind(api_version, kind).is_none())
            });
            for (api_version, kind, oldest, _) in kinds {
                for newer in versions[place..].iter().filter_map(|served| served.kind(api_version, kind)) {
                    narrower.compare(oldest, newer, &format!("{api_version} {kind}"));
                }
            }
        }
        narrower.found
    }

    #[test]
    fn where_only_the_oldest_is_asked_the_later_ones_take_all_that_it_takes() {
        assert_eq!(narrower(|group| ONLY_GREW.contains(&group)), Vec::<String>::new());
        let elsewhere = narrower(|group| !ONLY_GREW.contains(&group));
        assert!(elsewhere.iter().any(|it| it == "authentication.k8s.io/v1 TokenReview.spec.token: required"));
    }

    #[test]
    fn versions_are_listed_in_words() {
        let listed = |minors: &[u8]| listed(minors);
        assert_eq!(listed(&[33]), "1.33");
        assert_eq!(listed(&[33, 34]), "1.33 and 1.34");
        assert_eq!(listed(&[33, 34, 35]), "1.33 to 1.35");
        assert_eq!(listed(&[33, 34, 36, 37]), "1.33, 1.34, 1.36 and 1.37");
    }
}
