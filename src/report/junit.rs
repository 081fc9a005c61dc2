//! JUnit XML: an object is a test suite, a finding a test case that fails when it stops the change.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::json::{Entry, Report};
use super::outcome::Outcome;

/// The document. An object without findings passes as one test case, so that nothing that was looked at is missing.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut by_object: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in &report.findings {
        let object = format!("{}/{}", entry.object.kind, entry.object.name);
        let place = entry.source.template.as_ref().unwrap_or(&entry.source.input);
        by_object.entry(suite_name(&object, place)).or_default().push(entry);
    }
    let mut whole = quick_junit::Report::new("hardtack");
    for (object, place) in &report.objects {
        let name = suite_name(object, place);
        let mut suite = TestSuite::new(name.as_str());
        match by_object.remove(&name) {
            Some(entries) => drop(suite.add_test_cases(entries.into_iter().map(|entry| case(entry, place)))),
            None if whole.test_suites.iter().any(|known| known.name.as_str() == name) => continue,
            None => {
                let mut passed = TestCase::new("no findings", TestCaseStatus::success());
                passed.set_classname(place.as_str());
                suite.add_test_case(passed);
            }
        }
        whole.add_test_suite(suite);
    }
    whole.to_string().unwrap_or_default()
}

fn suite_name(object: &str, place: &str) -> String {
    format!("{object} ({place})")
}

fn case(entry: &Entry, place: &str) -> TestCase {
    let words = format!("{} ({}): {}", entry.outcome().word(), entry.severity, entry.words());
    let mut status = match entry.outcome() {
        Outcome::Refused | Outcome::Pending => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Allowed => TestCaseStatus::skipped(),
        Outcome::Open | Outcome::Known | Outcome::Fixed => TestCaseStatus::success(),
    };
    let (file, line) = entry.place();
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let passes = matches!(status, TestCaseStatus::Success { .. });
    if !passes {
        status.set_message(words.as_str()).set_type(entry.rule.as_ref());
    }
    if matches!(status, TestCaseStatus::NonSuccess { .. }) {
        let (route, fingerprint) = (&entry.route, &entry.fingerprint);
        status.set_description(format!("{words}\n{file}{line}\n{route}\nfingerprint {fingerprint}"));
    }
    let container = entry.container.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let mut case = TestCase::new(format!("{}{container}", entry.rule), status);
    case.set_classname(place);
    if passes {
        case.set_system_out(words);
    }
    case.add_property(("fingerprint", entry.fingerprint.as_str()));
    case
}
