//! Kinds that a version does not serve at all, or that no version ever did.

use super::fault::{Fault, Flaw};
use super::lifecycle::{Until, retired};
use super::strictest::listed;
use super::table::{self, Served};
use crate::k8s::Object;
use crate::nearest::nearest;
use crate::yaml::Route;

/// Why some of these versions refuse any object of this kind; `None` when they all serve it, when it is none of
/// Kubernetes' own groups, or when `deprecated-api-version` tells of it.
#[must_use]
pub fn absent<'a>(versions: &[Served], object: &Object<'a>) -> Option<Fault<'a>> {
    let (api_version, kind) = (object.id.api_version.as_str(), object.id.kind.as_str());
    // A list is no object of its own.
    if kind.ends_with("List") {
        return None;
    }
    let serves = |served: &Served| served.kind(api_version, kind).is_some();
    let Some(first) = table::versions().find(serves) else { return unheard_of(versions, object) };
    let gone = match retired(api_version, kind).map(|entry| entry.until) {
        Some(Until::Kubernetes(_, Some(removed))) => removed,
        _ => u8::MAX,
    };
    let without = versions.iter().filter(|served| !serves(served)).map(|served| served.minor());
    let without: Vec<u8> = without.filter(|minor| *minor < gone).collect();
    let newest = *without.last()?;
    let serve = if without.len() == 1 { "serves" } else { "serve" };
    let message = format!("Kubernetes {} {serve} no {api_version} {kind}", listed(&without));
    let help = if newest < first.minor() {
        format!(
            "it comes with 1.{}: --kube-version or kubeVersion in a policy says what the cluster is",
            first.minor()
        )
    } else {
        match elsewhere(versions, object) {
            Some(instead) => format!("move to {instead}"),
            None => String::new(),
        }
    };
    Some(fault(object, "apiVersion", message, help))
}

/// A kind that no version in the table serves, in a group that is Kubernetes' own.
fn unheard_of<'a>(versions: &[Served], object: &Object<'a>) -> Option<Fault<'a>> {
    let (api_version, kind) = (object.id.api_version.as_str(), object.id.kind.as_str());
    let group = object.group();
    if retired(api_version, kind).is_some() || !kinds(versions).any(|(other, _)| group_of(other) == group) {
        return None;
    }
    let message = format!("Kubernetes serves no {api_version} {kind}");
    if let Some(instead) = elsewhere(versions, object) {
        return Some(fault(object, "apiVersion", message, format!("did you mean {instead}?")));
    }
    let own = kinds(versions).filter(|(other, _)| group_of(other) == group);
    let help = match nearest(kind, own.map(|(_, kind)| kind)) {
        Some(meant) => format!("did you mean {meant}?"),
        None => String::new(),
    };
    Some(fault(object, "kind", message, help))
}

/// Another `apiVersion` under which the newest of these versions serves the kind: of the same group, else of any.
fn elsewhere(versions: &[Served], object: &Object<'_>) -> Option<&'static str> {
    let newest = &versions[versions.len().saturating_sub(1)..];
    let mut served: Vec<&'static str> = kinds(newest)
        .filter(|(_, kind)| *kind == object.id.kind)
        .map(|(api_version, _)| api_version)
        .collect();
    let unsteady = |it: &str| it.contains("alpha") || it.contains("beta");
    served.sort_by_key(|it| (group_of(it) != object.group(), unsteady(it)));
    served.first().copied()
}

fn kinds(versions: &[Served]) -> impl Iterator<Item = (&'static str, &'static str)> {
    versions.iter().flat_map(|served| served.kinds().map(|(api_version, kind, _, _)| (api_version, kind)))
}

fn group_of(api_version: &str) -> &str {
    api_version.rsplit_once('/').map_or("", |(group, _)| group)
}

fn fault<'a>(object: &Object<'a>, key: &'static str, message: String, help: String) -> Fault<'a> {
    let near = object.value.get(key).unwrap_or(object.value);
    Fault { route: Route::root().key(key), near, flaw: Flaw::Unknown, message, help }
}
