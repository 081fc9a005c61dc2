//! What a change does to the objects of a release: which come, which go, and which differ at what routes. No values:
//! they may be secrets.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use serde::Serialize;

use super::baseline::Known;
use super::paint::Paint;
use crate::k8s::Release;
use crate::yaml::{Data, Route};

/// The objects of a render.
#[derive(Debug, Default)]
pub struct Snapshot {
    objects: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    group: String,
    entry: ObjectEntry,
    data: Data,
}

/// An object, and the template it comes from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObjectEntry {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
    template: Option<String>,
}

/// How a new render differs from an old one.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// Only in the new one.
    pub added: Vec<ObjectEntry>,
    /// Only in the old one.
    pub removed: Vec<ObjectEntry>,
    /// In both, and not the same.
    pub changed: Vec<Changed>,
    /// How many are the same.
    pub same: usize,
}

/// An object that differs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Changed {
    /// The object, as it is now.
    pub object: ObjectEntry,
    /// Where; below an added or removed route nothing is listed.
    pub changes: Vec<RouteChange>,
}

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RouteChange {
    /// From the object: of the new render, or of the old one where something is gone.
    pub route: String,
    /// `added`, `removed`, `changed` or, of a list, `reordered`.
    pub op: &'static str,
}

impl Snapshot {
    /// Takes the objects of a stream in.
    pub fn take(&mut self, release: &Release<'_>) {
        self.objects.extend(release.objects.iter().map(|object| Kept {
            group: object.group().to_owned(),
            entry: ObjectEntry {
                api_version: object.id.api_version.clone(),
                kind: object.id.kind.clone(),
                namespace: object.id.namespace.clone(),
                name: object.id.name.clone(),
                template: object.template.as_ref().map(ToString::to_string),
            },
            data: object.value.to_data(),
        }));
    }

    /// How `new` differs. Objects are the same ones when group, kind, namespace and name are; of several alike the
    /// first belongs to the first.
    #[must_use]
    pub fn compare(&self, new: &Self) -> Difference {
        let mut difference = Difference::default();
        let mut left: HashMap<[&str; 4], Vec<usize>> = HashMap::new();
        for (number, kept) in self.objects.iter().enumerate().rev() {
            left.entry(kept.key()).or_default().push(number);
        }
        for kept in &new.objects {
            match left.get_mut(&kept.key()).and_then(Vec::pop) {
                None => difference.added.push(kept.entry.clone()),
                Some(number) => {
                    let mut changes = Vec::new();
                    walk(&self.objects[number].data, &kept.data, &Route::root(), &mut changes);
                    if changes.is_empty() {
                        difference.same += 1;
                    } else {
                        difference.changed.push(Changed { object: kept.entry.clone(), changes });
                    }
                }
            }
        }
        let mut removed: Vec<usize> = left.into_values().flatten().collect();
        removed.sort_unstable();
        difference.removed.extend(removed.into_iter().map(|number| self.objects[number].entry.clone()));
        difference
    }
}

impl Kept {
    fn key(&self) -> [&str; 4] {
        let namespace = self.entry.namespace.as_deref().unwrap_or_default();
        [&self.group, &self.entry.kind, namespace, &self.entry.name]
    }
}

fn walk(old: &Data, new: &Data, at: &Route, changes: &mut Vec<RouteChange>) {
    let mut say = |route: &Route, op| changes.push(RouteChange { route: route.to_string(), op });
    match (old, new) {
        _ if old == new => {}
        (Data::Object(old), Data::Object(new)) => {
            for (key, value) in new {
                match old.get(key) {
                    Some(before) => walk(before, value, &at.key(key.clone()), changes),
                    None => changes.push(RouteChange { route: at.key(key.clone()).to_string(), op: "added" }),
                }
            }
            for key in old.keys().filter(|key| !new.contains_key(*key)) {
                changes.push(RouteChange { route: at.key(key.clone()).to_string(), op: "removed" });
            }
        }
        (Data::Array(old), Data::Array(new)) => match named(old, new) {
            Some((before, after)) => {
                let places: HashMap<&String, usize> = before.iter().zip(0..).collect();
                let kept: Vec<usize> = after.iter().filter_map(|name| places.get(name).copied()).collect();
                if !kept.is_sorted() {
                    say(at, "reordered");
                }
                for (number, name) in after.iter().enumerate() {
                    match places.get(name) {
                        Some(was) => walk(&old[*was], &new[number], &at.index(number), changes),
                        None => {
                            changes.push(RouteChange { route: at.index(number).to_string(), op: "added" })
                        }
                    }
                }
                let after: HashSet<&String> = after.iter().collect();
                for (number, _) in before.iter().enumerate().filter(|(_, name)| !after.contains(name)) {
                    changes.push(RouteChange { route: at.index(number).to_string(), op: "removed" });
                }
            }
            None => say(at, "changed"),
        },
        _ => say(at, "changed"),
    }
}

