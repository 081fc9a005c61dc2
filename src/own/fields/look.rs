//! What a rule sees where it looks.

use super::path::FieldPath;
use super::target::Target;
use super::variables::{Holders, Variables, seen};
use crate::embedded::{self, Entry, Format, holder};
use crate::finding::Place;
use crate::k8s::{List, Object, Part, Release};
use crate::policy::Match;
use crate::policy::matcher::glob;
use crate::yaml::{Data, Route, Step};

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// Nothing.
    Missing,
    /// It comes from where the stream does not reach.
    Untold,
    /// Something that Kubernetes or the file's reader cannot take, in words after the name.
    Unreadable(String),
    /// Bytes that are no text: so many.
    Bytes(usize),
    /// A value.
    Value(Data),
}

/// A place that was looked at.
#[derive(Debug)]
pub struct Spot<'a> {
    /// Where.
    pub place: Place<'a>,
    /// What messages call it.
    pub name: String,
    /// What stands there.
    pub seen: Seen,
    /// Whether nothing of it may be shown.
    pub secret: bool,
    /// File and line of an embedded file, and the line of the stream when that is certain.
    pub file: Option<(String, usize, Option<usize>)>,
}

/// What is required together: of one object or container, or of all objects whose keys are looked at.
#[derive(Debug)]
pub struct Unit<'a> {
    /// What the rule names, each with the places found.
    pub named: Vec<(String, Vec<Spot<'a>>)>,
    /// Where something missing is said.
    pub home: Place<'a>,
    /// The container it is about.
    pub part: Option<&'a Part<'a>>,
    /// More may be set than is seen.
    pub open: bool,
    /// The objects that were looked at.
    pub looked_at: Vec<String>,
}

impl Target {
    /// Looks, unit by unit. With `each`, keys are required of every object by itself.
    #[must_use]
    pub fn units<'a>(&self, release: &'a Release<'a>, matches: &Match, each: bool) -> Vec<Unit<'a>> {
        let meant = release.objects.iter().filter(|it| matches.object(it, release.workloads_of(it).first()));
        match self {
            Self::Fields(paths) => meant.map(|object| fields(release, object, paths)).collect(),
            Self::ContainerFields(paths) => {
                let parts = meant.flat_map(|object| parts(release, object, matches));
                parts.map(|(object, part)| container_fields(object, part, paths)).collect()
            }
            Self::Variables(names) => {
                let holders = Holders::of(release);
                let narrow = matches.is_about_containers();
                let parts = meant.flat_map(|object| parts(release, object, matches));
                let parts = parts.filter(|(_, part)| part.list != List::Ephemeral);
                parts.map(|(object, part)| variables(object, part, names, &holders, narrow)).collect()
            }
            Self::Keys(names) => {
                let holders: Vec<_> = meant.filter(|object| holder::is_holder(object)).collect();
                let size = if each { 1 } else { holders.len().max(1) };
                holders.chunks(size).map(|objects| keys(objects, names)).collect()
            }
            Self::Files(file, format, paths) => {
                let holders: Vec<_> = meant.filter(|object| holder::is_holder(object)).collect();
                let size = if each { 1 } else { holders.len().max(1) };
                holders.chunks(size).flat_map(|objects| files(objects, file, *format, paths)).collect()
            }
        }
    }
}

/// The containers of an object that are meant.
fn parts<'a>(
    release: &'a Release<'a>,
    object: &'a Object<'a>,
    matches: &Match,
) -> Vec<(&'a Object<'a>, &'a Part<'a>)> {
    let all = release.workloads_of(object).iter().flat_map(|workload| &workload.parts);
    all.filter(|part| matches.part(part)).map(|part| (object, part)).collect()
}

fn joined(base: &Route, below: &Route) -> Route {
    base.steps().iter().chain(below.steps()).cloned().collect()
}

fn fields<'a>(release: &'a Release<'a>, object: &'a Object<'a>, paths: &[FieldPath]) -> Unit<'a> {
    // Of every kind of Secret: what seals or fetches them may hold some too.
    let secret = object.id.kind.contains("Secret");
    let named = paths.iter().map(|path| {
        let spots = path.hits(object.value).into_iter().map(|hit| {
            let route = joined(&object.route, &hit.route);
            let parts = release.workloads_of(object).iter().flat_map(|workload| &workload.parts);
            let part = parts.into_iter().find(|part| route.starts_with(&part.route));
            let container = part.map(|part| part.name.to_string());
            Spot {
                place: Place { object: object.number, container, route, near: hit.near },
                name: hit.route.to_string(),
                seen: hit.value.map_or(Seen::Missing, |value| Seen::Value(value.to_data())),
                secret,
                file: None,
            }
        });
        (path.written().to_owned(), spots.collect())
    });
    Unit {
        named: named.collect(),
        home: object.at(""),
        part: None,
        open: false,
        looked_at: vec![object.id.to_string()],
    }
}

fn container_fields<'a>(object: &'a Object<'a>, part: &'a Part<'a>, paths: &[FieldPath]) -> Unit<'a> {
    let home = Place {
        object: object.number,
        container: Some(part.name.to_string()),
        route: part.route.clone(),
        near: part.value,
    };
    let named = paths.iter().map(|path| {
        let spots = path.hits(part.value).into_iter().map(|hit| Spot {
            place: Place { route: joined(&part.route, &hit.route), near: hit.near, ..home.clone() },
            name: hit.route.to_string(),
            seen: hit.value.map_or(Seen::Missing, |value| Seen::Value(value.to_data())),
            secret: false,
            file: None,
        });
        (path.written().to_owned(), spots.collect())
    });
    let named = named.collect();
    Unit { named, home, part: Some(part), open: false, looked_at: vec![object.id.to_string()] }
}

