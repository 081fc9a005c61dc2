//! Any text as a Rego module: it is refused, or it ends, with the same messages each time.
#![no_main]

use hardtack::k8s::Scope;
use hardtack::own::rego::{RegoTerms, Sources, Text};
use hardtack::policy::{Date, Policy};
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::harden;
use libfuzzer_sys::fuzz_target;

const OBJECT: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, labels: {app: web}}
data: {a: '1', b: '{\"c\": [1, 2.5, null]}', d: 2026-11-20T14:00:00Z}
";

fuzz_target!(|text: &str| {
    for version in ["v1", "v0"] {
        let today = Date::from_epoch_seconds(1_795_132_800);
        let module = Text { path: "a.rego".to_owned(), below: Vec::new(), text: text.to_owned() };
        let sources = Sources { modules: vec![module], data: Vec::new() };
        let terms = serde_json::json!({"paths": ["a.rego"], "namespaces": ["*"], "regoVersion": version});
        let terms: RegoTerms = serde_json::from_value(terms).unwrap();
        let Ok(rules) = terms.into_rules("fuzz", &sources, today) else { continue };
        let mut policy = Policy::unconfigured(today);
        policy.own = rules;
        let stream = parse(OBJECT.to_owned(), ParseOptions::default()).unwrap();
        let outcome = || match harden(&stream, &policy, Scope::default()) {
            Ok(hardened) => hardened.plan.findings.iter().map(|finding| finding.message.clone()).collect(),
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(outcome(), outcome(), "the same each time");
    }
});
