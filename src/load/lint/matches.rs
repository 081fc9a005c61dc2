//! Every `match:` in a policy: those that no object can ever fit.

use super::{Part, Remarks};
use crate::k8s::kinds::POD_PATHS;
use crate::nearest::nearest;
use crate::schema::table;
use crate::yaml::{Data, Route};

/// Words that are about single containers.
const OF_CONTAINERS: [&str; 3] = ["image", "container", "port"];

pub(super) fn look(part: &Part<'_>, remarks: &mut Remarks) {
    each(&part.spec, &Route::root(), &mut |matches, route| one(part, matches, route, remarks));
}

/// Calls for every map below a key `match`.
fn each(data: &Data, route: &Route, say: &mut impl FnMut(&Data, &Route)) {
    match data {
        Data::Object(map) => {
            // Environments are looked at as layers of their own.
            for (key, value) in map.iter().filter(|(key, _)| *key != "environments") {
                let below = route.key(key.clone());
                if key == "match" {
                    say(value, &below);
                } else {
                    each(value, &below, say);
                }
            }
        }
        Data::Array(items) => {
            items.iter().enumerate().for_each(|(number, item)| each(item, &route.index(number), say));
        }
        _ => {}
    }
}

fn one(part: &Part<'_>, matches: &Data, route: &Route, remarks: &mut Remarks) {
    let word = |key: &str| matches.get(key).and_then(Data::as_str);
    let kind = word("kind").filter(|kind| !kind.contains('*'));
    for (key, value) in matches.as_object().into_iter().flatten() {
        if value.as_str() == Some("") {
            remarks.say(
                part.source,
                &route.key(key.clone()),
                format!("{key} is empty and matches nothing"),
                "drop it",
            );
        }
    }
    let Some(kind) = kind else { return };
    let known = Known::of(kind);
    if known.kinds == 0 && !known.has_pods {
        // A kind that hardtack does not know may well be a custom one: only a slip is said.
        let table = newest().map(|(_, kind, _)| kind).chain(POD_PATHS.iter().map(|it| it.kind));
        if let Some(meant) = nearest(kind, table) {
            let what = format!("{kind} is no kind of Kubernetes");
            remarks.say(part.source, &route.key("kind"), what, format!("did you mean {meant}?"));
        }
        return;
    }
    let of_containers = OF_CONTAINERS.into_iter().find(|key| matches.get(*key).is_some());
    if let Some(key) = of_containers.filter(|_| !known.has_pods) {
        let what = format!("a {kind} has no containers, so {key} never matches");
        remarks.say(part.source, &route.key(key), what, format!("drop {key}, or name a kind with pods"));
    }
    if matches.get("key").is_some() && kind != "ConfigMap" && kind != "Secret" {
        let what = format!("a {kind} has no data keys, so key never matches");
        remarks.say(
            part.source,
            &route.key("key"),
            what,
            "key is for ConfigMap and Secret; others have path",
        );
    }
    let namespace = word("namespace").filter(|namespace| *namespace != "*");
    if known.kinds > 0 && !known.namespaced && namespace.is_some() {
        let what = format!("a {kind} lives in no namespace, so this never matches");
        remarks.say(part.source, &route.key("namespace"), what, "drop namespace");
    }
}

/// What is known of a kind by its name alone.
struct Known {
    kinds: usize,
    namespaced: bool,
    has_pods: bool,
}

impl Known {
    fn of(kind: &str) -> Self {
        let named: Vec<bool> =
            newest().filter(|(_, it, _)| *it == kind).map(|(.., namespaced)| namespaced).collect();
        Self {
            kinds: named.len(),
            namespaced: named.iter().any(|it| *it),
            has_pods: POD_PATHS.iter().any(|it| it.kind == kind),
        }
    }
}

fn newest() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let served = table::versions().last().into_iter();
    served.flat_map(table::Served::kinds).map(|(version, kind, _, namespaced)| (version, kind, namespaced))
}