/// What tells the items of two lists apart, by one key that all of them have, when there is such a key.
fn named(old: &[Data], new: &[Data]) -> Option<(Vec<String>, Vec<String>)> {
    let names = |items: &[Data], key: &str| {
        let name =
            |item: &Data| item.get(key).filter(|it| it.is_string() || it.is_number()).map(Data::to_string);
        let names: Option<Vec<String>> = items.iter().map(name).collect();
        names.filter(|names| names.iter().collect::<HashSet<_>>().len() == items.len())
    };
    let keys = ["name", "mountPath", "containerPort", "port", "host", "path"];
    keys.iter().find_map(|key| Some((names(old, key)?, names(new, key)?)))
}

/// Routes shown of one object.
const ROUTES: usize = 12;

impl Difference {
    /// One line that counts.
    #[must_use]
    pub fn counts(&self) -> String {
        let (added, removed) = (self.added.len(), self.removed.len());
        format!(
            "objects: {added} added, {removed} removed, {} changed, {} the same",
            self.changed.len(),
            self.same
        )
    }

    /// Each object with what changes, those that change alike together: object names, template of the first, changes.
    #[must_use]
    pub fn groups(&self) -> Vec<(Vec<String>, Option<&str>, &[RouteChange])> {
        let mut groups: Vec<(Vec<String>, Option<&str>, &[RouteChange])> = Vec::new();
        let mut places: HashMap<&[RouteChange], usize> = HashMap::new();
        for changed in &self.changed {
            let place = *places.entry(&changed.changes).or_insert_with(|| {
                groups.push((Vec::new(), changed.object.template.as_deref(), &changed.changes));
                groups.len() - 1
            });
            groups[place].0.push(changed.object.shown());
        }
        groups
    }

    /// In words, with the findings that are gone.
    #[must_use]
    pub fn text(&self, old: &str, gone: &[&Known], paint: Paint) -> String {
        let mut out = format!("{}\n", paint.bold(&format!("against {old}: {}", self.counts())));
        let template = |template: Option<&str>| paint.dim(template.unwrap_or_default());
        for object in &self.added {
            let template = template(object.template.as_deref());
            let _ = writeln!(
                out,
                "{}",
                format!("  {}   {}  {template}", paint.green("added"), object.shown()).trim_end()
            );
        }
        for object in &self.removed {
            let template = template(object.template.as_deref());
            let _ = writeln!(
                out,
                "{}",
                format!("  {} {}  {template}", paint.red("removed"), object.shown()).trim_end()
            );
        }
        for (objects, first, changes) in self.groups() {
            let named = if objects.len() > 3 {
                format!("{} and {} more", objects[..2].join(", "), objects.len() - 2)
            } else {
                objects.join(", ")
            };
            let template = if objects.len() == 1 { template(first) } else { String::new() };
            let _ =
                writeln!(out, "{}", format!("  {} {named}  {template}", paint.yellow("changed")).trim_end());
            for change in changes.iter().take(ROUTES) {
                let _ = writeln!(out, "            {} {}", change.mark(), change.route);
            }
            if changes.len() > ROUTES {
                let _ = writeln!(
                    out,
                    "            … and {} more: --report json lists all",
                    changes.len() - ROUTES
                );
            }
        }
        for known in gone {
            let object = format!("{}/{}", known.object.kind, known.object.name);
            let _ = writeln!(out, "  {}    {:<31} {object}", paint.green("gone"), known.rule);
        }
        out
    }
}

impl RouteChange {
    /// `+`, `-` or `~`.
    #[must_use]
    pub fn mark(&self) -> char {
        match self.op {
            "added" => '+',
            "removed" => '-',
            _ => '~',
        }
    }
}

impl ObjectEntry {
    /// `Deployment/web`, with the namespace where it is known.
    #[must_use]
    pub fn shown(&self) -> String {
        let namespace = self.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
        format!("{namespace}{}/{}", self.kind, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(old: &str, new: &str) -> Vec<String> {
        let read = |text: &str| serde_saphyr::from_str::<Data>(text).unwrap();
        let mut changes = Vec::new();
        walk(&read(old), &read(new), &Route::root(), &mut changes);
        changes.iter().map(|change| format!("{} {}", change.mark(), change.route)).collect()
    }

    #[test]
    fn routes_tell_where() {
        assert_eq!(changes("a: {b: 1, c: 2}", "a: {b: 2, d: {e: 1}}"), ["~ a.b", "+ a.d", "- a.c"]);
        assert_eq!(changes("a: [1, 2]", "a: [2, 1]"), ["~ a"]);
        assert_eq!(changes("a: {b.c/d: x}", "a: {b.c/d: y}"), ["~ a[\"b.c/d\"]"]);
        assert_eq!(changes("a: 1", "a: 1"), [""; 0]);
    }

    #[test]
    fn items_with_names_are_followed() {
        let old = "c: [{name: a, v: 1}, {name: b, v: 1}]";
        assert_eq!(changes(old, "c: [{name: b, v: 1}, {name: a, v: 1}]"), ["~ c"], "order alone");
        assert_eq!(
            changes(old, "c: [{name: new}, {name: a, v: 1}, {name: b, v: 2}]"),
            ["+ c[0]", "~ c[2].v"]
        );
        assert_eq!(changes(old, "c: [{name: b, v: 1}]"), ["- c[0]"]);
        assert_eq!(changes("c: [{name: a}, {name: a}]", "c: [{name: a}]"), ["~ c"], "not told apart");
    }
}
