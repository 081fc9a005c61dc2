//! The judges themselves: an oracle that answers wrongly would make every comparison worthless.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::json;

use support::oracle::{Oracle, Question};
use support::tools::trial;

fn main() {
    let tests = [
        case("yaml_is_read_as_kubernetes_reads_it", yaml_is_read_as_kubernetes_reads_it),
        case("streams_are_cut_as_each_caller_cuts_them", streams_are_cut_as_each_caller_cuts_them),
        case("verdicts_name_the_checks", verdicts_name_the_checks),
        case(
            "a_bare_pod_spec_is_judged_with_its_annotations",
            a_bare_pod_spec_is_judged_with_its_annotations,
        ),
        case("text_that_is_not_utf8_and_many_questions", text_that_is_not_utf8_and_many_questions),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests.into()).exit();
}

fn case(name: &str, test: fn()) -> Trial {
    trial(name, &["oracle"], move || {
        test();
        Ok::<(), Failed>(())
    })
}

fn yaml_is_read_as_kubernetes_reads_it() {
    let mut oracle = Oracle::start();
    assert_eq!(
        oracle.ask(&Question::yaml("y: 08\na: 1.0\nb: 'no'")),
        Ok(json!({"true": 8, "a": 1, "b": "no"}))
    );
    let error = oracle.ask(&Question::yaml("a: .inf")).expect_err("JSON has no infinity");
    assert!(error.contains("+Inf"), "{error}");
}

fn streams_are_cut_as_each_caller_cuts_them() {
    let mut oracle = Oracle::start();
    let text = "# first\n---\na: yes\n---\n# nothing\n---# third\nb: 1\n";
    assert_eq!(oracle.ask(&Question::stream("helm", text)), Ok(json!([null, {"a": true}, null, {"b": 1}])));
    assert_eq!(oracle.ask(&Question::stream("kubectl", text)), Ok(json!([{"a": true}, {"b": 1}])));
    assert_eq!(oracle.ask(&Question::stream("kyaml", text)), Ok(json!([{"a": "yes"}, {"b": 1}])));
    assert!(oracle.ask(&Question::stream("kubectl", "a: [")).is_err());
}

fn verdicts_name_the_checks() {
    let pod = "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers: [{name: a, securityContext: {privileged: true}}]\n";
    let answers = Oracle::start().verdicts(&[Question::pod(pod, &["1.0", "1.37"]), Question::pod(pod, &[])]);
    let some = answers[0].as_ref().expect("a CronJob has a pod");
    assert_eq!(some.len(), 2);
    assert_eq!(some["1.0"].restricted, ["privileged", "runAsNonRoot"]);
    assert_eq!(some["1.37"].baseline, ["privileged"]);
    let refused = ["privileged", "allowPrivilegeEscalation", "capabilities_restricted", "runAsNonRoot"];
    assert_eq!(some["1.37"].restricted[..4], refused);
    assert_eq!(some["1.37"].restricted[4..], ["seccompProfile_restricted"]);
    assert_eq!(answers[1].as_ref().expect("a CronJob has a pod").len(), 38);
}

fn a_bare_pod_spec_is_judged_with_its_annotations() {
    let annotation = ("container.apparmor.security.beta.kubernetes.io/a".to_owned(), "unconfined".to_owned());
    let ask = |annotations: BTreeMap<String, String>| {
        let question = Question::pod_spec("containers: [{name: a}]", &annotations, &["1.33"]);
        Oracle::start().verdicts(&[question])[0].as_ref().expect("a pod spec")["1.33"].baseline.clone()
    };
    assert_eq!(ask(BTreeMap::new()), Vec::<String>::new());
    assert_eq!(ask(BTreeMap::from([annotation])), ["appArmorProfile"]);
}

fn text_that_is_not_utf8_and_many_questions() {
    let mut oracle = Oracle::start();
    assert!(oracle.ask(&Question::yaml(b"a: \xff".as_slice())).is_err());
    let questions: Vec<Question> =
        (0..3_000).map(|n| Question::yaml(format!("a: {}", "x".repeat(n)))).collect();
    for (n, answer) in oracle.ask_all(&questions).iter().enumerate() {
        let length = answer.as_ref().expect("readable")["a"].as_str().map_or(0, str::len);
        assert_eq!(length, n);
    }
}
