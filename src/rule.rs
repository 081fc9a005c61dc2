//! What a rule is: its doc, its severities, and one check that finds and fixes.

use crate::finding::Severity;
use crate::k8s::{Container, Object, Release, Workload};
use crate::pss::Violation;

pub mod edits;
pub mod findings;

pub use edits::{append, remove, set};
pub use findings::Findings;

/// One rule, as its file states it.
#[derive(Debug)]
pub struct Rule {
    /// Names the defect; reads well after "allow".
    pub id: &'static str,
    /// Markdown: one line that says what is wrong, then `# Why`, `# Fix` and perhaps more.
    pub doc: &'static str,
    /// Severity in development, staging and production; `None` is off.
    pub severity: [Option<Severity>; 3],
    /// Whether it can fix, at best.
    pub fix: FixKind,
    /// The standards that ask for it.
    pub standards: &'static [&'static str],
    /// Ids of the same check in other tools, each with the tool's name.
    pub peers: &'static [&'static str],
    /// Names of its own settings in a policy file.
    pub settings: &'static [&'static str],
    /// A small manifest that trips it.
    pub example: &'static str,
    /// The rule-set version its fix came with.
    pub since: u32,
    /// What runs, on what.
    pub check: Check,
}

/// The most a rule ever does about its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FixKind {
    /// Fixed by default where the evidence holds.
    Safe,
    /// Fixed where the policy consents.
    Consent,
    /// Only reported.
    No,
}

/// A check and what it is called for.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Each violation of the Pod Security Standards that carries the rule's id.
    Violation(fn(&Release<'_>, &Workload<'_>, &Violation, &mut Findings<'_>)),
    /// Each pod template.
    Workload(fn(&Release<'_>, &Workload<'_>, &mut Findings<'_>)),
    /// Each container of each pod template: init, ordinary and ephemeral.
    Container(fn(&Release<'_>, &Container<'_>, &mut Findings<'_>)),
    /// Each object.
    Object(fn(&Release<'_>, &Object<'_>, &mut Findings<'_>)),
    /// The whole release, once.
    Release(fn(&Release<'_>, &mut Findings<'_>)),
}

impl Rule {
    /// The first line of its doc.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.doc.trim().lines().next().unwrap_or_default()
    }
}

/// Declares a rule: its doc comment, then its fields. The example is the fixture `<id>/example.before.yaml` beside
/// the rule's file.
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        $id:literal, $fix:ident, [$dev:ident, $stg:ident, $prod:ident],
        standards: [$($standard:literal),* $(,)?],
        peers: [$($peer:literal),* $(,)?],
        settings: [$($setting:literal),* $(,)?],
        $kind:ident => $check:path
    ) => {
        $(#[doc = $doc])+
        pub static RULE: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            doc: concat!($($doc, "\n"),+),
            severity: [$crate::severity!($dev), $crate::severity!($stg), $crate::severity!($prod)],
            fix: $crate::rule::FixKind::$fix,
            standards: &[$($standard),*],
            peers: &[$($peer),*],
            settings: &[$($setting),*],
            example: include_str!(concat!($id, "/example.before.yaml")),
            since: 1,
            check: $crate::rule::Check::$kind($check),
        };
    };
    (
        $(#[doc = $doc:literal])+
        $id:literal, $fix:ident, $severity:tt,
        standards: $standards:tt,
        peers: $peers:tt,
        $kind:ident => $check:path
    ) => {
        $crate::rule! {
            $(#[doc = $doc])+
            $id, $fix, $severity,
            standards: $standards,
            peers: $peers,
            settings: [],
            $kind => $check
        }
    };
}

/// A severity by its word in the rule table; `off` is none.
#[macro_export]
macro_rules! severity {
    (off) => {
        None
    };
    (low) => {
        Some($crate::finding::Severity::Low)
    };
    (medium) => {
        Some($crate::finding::Severity::Medium)
    };
    (high) => {
        Some($crate::finding::Severity::High)
    };
    (critical) => {
        Some($crate::finding::Severity::Critical)
    };
}
