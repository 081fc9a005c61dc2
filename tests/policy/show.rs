//! `policy show`: the policy in force as a policy file of its own.

use crate::folder::{Folder, GOOD, policy};

const COMPANY: &str = "\
extends: production
rules:
  cpu-limit-missing: {severity: off}
resources:
  - {match: {image: 'nginx*'}, requests: {cpu: 50m}}
exemptions:
  - {allow: image-tag-mutable, reason: built nightly, owner: base, until: 2027-01-31}";

const SHOP: &str = "\
extends: ../company.yaml
rules:
  startup-probe-missing: {fix: false}
  memory-limit-missing: {fix: true}
resources: {limits: {memory: 1Gi}, match: {name: web}}
securityContext: {runAsUser: 1000}
exemptions:
  - {allow: host-pid, match: {name: web}, reason: reads processes, owner: shop}";

fn folder() -> Folder {
    Folder::new().with("company.yaml", &policy(COMPANY)).with("shop/hardtack.yaml", &policy(SHOP))
}

#[test]
fn a_built_in_environment_is_printed_as_it_stands() {
    for name in ["development", "staging", "production"] {
        let ran = Folder::new().run(&format!("policy show -e {name}"), "").ended(0);
        let file = format!("{}/src/policy/environments/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(ran.stdout, std::fs::read_to_string(file).expect("a built-in file"));
        assert_eq!(ran.stderr, "");
    }
    Folder::new().run("policy show", "").ended(0).says("nothing is refused; this is the built-in production");
}

#[test]
fn what_is_printed_is_a_policy_that_means_the_same() {
    let folder = folder();
    let shown = folder.run("policy show -p shop/hardtack.yaml", "").ended(0).stdout;
    let folder = folder.with("whole.yaml", &shown);
    let host = GOOD.replace("    spec:\n", "    spec:\n      hostPID: true\n");
    let both = ["shop/hardtack.yaml", "whole.yaml"].map(|file| {
        let ran = folder.run(&format!("-p {file} --date 2026-11-20 --report json=r.json -q"), &host).ended(0);
        let mut report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).expect("JSON");
        for key in ["chosen_by", "environment_chosen_by"] {
            report["policy"][key] = serde_json::Value::Null;
        }
        report["environment"] = serde_json::Value::Null;
        let report = report.to_string();
        (ran.stdout, report.split("the exemption at").next().map(str::to_owned))
    });
    assert_eq!(both[0].0, both[1].0);
    assert_eq!(both[0].1, both[1].1);
    assert!(both[0].0.contains("memory: 1Gi") && both[0].0.contains("cpu: 100m"), "{}", both[0].0);
}

#[test]
fn origin_names_file_and_line_of_each_value() {
    let ran = folder().run("policy show --origin -p shop/hardtack.yaml", "").ended(0);
    let line = |words: &str| {
        let found = ran.stdout.lines().find(|line| line.trim_start().starts_with(words));
        found.unwrap_or_else(|| panic!("no {words:?} in {}", ran.stdout)).to_owned()
    };
    for (words, place) in [
        ("podSecurity: restricted", "# production:13"),
        ("cpu: 50m", "# shop/../company.yaml:10"),
        ("memory: 1Gi", "# shop/hardtack.yaml:10"),
        ("runAsUser: 1000", "# shop/hardtack.yaml:11"),
        ("severity: \"off\"", "# shop/../company.yaml:8"),
        ("reason: built nightly", "# shop/../company.yaml:12"),
    ] {
        assert!(line(words).ends_with(place), "{}", line(words));
    }
}

#[test]
fn later_files_win_and_circles_are_refused() {
    let one = policy("gate: {severity: high}\nkubeVersion: '1.33'");
    let two = policy("gate: {severity: low}");
    let folder = Folder::new().with("a.yaml", &one).with("b.yaml", &two);
    let folder = folder.with_policy("extends: [production, a.yaml, b.yaml]");
    folder.run("policy show", "").ended(0).says("severity: low").says("kubeVersion: \"1.33\"");
    let circle = Folder::new().with("a.yaml", &policy("extends: hardtack.yaml"));
    let circle = circle.with_policy("extends: a.yaml");
    let ran = circle.run("", GOOD).ended(2);
    assert_eq!(ran.stdout, "");
    ran.says("a.yaml:6:3: hardtack.yaml extends itself");
    let missing = Folder::new().with_policy("extends: prodution");
    missing
        .run("", GOOD)
        .ended(2)
        .says("hardtack.yaml:6:3: extends \"prodution\", which is neither an environment nor a file");
}

#[test]
fn a_key_without_a_value_says_nothing() {
    let spec =
        "extends: production\nresources:\ngate:\n  severity:\nrules:\n  startup-probe-missing: {copy: }";
    let shown = Folder::new().with_policy(spec).run("policy show", "").ended(0).stdout;
    let folder = Folder::new().with("whole.yaml", &shown);
    let again = folder.run("policy show -p whole.yaml", "").ended(0).stdout;
    let body = |text: &str| text.split_once('\n').map(|(_, body)| body.to_owned());
    assert_eq!(body(&shown), body(&again));
    for kept in ["severity: critical", "copy: false", "cpu: 100m"] {
        assert!(shown.contains(kept), "no {kept:?} in {shown}");
    }
}
