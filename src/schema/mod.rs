//! What the API of each Kubernetes version takes: field names, types and limits; and whether an object fits them.
//!
//! [`table`] reads what the binary carries, [`fit`] walks an object along it.

pub mod across;
pub mod custom;
pub mod fault;
pub mod fit;
pub mod format;
pub mod lifecycle;
mod misfit;
pub mod scalar;
pub mod served;
pub mod strictest;
pub mod structural;
pub mod table;

pub use fault::{Fault, Flaw};

use custom::Definitions;

use crate::k8s::{Object, Release};
use crate::pss::{Version, Versions};
use crate::yaml::Stream;

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

/// Holds objects against what is known of their kinds.
#[derive(Debug)]
pub struct Judge<'a> {
    versions: Vec<table::Served>,
    definitions: Definitions<'a>,
}

impl<'a> Judge<'a> {
    /// Makes ready for a release: the types of the target's versions, and the definitions of the custom resources in it
    /// that stand in the release itself or in what was given beside it.
    #[must_use]
    pub fn new(release: &Release<'a>, target: Option<Version>, given: &'a [Stream]) -> Self {
        let versions = known(targets(target));
        let custom = release.objects.iter().filter(|object| !is_built_in(object));
        let kinds = custom.map(|object| (object.group(), object.id.kind.as_str())).collect();
        Self { versions, definitions: Definitions::find(&kinds, release, given) }
    }

    /// What is wrong with an object; `None` when nothing is known of its kind.
    ///
    /// One of the versions suffices to refuse it: nobody said which of them the cluster is. What only some of them
    /// refuse says which.
    #[must_use]
    pub fn faults<'o>(&self, release: &Release<'o>, object: &Object<'o>) -> Option<Vec<Fault<'o>>> {
        let (api_version, kind) = (&object.id.api_version, &object.id.kind);
        let name = table::Name::of(api_version, kind);
        let types: Vec<(u8, table::Type)> =
            self.versions.iter().filter_map(|served| Some((served.minor(), served.named(name?)?))).collect();
        let absent = || served::absent(&self.versions, object);
        if types.is_empty() {
            return self.definitions.judge(object).or_else(|| absent().map(|fault| vec![fault]));
        }
        let mut faults = strictest::faults(object, &types);
        if types.len() < self.versions.len() {
            faults.extend(absent());
        }
        faults.extend(across::faults(release, object));
        Some(faults)
    }
}

/// Whether some version of Kubernetes serves the kind itself, or once did.
#[must_use]
pub fn is_built_in(object: &Object<'_>) -> bool {
    let (api_version, kind) = (&object.id.api_version, &object.id.kind);
    let name = table::Name::of(api_version, kind);
    name.is_some_and(|name| table::versions().any(|served| served.named(name).is_some()))
        || lifecycle::retired(api_version, kind).is_some_and(lifecycle::Retired::is_built_in)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::Scope;
    use crate::yaml::stream::{ParseOptions, parse};

    #[test]
    fn kinds_of_kubernetes_now_and_once() {
        for (api_version, kind, built_in) in [
            ("v1", "Pod", true),
            ("apps/v1", "Deployment", true),
            ("extensions/v1beta1", "Ingress", true),
            ("apps/v1", "Widget", false),
            ("cert-manager.io/v1", "Certificate", false),
            ("cert-manager.io/v1beta1", "Certificate", false),
        ] {
            let text = format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n");
            let stream = parse(text, ParseOptions::default()).unwrap();
            let release = Release::gather(&stream, Scope::default());
            assert_eq!(is_built_in(&release.objects[0]), built_in, "{api_version} {kind}");
        }
    }
}
