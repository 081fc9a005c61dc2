//! The comparison: for every case, version and level, the ids of the checks that refuse, in order.

use std::collections::{BTreeMap, BTreeSet};

use hardtack::pss::{self, Level, Pod, Version, Versions, controls::CHECKS};
use hardtack::yaml::stream::{ParseOptions, Stream, parse};
use libtest_mimic::Failed;

use crate::object;
use crate::support::oracle::{Oracle, Question, Verdict, Verdicts};

/// An object to judge.
pub struct Case {
    /// What it is, for the message.
    pub name: String,
    /// One document.
    pub text: String,
}

/// Every version.
pub fn all_versions() -> Vec<u8> {
    (0..=Version::LATEST.minor()).collect()
}

/// One version of each run of versions that decide alike: those at which some check changes.
pub fn changes() -> Vec<u8> {
    let changes: BTreeSet<u8> = CHECKS.iter().flat_map(|check| check.revisions.iter().copied()).collect();
    changes.into_iter().collect()
}

/// What was compared.
#[derive(Default)]
pub struct Tally {
    pub cases: usize,
    /// Verdicts on one case at one level and version.
    pub verdicts: usize,
    /// Objects that Kubernetes cannot decode.
    pub undecodable: usize,
    /// How often each check refused.
    pub refusals: BTreeMap<String, usize>,
    differences: Vec<String>,
}

impl Tally {
    /// Compares the cases at these versions.
    pub fn compare(&mut self, oracle: &mut Oracle, cases: &[Case], minors: &[u8]) {
        let names: Vec<String> = minors.iter().map(|minor| format!("1.{minor}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for some in cases.chunks(500) {
            let questions: Vec<_> =
                some.iter().map(|case| Question::pod(case.text.clone(), &names)).collect();
            for (case, answer) in some.iter().zip(oracle.verdicts(&questions)) {
                self.compare_one(case, answer, minors);
            }
        }
    }

    fn compare_one(&mut self, case: &Case, answer: Result<Verdicts, String>, minors: &[u8]) {
        self.cases += 1;
        let stream = match parse(case.text.clone(), ParseOptions::default()) {
            Ok(stream) => stream,
            Err(error) => return self.differ(case, &format!("not read: {error}")),
        };
        let Some(pod) = pod(&stream) else {
            // Without a spec there is nothing to refuse.
            let none = answer
                .is_ok_and(|all| all.values().all(|it| it.baseline.is_empty() && it.restricted.is_empty()));
            if !none {
                self.differ(case, "no pod found");
            }
            return;
        };
        match answer {
            Ok(theirs) => self.compare_verdicts(case, &pod, &theirs, minors),
            Err(error) => self.expect_malformed(case, &pod, &error, minors),
        }
        // Costly, so only where every version is asked about.
        if minors.len() == all_versions().len() {
            self.compare_strictest(case, &pod, minors);
        }
    }

    fn compare_verdicts(&mut self, case: &Case, pod: &Pod<'_>, theirs: &Verdicts, minors: &[u8]) {
        for minor in minors {
            let verdict: &Verdict = &theirs[&format!("1.{minor}")];
            for (level, theirs) in
                [(Level::Baseline, &verdict.baseline), (Level::Restricted, &verdict.restricted)]
            {
                self.verdicts += 1;
                let ours = refusing(pod, level, Version::new(*minor));
                if ours != *theirs {
                    self.differ(case, &format!("{level} 1.{minor}\n  ours   {ours:?}\n  theirs {theirs:?}"));
                }
                for id in theirs {
                    *self.refusals.entry(id.clone()).or_default() += 1;
                }
            }
        }
    }

    /// Kubernetes refuses the object before it judges it: nothing may pass here by accident.
    fn expect_malformed(&mut self, case: &Case, pod: &Pod<'_>, error: &str, minors: &[u8]) {
        self.undecodable += 1;
        let found = |minor: &u8| pss::evaluate(pod, Level::Restricted, Version::new(*minor));
        if !minors.iter().flat_map(found).any(|violation| violation.malformed) {
            self.differ(case, &format!("passes, and Kubernetes cannot decode it: {error}"));
        }
    }

    /// The strictest verdict of several versions is the union of theirs, and of one version that one's.
    fn compare_strictest(&mut self, case: &Case, pod: &Pod<'_>, minors: &[u8]) {
        let single = minors.iter().map(|minor| Versions::from(Version::new(*minor)));
        let ranges: Vec<Versions> = single.chain([Versions::UNNAMED]).collect();
        for level in [Level::Baseline, Level::Restricted] {
            for range in &ranges {
                let wanted = pss::union(*range, |version| pss::evaluate(pod, level, version));
                let strictest = pss::strictest(pod, level, *range);
                if places(&wanted) != places(&strictest) {
                    self.differ(
                        case,
                        &format!("{level} {range}: the strictest verdict is not the union of all"),
                    );
                }
            }
        }
    }

    fn differ(&mut self, case: &Case, what: &str) {
        self.differences.push(format!("{}: {what}\n  {}", case.name, case.text));
    }

    /// The result of a test.
    pub fn verdict(&self, what: &str) -> Result<(), Failed> {
        println!(
            "{what}: {} objects, {} verdicts, {} undecodable, {} differences; refusals {:?}",
            self.cases,
            self.verdicts,
            self.undecodable,
            self.differences.len(),
            self.refusals
        );
        if self.differences.is_empty() {
            return Ok(());
        }
        let shown = self.differences.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
        Err(format!("{} differences, the first of them:\n{shown}", self.differences.len()).into())
    }

    /// Fails unless every check refused something.
    pub fn expect_every_check(&self) -> Result<(), Failed> {
        let silent: Vec<_> =
            CHECKS.iter().filter(|it| !self.refusals.contains_key(it.id)).map(|it| it.id).collect();
        if silent.is_empty() { Ok(()) } else { Err(format!("never refused: {silent:?}").into()) }
    }
}

/// The pod in the only document of a stream.
pub fn pod(stream: &Stream) -> Option<Pod<'_>> {
    let root = stream.documents.iter().find_map(|document| stream.root(document))?;
    Pod::in_template(object::template(root)?)
}

/// The ids of the checks that refuse a pod, each once.
pub fn refusing(pod: &Pod<'_>, level: Level, version: Version) -> Vec<&'static str> {
    let mut ids: Vec<_> = pss::evaluate(pod, level, version).iter().map(|it| it.control).collect();
    ids.dedup();
    ids
}

fn places(violations: &[pss::Violation]) -> BTreeSet<(&'static str, String)> {
    violations.iter().map(|it| (it.rule, it.route.to_string())).collect()
}
