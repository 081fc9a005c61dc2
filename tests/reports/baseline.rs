//! A baseline: what it knows shows but stops nobody, what is new does.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{json, run_in, shop};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("only_what_is_new_is_refused", only_what_is_new_is_refused),
        Trial::test("twins_are_counted", twins_are_counted),
        Trial::test("a_permission_that_ended_is_new", a_permission_that_ended_is_new),
        Trial::test("what_was_fixed_and_stays_open_is_new", what_was_fixed_and_stays_open_is_new),
        Trial::test("what_is_gone_is_said", what_is_gone_is_said),
        Trial::test("a_bad_baseline_judges_nothing", a_bad_baseline_judges_nothing),
    ]
}

const ARGUMENTS: [&str; 3] = ["check", "-eproduction", "--baseline=base.json"];

fn write_baseline(folder: &Path, extra: &[&str], input: &str) {
    let arguments = [&["check", "-eproduction", "-q", "--report=json=base.json"], extra].concat();
    let ran = run_in(folder, &arguments, input);
    assert_ne!(ran.code, Some(2), "{}", ran.stderr);
}

/// Code and report of a check under the baseline.
fn judged(folder: &Path, extra: &[&str], input: &str) -> (Option<i32>, Value) {
    let ran = run_in(folder, &[&ARGUMENTS[..], &["--report=json"], extra].concat(), input);
    (ran.code, json(&ran.stdout))
}

fn new(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let new = findings.filter(|it| it["baseline"] == false && it["status"] != "exempt");
    new.map(|it| format!("{} {}", it["rule"].as_str().unwrap(), it["refused"])).collect()
}

fn only_what_is_new_is_refused() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write_baseline(folder.path(), &[], &shop());
    let (code, report) = judged(folder.path(), &[], &shop());
    assert_eq!((code, new(&report)), (Some(0), vec![]));
    assert_eq!(report["summary"]["refused"], 0);
    assert_eq!(
        report["baseline"]["known"].as_u64(),
        report["findings"].as_array().map(|all| all.len() as u64)
    );
    let worse = shop().replace("hostNetwork: true", "hostNetwork: true\n      hostPID: true");
    let (code, report) = judged(folder.path(), &[], &worse);
    assert_eq!((code, new(&report)), (Some(1), vec!["host-pid true".to_owned()]));
    let ran = run_in(folder.path(), &ARGUMENTS, &worse);
    assert!(ran.stdout.contains("refused host-pid") && !ran.stdout.contains("privileged"), "{}", ran.stdout);
    assert!(
        run_in(folder.path(), &[&ARGUMENTS[..], &["-v"]].concat(), &worse)
            .stdout
            .contains("known   privileged-")
    );
    // the gate of harden, by variable as in a pipeline, for files and for a stream
    let ran = run_in(folder.path(), &["-eproduction", "--baseline=base.json"], &shop());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("allowPrivilegeEscalation: false"), "known fixes are made all the same");
    let ran = run_in(folder.path(), &["-eproduction", "--baseline=base.json"], &worse);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("1 finding against production"), "{}", ran.stderr);
    fs::write(folder.path().join("shop.yaml"), shop())?;
    let ran =
        run_in(folder.path(), &["harden", "-eproduction", "--baseline=base.json", "-o=out", "shop.yaml"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    Ok(())
}

fn twins_are_counted() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let pod = |volumes: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{volumes: [{volumes}], containers: [{{name: a, image: a}}]}}\n"
        )
    };
    let one = "{name: a, hostPath: {path: /a}}";
    write_baseline(folder.path(), &[], &pod(one));
    assert_eq!(judged(folder.path(), &[], &pod(one)).0, Some(0));
    let (code, report) =
        judged(folder.path(), &[], &pod(&format!("{one}, {{name: b, hostPath: {{path: /b}}}}")));
    assert_eq!((code, new(&report)), (Some(1), vec!["host-path-volume true".to_owned()]));
    Ok(())
}

fn policy(until: &str) -> String {
    format!(
        "apiVersion: hardtack.dev/v1alpha1\nkind: Policy\nspec:\n  extends: production\n  exemptions:\n  - {{allow: host-network, match: {{kind: DaemonSet}}, reason: metrics{until}}}\n"
    )
}

fn a_permission_that_ended_is_new() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("p.yaml"), policy(", until: 2027-01-31"))?;
    let run = |date: &str, extra: &[&str]| {
        run_in(
            folder.path(),
            &[&["check", "-p=p.yaml", "--date", date, "--report=json"], extra].concat(),
            &shop(),
        )
    };
    fs::write(folder.path().join("base.json"), run("2027-01-01", &[]).stdout)?;
    let ran = run("2027-01-01", &["--baseline=base.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let ran = run("2027-03-01", &["--baseline=base.json"]);
    let refused = new(&json(&ran.stdout));
    assert!(ran.code == Some(1) && refused.contains(&"host-network true".to_owned()), "{refused:?}");
    Ok(())
}

fn what_was_fixed_and_stays_open_is_new() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec: {template: {spec: {containers: [{name: a, image: a}]}}}\n";
    write_baseline(folder.path(), &[], pod);
    assert_eq!(judged(folder.path(), &[], pod).0, Some(0));
    let (code, report) = judged(folder.path(), &["--fix=none"], pod);
    assert_eq!(code, Some(1));
    assert!(new(&report).contains(&"run-as-root true".to_owned()), "{:?}", new(&report));
    Ok(())
}

fn what_is_gone_is_said() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write_baseline(folder.path(), &[], &shop());
    let better = shop().replace("hostNetwork: true", "hostNetwork: false");
    let ran = run_in(folder.path(), &ARGUMENTS, &better);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("note: 1 of the baseline base.json not found any more, first host-network"),
        "{}",
        ran.stdout
    );
    let (_, report) = judged(folder.path(), &[], &better);
    assert_eq!(report["baseline"]["gone"][0]["rule"], "host-network");
    // what was not looked for is not gone
    for narrow in ["--only=host-pid", "--skip=host-network", "--select=Deployment/*"] {
        let (_, report) = judged(folder.path(), &[narrow], &better);
        assert_eq!(report["baseline"]["gone"], json("[]"), "{narrow}");
    }
    Ok(())
}

fn a_bad_baseline_judges_nothing() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (text, what) in [
        ("", "is no report"),
        ("a: b\n", "is no report"),
        ("{\"version\": 1}", "missing field `findings`"),
        ("{\"version\": 2, \"findings\": []}", "is a report of version 2, not 1"),
        ("{\"version\": 1, \"findings\": [{\"rule\": \"a\"}]}", "missing field `fingerprint`"),
    ] {
        fs::write(folder.path().join("base.json"), text)?;
        for arguments in [&ARGUMENTS[..], &["--baseline=base.json"]] {
            let ran = run_in(folder.path(), arguments, &shop());
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{text}");
            assert!(ran.stderr.contains(what) && ran.stderr.contains("--report json=FILE"), "{}", ran.stderr);
        }
    }
    fs::remove_file(folder.path().join("base.json"))?;
    let ran = run_in(folder.path(), &ARGUMENTS, &shop());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("cannot read base.json"), "{}", ran.stderr);
    Ok(())
}
