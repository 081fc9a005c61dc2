//! What answers are made from, and what an answer is.

use std::collections::HashSet;

use super::setting::{self, Setting};
use crate::finding::Status;
use crate::harden::Hardened;
use crate::k8s::{Access, Object, Part, Release, Workload};
use crate::policy::Policy;
use crate::yaml::Value;

/// A release, its plan, and the settings found in it.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The stream and all that was found.
    pub hardened: &'a Hardened<'a>,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Variables, keys of ConfigMaps and Secrets, and what stands in the files they hold.
    pub settings: Vec<Setting<'a>>,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// The stream does not say.
    CannotBeTold,
    /// The stream says it, but hardtack does not look yet.
    NotYetChecked,
}

/// An answer with its reason and where it shows.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The answer.
    pub verdict: Verdict,
    /// Why, lower case, no full stop, no values.
    pub why: String,
    /// The places that speak against it.
    pub places: Vec<Place>,
}

/// A place in the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Number of the object in the release.
    pub object: usize,
    /// Line of the stream.
    pub line: usize,
    /// What is there, or is not; no values.
    pub what: String,
}

impl Reply {
    /// It holds.
    #[must_use]
    pub fn yes(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::Yes, why: why.into(), places: Vec::new() }
    }

    /// It does not hold at these places.
    #[must_use]
    pub fn no(why: impl Into<String>, places: Vec<Place>) -> Self {
        Self { verdict: Verdict::No, why: why.into(), places }
    }

    /// The stream does not say.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::CannotBeTold, why: why.into(), places: Vec::new() }
    }

    /// hardtack does not look yet.
    #[must_use]
    pub fn unchecked(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotYetChecked, why: why.into(), places: Vec::new() }
    }

    /// `no` with the places when there are any, else `yes`; `noun` names what was counted.
    #[must_use]
    pub fn judged(places: Vec<Place>, total: usize, noun: &str, more: &str) -> Self {
        let ending = if total == 1 { "" } else { "s" };
        if places.is_empty() {
            return Self::yes(format!("{total} {noun}{ending}{more}"));
        }
        let why = format!("not so for {} of {total} {noun}{ending}{more}", places.len());
        Self { verdict: Verdict::No, why, places }
    }
}

impl<'a> Facts<'a> {
    /// Gathers the settings of a release.
    #[must_use]
    pub fn gather(hardened: &'a Hardened<'a>, policy: &'a Policy) -> Self {
        let settings = setting::all(&hardened.release);
        Self { hardened, policy, settings }
    }

    /// The release.
    #[must_use]
    pub fn release(&self) -> &'a Release<'a> {
        &self.hardened.release
    }

    /// Whole pod templates: parts that an operator completes say nothing by what they lack.
    pub fn pods(&self) -> impl Iterator<Item = &'a Workload<'a>> + use<'a> {
        self.release().workloads.iter().filter(|workload| workload.access != Access::Part)
    }

    /// The pods that stay: not those of Jobs, hooks and single pods.
    pub fn services(&self) -> impl Iterator<Item = &'a Workload<'a>> + use<'a> {
        let release = self.release();
        let passing = ["Job", "CronJob", "Pod", "PodTemplate"];
        self.pods().filter(move |workload| {
            let object = release.object_of(workload);
            !passing.contains(&object.id.kind.as_str()) && !object.is_hook()
        })
    }

    /// Objects of a group and kind.
    pub fn of_kind(&self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Object<'a>> + use<'a> {
        self.release().objects.iter().filter(move |object| object.is(group, kind))
    }

    /// A container.
    #[must_use]
    pub fn at(&self, workload: &Workload<'a>, part: &Part<'a>, what: impl AsRef<str>) -> Place {
        let object = self.release().object_of(workload);
        let what = format!("{} ({})", what.as_ref(), part.name);
        Place { object: object.number, line: object.line_of(part.value), what }
    }

    /// An object, or a value of it.
    #[must_use]
    pub fn on(&self, object: &Object<'a>, value: Value<'a>, what: impl Into<String>) -> Place {
        Place { object: object.number, line: object.line_of(value), what: what.into() }
    }

    /// Objects in which a finding of one of these rules has that status.
    #[must_use]
    pub fn objects_with(&self, rules: &[&str], status: Status) -> HashSet<usize> {
        let findings = self.hardened.plan.findings.iter();
        let wanted = findings.filter(|it| it.status == status && rules.contains(&it.rule.as_ref()));
        wanted.map(|finding| finding.object).collect()
    }

    /// Whether the policy allows one of these rules in that object.
    #[must_use]
    pub fn allows(&self, rules: &[&str], object: usize, route: &crate::yaml::Route) -> bool {
        self.hardened.plan.with_status(Status::Exempt).any(|finding| {
            finding.object == object
                && rules.contains(&finding.rule.as_ref())
                && finding.route.starts_with(route)
        })
    }
}
