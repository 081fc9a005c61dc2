//! `env-duplicate`.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt};

use crate::k8s::{Access, Container, Release};
use crate::rule::{Findings, remove};
use crate::yaml::Value;

crate::rule! {
    /// The container lists an environment variable twice; the last one wins.
    ///
    /// # Why
    /// Whoever changes the first one wonders why nothing happens, and a later apply may drop the wrong one.
    ///
    /// # Fix
    /// Safe where both entries are equal and nothing between them refers to the variable: the earlier one
    /// goes. Otherwise it is reported.
    "env-duplicate", Safe, [low, medium, medium],
    standards: [],
    peers: ["KubeLinter duplicate-env-var", "kube-score environment-variable-key-duplication",
        "Kubescape C-0295"],
    Container => check
}

fn check(_: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let Some(env) = container.get("env") else { return };
    let entries: Vec<Value<'_>> = env.items().collect();
    let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let Some(name) = entry.get("name").and_then(Value::as_str) else { continue };
        let Some(earlier) = seen.insert(name.clone(), index) else { continue };
        let place = container.at("env").index(earlier);
        let found = place.wrong(format!("lists the variable {name} again further down"));
        let between = &entries[earlier + 1..index];
        let equal = entries[earlier].to_data() == entry.to_data();
        if equal
            && !between.iter().any(|it| refers_to(*it, &name))
            && container.workload.access != Access::Part
        {
            findings.add(found.safe([remove(container.route.key("env").index(earlier))]));
        } else {
            findings.add(found.help("the last one wins: keep the one you mean"));
        }
    }
}

/// Whether the entry's value expands `$(NAME)`.
fn refers_to(entry: Value<'_>, name: &str) -> bool {
    let value = entry.get("value").and_then(Value::as_str);
    value.is_some_and(|text| text.contains(&format!("$({name})")))
}
