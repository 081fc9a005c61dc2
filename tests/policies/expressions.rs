//! Rules in CEL, without a cluster: the cases that a real API server judges in `tests/api`, and where findings stand.

use hardtack::load;
use serde_json::Value;

use crate::cases::{JUDGED, cases, folder, ours, stream, today};
use crate::fields::found_in;

#[test]
fn expressions_judge_as_their_cases_say() {
    let cases: Vec<_> = JUDGED.into_iter().flat_map(cases).collect();
    let documents: Vec<Value> =
        cases.iter().flat_map(|case| case.documents().into_iter().chain(case.extra.clone())).collect();
    let objects: Vec<Value> =
        cases.iter().flat_map(|case| case.objects().into_iter().map(|(.., it)| it)).collect();
    let said = ours(&stream(&documents), &objects).expect("verdicts");
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| case.differs.is_none() && !case.mixed) {
        for (name, passes, _) in case.objects() {
            let said = said.get(&(case.name.clone(), name.clone()));
            if passes != said.is_none() {
                wrong.push(format!("{name}: {said:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_server_alone_refuses_is_taken_and_all_else_refused() {
    for case in cases("refused.yaml") {
        let (_folder, file) = folder(&stream(&case.documents())).expect("a folder");
        let error = load::load_file(&file, None, today()).err().map(|error| error.to_string());
        assert_eq!(error.is_some(), case.differs.is_none() || case.ours, "{}: {error:?}", case.name);
    }
}

const MANIFEST: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
data:
  w: x
  v: b
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - {name: web, image: web}
";

#[test]
fn a_rule_in_cel_is_about_what_it_matches_and_points_at_the_field() {
    for (rule, wanted) in [
        (
            "match: {kind: ConfigMap}, expression: \"object.data.v == 'a'\"",
            Some("7 a: failed expression: object.data.v == 'a'"),
        ),
        (
            "match: {kind: ConfigMap}, expression: \"object.data.v == 'a'\", message: not a",
            Some("7 a: not a"),
        ),
        ("match: {kind: ConfigMap}, expression: \"object.data.v == 'b'\"", None),
        (
            "match: {kind: Deployment}, expression: object.spec.replicas > 1",
            Some("14 a: failed expression: object.spec.replicas > 1"),
        ),
        (
            "match: {kind: Deployment, container: web}, expression: object.spec.replicas > 1, message: one",
            Some("14 a: one"),
        ),
        ("match: {kind: Deployment, container: side}, expression: object.spec.replicas > 1", None),
        ("match: {kind: Service}, expression: 'false'", None),
        (
            "match: {kind: ConfigMap}, params: {most: 1}, expression: size(object.data) <= params.most, messageExpression: \"'above ' + string(params.most)\"",
            Some("6 a: above 1"),
        ),
        (
            "match: {kind: ConfigMap}, matchConditions: [{name: w, expression: object.data.w != 'x'}], expression: 'false'",
            None,
        ),
    ] {
        let found = found_in("production", &format!("expressions:\n- {{id: a, {rule}}}\n"), MANIFEST);
        assert_eq!(found, wanted.into_iter().collect::<Vec<_>>(), "{rule}");
    }
}
