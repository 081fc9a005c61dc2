//! Entries of lists in which the first match wins: those that can never be reached.

use super::{Part, Remarks};
use crate::yaml::{Data, Route};

/// The lists, and the keys of an entry that are looked up one by one: an entry is passed over by those it lacks.
const LISTS: [(&str, &[&str]); 3] = [
    ("securityContext", &[]),
    ("probes", &["liveness", "readiness", "startup"]),
    ("resources", &["requests", "limits"]),
];

pub(super) fn look(part: &Part<'_>, remarks: &mut Remarks) {
    for (key, parts) in LISTS {
        let Some(entries) = part.spec.get(key).and_then(Data::as_array) else { continue };
        for (number, entry) in entries.iter().enumerate() {
            let earlier = entries[..number].iter().enumerate();
            let Some((first, _)) = earlier.into_iter().find(|(_, it)| hides(it, entry, parts)) else {
                continue;
            };
            let place = part.source.line(&Route::root().key(key).index(first));
            let what = format!("never reached: the entry at {place} matches all that this one does");
            let help = "the first match wins: put the narrower entry first";
            remarks.say(part.source, &Route::root().key(key).index(number), what, help);
        }
    }
}

/// Whether all that a later entry gives is given by an earlier one, wherever the later one matches.
fn hides(earlier: &Data, later: &Data, parts: &[&str]) -> bool {
    let gives = |entry: &Data, part: &str| match entry.get(part) {
        // Figures are looked up by name.
        Some(Data::Object(map)) if part == "requests" || part == "limits" => {
            map.keys().map(|name| format!("{part}.{name}")).collect()
        }
        Some(_) => vec![part.to_owned()],
        None => Vec::new(),
    };
    let all = |entry: &Data| -> Vec<String> { parts.iter().flat_map(|part| gives(entry, part)).collect() };
    let given = all(earlier);
    is_wider(earlier.get("match"), later.get("match")) && all(later).iter().all(|it| given.contains(it))
}

/// Whether the first match takes all that the second takes: it says no more.
fn is_wider(wide: Option<&Data>, narrow: Option<&Data>) -> bool {
    let Some(wide) = wide.and_then(Data::as_object) else { return true };
    wide.iter().all(|(key, word)| {
        let other = narrow.and_then(|it| it.get(key));
        let stars = word.as_str().is_some_and(|it| it == "*");
        stars || other == Some(word) || (word.is_object() && is_wider(Some(word), other))
    })
}
