//! Real charts: the function does to what kustomize hands it exactly what the filter does to the text.

use libtest_mimic::Trial;

use crate::support::corpus;
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![corpus::trial("corpus_function_equals_filter", &["kustomize"], || {
        function_equals_filter();
        Ok(())
    })]
}

const FUNCTION: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: harden
  annotations:
    config.kubernetes.io/function: 'exec: {path: hardtack}'
data: {environment: production, gate: never}
";

fn function_equals_filter() {
    let sandbox = Sandbox::new();
    sandbox.write("harden.yaml", FUNCTION);
    let build = |text: &str, list: &str| {
        sandbox.write("all.yaml", text);
        sandbox.write("kustomization.yaml", &format!("resources: [all.yaml]\n{list}"));
        sandbox.call("kustomize").args(["build", "--enable-alpha-plugins", "--enable-exec", "."]).run()
    };
    let mut changed = 0;
    for (name, text) in corpus::charts() {
        let text = String::from_utf8(text).unwrap();
        let plain = build(&text, "");
        if plain.code != 0 {
            continue; // kustomize takes no two objects of one identity, which Helm does
        }
        let function = build(&text, "transformers: [harden.yaml]\n");
        let filtered = sandbox.hardtack(&["-q", "-eproduction", "--gate=never"], &text);
        let filtered = build(&filtered.succeeded().stdout, "");
        assert!(
            function.succeeded().stdout == filtered.succeeded().stdout,
            "{name}: function and filter differ"
        );
        changed += usize::from(function.stdout != plain.stdout);
    }
    assert!(changed > 0, "something was hardened");
}