fn variables<'a>(
    object: &'a Object<'a>,
    part: &'a Part<'a>,
    names: &[String],
    holders: &Holders<'a, 'a>,
    narrow: bool,
) -> Unit<'a> {
    let found = Variables::of(object, part, holders);
    let named = names.iter().map(|pattern| {
        let of_name = found.all.iter().filter(|variable| glob(pattern, &variable.name));
        let spots = of_name.map(|variable| Spot {
            place: variable.place.clone(),
            name: format!("env {}", variable.name),
            seen: variable.seen.clone(),
            secret: variable.secret,
            file: None,
        });
        (format!("env {pattern}"), spots.collect())
    });
    let named = named.collect();
    let home = Place {
        object: object.number,
        container: Some(part.name.to_string()),
        route: part.route.key("env"),
        near: part.get("env").unwrap_or(part.value),
    };
    // What runs once need not have what the program needs, unless the rule names the container.
    let open = found.open || !(narrow || part.is_long_running());
    Unit { named, home, part: Some(part), open, looked_at: vec![object.id.to_string()] }
}

fn home<'a>(object: &'a Object<'a>) -> Place<'a> {
    let map = if object.value.get("data").is_none() && object.value.get("stringData").is_some() {
        "stringData"
    } else {
        "data"
    };
    object.at(map)
}

fn keys<'a>(objects: &[&'a Object<'a>], names: &[String]) -> Unit<'a> {
    let entries: Vec<(usize, Entry<'a>)> = objects
        .iter()
        .flat_map(|object| embedded::entries(object).into_iter().map(|entry| (object.number, entry)))
        .collect();
    let named = names.iter().map(|pattern| {
        let of_name = entries.iter().filter(|(_, entry)| glob(pattern, &entry.key));
        let spots = of_name.map(|(object, entry)| Spot {
            place: place_of(*object, entry),
            name: entry.key.clone(),
            seen: seen(&entry.content),
            secret: entry.secret,
            file: None,
        });
        (pattern.clone(), spots.collect())
    });
    let named = named.collect();
    let looked_at = objects.iter().map(|object| object.id.to_string()).collect();
    Unit { named, home: home(objects[0]), part: None, open: false, looked_at }
}

fn place_of<'a>(object: usize, entry: &Entry<'a>) -> Place<'a> {
    Place { object, container: None, route: entry.route.clone(), near: entry.value }
}

/// Each file by itself; one unit without places when there is no such file.
fn files<'a>(
    objects: &[&'a Object<'a>],
    file: &str,
    format: Option<Format>,
    paths: &[FieldPath],
) -> Vec<Unit<'a>> {
    let entries = objects
        .iter()
        .flat_map(|object| embedded::entries(object).into_iter().map(move |entry| (*object, entry)));
    let found: Vec<Unit<'a>> = entries
        .filter(|(_, entry)| glob(file, &entry.key))
        .map(|(object, entry)| file_unit(object, &entry, format, paths))
        .collect();
    if !found.is_empty() {
        return found;
    }
    let looked_at = objects.iter().map(|object| object.id.to_string()).collect();
    let named = vec![(file.to_owned(), Vec::new())];
    vec![Unit { named, home: home(objects[0]), part: None, open: false, looked_at }]
}

fn file_unit<'a>(
    object: &'a Object<'a>,
    entry: &Entry<'a>,
    format: Option<Format>,
    paths: &[FieldPath],
) -> Unit<'a> {
    let home = place_of(object.number, entry);
    let spot = |place: Place<'a>, name: String, seen: Seen, line: usize| Spot {
        place,
        name,
        seen,
        secret: entry.secret,
        file: Some((entry.key.clone(), line, entry.line_in(object, line))),
    };
    let named = match entry.file(format) {
        Err(fault) => {
            let why = Seen::Unreadable(format!("cannot be read: {}", fault.what));
            let line = fault.line.unwrap_or(1);
            vec![(entry.key.clone(), vec![spot(home.clone(), "the file".to_owned(), why, line)])]
        }
        Ok(file) => {
            let named = paths.iter().map(|path| {
                let path = if file.format == Format::Properties { path.as_key() } else { path.clone() };
                let spots = path.hits(&file.data).into_iter().map(|hit| {
                    let place = Place { route: joined(&home.route, &hit.route), ..home.clone() };
                    let seen = hit.value.map_or(Seen::Missing, |value| Seen::Value(value.clone()));
                    spot(place, plain_name(&hit.route), seen, file.line_of(&hit.route))
                });
                (path.written().to_owned(), spots.collect::<Vec<_>>())
            });
            named.collect()
        }
    };
    Unit { named, home, part: None, open: false, looked_at: vec![object.id.to_string()] }
}

/// A route as people write it in the file: one key is shown without brackets.
fn plain_name(route: &Route) -> String {
    match route.steps() {
        [Step::Key(key)] => key.to_string(),
        _ => route.to_string(),
    }
}
