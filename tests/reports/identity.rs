//! A finding's fingerprint: one in all formats, and the same in the next render.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};

use crate::run::{check, json, shop};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("one_fingerprint_in_all_formats", one_fingerprint_in_all_formats),
        Trial::test("fingerprints_outlive_renders", fingerprints_outlive_renders),
    ]
}

/// How often each fingerprint stands in the JSON report.
fn fingerprints(input: &str) -> BTreeMap<String, usize> {
    let report = json(&check("json", input));
    let mut all = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        *all.entry(finding["fingerprint"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    all
}

fn one_fingerprint_in_all_formats() -> Result<(), Failed> {
    let all = fingerprints(&shop());
    for format in ["text", "sarif", "junit", "github", "gitlab", "markdown"] {
        let report = check(format, &shop());
        let absent: Vec<&String> = all.keys().filter(|it| !report.contains(it.as_str())).collect();
        assert!(absent.is_empty(), "{format} lacks {absent:?}");
    }
    Ok(())
}

const POD: &str = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      hostNetwork: true\n      volumes:\n      - {name: a, hostPath: {path: /a}}\n      - {name: b, hostPath: {path: /b}}\n      containers:\n";
const ONE: &str = "      - name: one\n        image: a:latest\n        securityContext: {privileged: true}\n";
const TWO: &str = "      - name: two\n        image: b\n        securityContext: {runAsUser: 0}\n";
const OTHER: &str = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: a}]}\n";

fn fingerprints_outlive_renders() -> Result<(), Failed> {
    let first = fingerprints(&format!("{POD}{ONE}{TWO}{OTHER}"));
    assert!(first.len() > 20 && first.values().any(|count| *count == 2), "two volumes: {first:?}");
    for (what, input) in [
        ("documents change places", format!("{OTHER}{POD}{ONE}{TWO}")),
        ("containers change places", format!("{POD}{TWO}{ONE}{OTHER}")),
        (
            "lines move",
            format!("# a comment\n\n{}{ONE}{TWO}{OTHER}", POD.replace("\nspec:\n", "\n\n\nspec:\n")),
        ),
        (
            "values change",
            format!("{POD}{ONE}{TWO}{OTHER}").replace("/a}", "/c}").replace("a:latest", "z:latest"),
        ),
        (
            "a template is named",
            format!("{POD}{ONE}{TWO}{OTHER}").replace("---\n", "---\n# Source: x/y.yaml\n"),
        ),
    ] {
        assert_eq!(fingerprints(&input), first, "{what}");
    }
    let other = fingerprints(&format!("{POD}{ONE}{TWO}{OTHER}").replace("name: web", "name: web2"));
    assert!(other.keys().any(|it| !first.contains_key(it)), "another object");
    Ok(())
}
