//! `duplicate-definition`.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt};

use crate::k8s::Release;
use crate::rule::Findings;

crate::rule! {
    /// The stream defines the same object twice: same group, kind, namespace and name.
    ///
    /// # Why
    /// The second one overwrites the first, or the installation stops half-way, depending on who applies it.
    ///
    /// # Fix
    /// None: which one is meant only the author knows. A hook may share its identity with another object:
    /// hooks are made anew each time and gone in between.
    "duplicate-definition", No, [critical, critical, critical],
    standards: ["schema"],
    peers: [],
    Release => check
}

fn check(release: &Release<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashMap<(&str, &str, Option<&str>, &str), usize> =
        HashMap::with_capacity(release.objects.len());
    for object in release.objects.iter().filter(|object| !object.id.name.is_empty()) {
        let id = &object.id;
        let key = (object.group(), id.kind.as_str(), id.namespace.as_deref(), id.name.as_str());
        let mut earlier = match seen.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(object.number);
                continue;
            }
            Entry::Occupied(earlier) => earlier,
        };
        let first = &release.objects[*earlier.get()];
        if first.is_hook() {
            earlier.insert(object.number);
        } else if !object.is_hook() {
            let message = format!("{id} is defined before, on line {}", first.document_line);
            let found = object.at("metadata.name").wrong(message);
            findings.add(found.help("drop one of the two, or give it another name"));
        }
    }
}
