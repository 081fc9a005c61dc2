//! Any text as an expression: it is refused, or it ends, within what it may cost, on an object of its own words.
#![no_main]

use hardtack::cel::{Evaluator, Expression, Names, POLICY, Provided, Val};
use hardtack::yaml::stream::{ParseOptions, parse};
use libfuzzer_sys::fuzz_target;

const OBJECT: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {when: '2026-11-20T14:00:00Z', far: 'https://[::1]:80/a?b=c'}}
spec:
  replicas: 3
  ratio: 0.5
  containers: [{name: a, image: 'ghcr.io/acme/a:1.2', resources: {limits: {memory: 512Mi}}}, {name: b, image: b}]
";

fuzz_target!(|text: &str| {
    let variables = ["v".to_owned()];
    let Ok(variable) = Expression::compile("object.spec.containers", Names { globals: POLICY, variables: &[] }) else {
        return;
    };
    let Ok(expression) = Expression::compile(text, Names { globals: POLICY, variables: &variables }) else { return };
    let stream = parse(OBJECT.to_owned(), ParseOptions::default()).unwrap();
    let object = Val::read(stream.root(&stream.documents[0]).unwrap());
    let provided =
        Provided { object: object.clone(), request: object, params: Val::Null, namespace: Val::Null };
    let variables = [variable];
    let outcome = |expression: &Expression| {
        let mut evaluator = Evaluator::new(provided.clone(), &variables);
        evaluator.run(expression).map_err(|failure| failure.message).map(|value| value.to_string())
    };
    assert_eq!(outcome(&expression), outcome(&expression), "the same each time");
});
