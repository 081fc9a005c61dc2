//! `duplicate-definition`.

use std::collections::HashMap;

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
    let mut seen: HashMap<(&str, &str, Option<&str>, &str), usize> = HashMap::new();
    for object in release.objects.iter().filter(|object| !object.id.name.is_empty()) {
        let id = &object.id;
        let key = (object.group(), id.kind.as_str(), id.namespace.as_deref(), id.name.as_str());
        let Some(first) = seen.get(&key).map(|first| &release.objects[*first]) else {
            seen.insert(key, object.number);
            continue;
        };
        if first.is_hook() {
            seen.insert(key, object.number);
        } else if !object.is_hook() {
            let message = format!("{id} is defined before, on line {}", first.document_line);
            let found = object.at("metadata.name").wrong(message);
            findings.add(found.help("drop one of the two, or give it another name"));
        }
    }
}
