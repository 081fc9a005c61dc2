//! What the API of each Kubernetes version takes: field names, types and limits; and whether an object fits them.
//!
//! [`table`] reads what the binary carries, [`fit`] walks an object along it.

pub mod fault;
pub mod fit;
pub mod format;
pub mod lifecycle;
pub mod scalar;
pub mod table;

pub use fault::{Fault, Flaw};

use crate::k8s::Object;
use crate::pss::{Version, Versions};

/// The versions that are judged: the known ones within a range; for a range beyond all of them, the nearest.
#[must_use]
pub fn known(versions: Versions) -> Vec<table::Served> {
    let all: Vec<table::Served> = table::versions().collect();
    let within = |served: &&table::Served| {
        (versions.oldest().minor()..=versions.newest().minor()).contains(&served.minor())
    };
    let found: Vec<table::Served> = all.iter().filter(within).copied().collect();
    if !found.is_empty() {
        return found;
    }
    let first = all.first().filter(|first| versions.newest().minor() < first.minor());
    first.or(all.last()).copied().into_iter().collect()
}

/// The versions a policy's target stands for: itself, or all that may be meant when there is none.
#[must_use]
pub fn targets(target: Option<Version>) -> Versions {
    target.map_or(Versions::UNNAMED, Versions::from)
}

/// What is wrong with an object in each of these versions that serve its kind; `None` when none of them does. What one
/// of them takes is no fault: nobody said that the cluster is another one.
#[must_use]
pub fn judge<'a>(object: &Object<'a>, versions: &[table::Served]) -> Option<Vec<Fault<'a>>> {
    let mut kinds =
        versions.iter().rev().filter_map(|served| served.kind(&object.id.api_version, &object.id.kind));
    let mut faults = fit::faults(object.value, kinds.next()?);
    for of in kinds {
        if faults.is_empty() {
            break;
        }
        let others = fit::faults(object.value, of);
        faults.retain(|fault| others.iter().any(|other| other.is_like(fault)));
    }
    Some(faults)
}
