//! `check --diff-from`: what a change does to objects and findings.

use std::fs;

use libtest_mimic::{Failed, Trial};

use crate::run::{json, run_in, shop};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("objects_and_findings_of_a_change", objects_and_findings_of_a_change),
        Trial::test("nothing_changed_is_nothing_new", nothing_changed_is_nothing_new),
        Trial::test("folders_are_compared_whole", folders_are_compared_whole),
        Trial::test("a_secret_that_changes_shows_its_key_only", a_secret_that_changes_shows_its_key_only),
        Trial::test("definitions_of_custom_resources_are_compared_too", definitions_are_compared_too),
    ]
}

const ARGUMENTS: [&str; 4] = ["check", "-eproduction", "--diff-from", "old.yaml"];

fn objects_and_findings_of_a_change() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("old.yaml"), shop())?;
    let new = shop()
        .replace("hostNetwork: true", "hostPID: true")
        .replace("  maxUnavailable: 0 ", "  maxUnavailable: 1 ")
        + "---\n# Source: shop/templates/more.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n";
    let ran = run_in(folder.path(), &ARGUMENTS, &new);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let expected = "against old.yaml: objects: 1 added, 0 removed, 2 changed, 13 the same\n  added   ConfigMap/more  shop/templates/more.yaml\n  changed PodDisruptionBudget/api  shop/templates/api.yaml\n            ~ spec.maxUnavailable\n  changed DaemonSet/agent  shop/templates/agent.yaml\n            + spec.template.spec.hostPID\n            - spec.template.spec.hostNetwork\n  gone    host-network                    DaemonSet/agent\n  gone    pdb-blocks-eviction             PodDisruptionBudget/api\n";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    assert!(ran.stdout.contains("refused host-pid"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("privileged-container"), "known: {}", ran.stdout);
    let report = json(&run_in(folder.path(), &[&ARGUMENTS[..], &["--report=json"]].concat(), &new).stdout);
    let difference = &report["difference"];
    assert_eq!(difference["added"][0]["template"], "shop/templates/more.yaml");
    assert_eq!(
        difference["changed"][1]["changes"][1],
        json("{\"route\": \"spec.template.spec.hostNetwork\", \"op\": \"removed\"}")
    );
    assert_eq!(report["baseline"]["gone"].as_array().map(Vec::len), Some(2));
    let findings = report["findings"].as_array().unwrap();
    let new_ones: Vec<&str> =
        findings.iter().filter(|it| it["baseline"] == false).map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!(new_ones, ["host-pid"]);
    let comment = run_in(folder.path(), &[&ARGUMENTS[..], &["--report=markdown"]].concat(), &new).stdout;
    assert!(
        comment.contains("<summary>objects: 1 added, 0 removed, 2 changed, 13 the same</summary>"),
        "{comment}"
    );
    assert!(comment.contains("| changed | DaemonSet/agent | + spec.template.spec.hostPID, - "), "{comment}");
    assert!(!comment.contains("`hardtack check --diff-from` shows all"), "{comment}");
    Ok(())
}

fn nothing_changed_is_nothing_new() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("old.yaml"), shop())?;
    let ran = run_in(folder.path(), &ARGUMENTS, &format!("# a comment\n{}", shop()));
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout
            .starts_with("against old.yaml: objects: 0 added, 0 removed, 0 changed, 15 the same\n15 objects"),
        "{}",
        ran.stdout
    );
    fs::write(folder.path().join("base.json"), "{\"version\": 1, \"findings\": []}")?;
    let ran = run_in(folder.path(), &[&ARGUMENTS[..], &["--baseline=base.json"]].concat(), &shop());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    fs::write(folder.path().join("old.yaml"), "a: [\n")?;
    assert_eq!(run_in(folder.path(), &ARGUMENTS, &shop()).code, Some(2));
    Ok(())
}

const LABELLED: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, labels: {helm.sh/chart: shop-VERSION}}\n";

fn folders_are_compared_whole() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let object = |name: &str, version: &str| LABELLED.replace("NAME", name).replace("VERSION", version);
    for (path, text) in [
        ("old/a.yaml", object("a", "1.0.0")),
        ("old/b.yaml", [object("b", "1.0.0"), object("c", "1.0.0")].join("---\n")),
        ("old/d.yaml", object("d", "1.0.0")),
        ("new/all.yaml", ["c", "b", "a", "e"].map(|name| object(name, "1.1.0")).join("---\n")),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, text)?;
    }
    let ran = run_in(folder.path(), &["check", "--diff-from", "old", "new"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let expected = "against old: objects: 1 added, 1 removed, 3 changed, 0 the same\n  added   ConfigMap/e\n  removed ConfigMap/d\n  changed ConfigMap/c, ConfigMap/b, ConfigMap/a\n            ~ metadata.labels[\"helm.sh/chart\"]\n";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    Ok(())
}

fn a_secret_that_changes_shows_its_key_only() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let secret = |value: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{password: {value}}}\n")
    };
    fs::write(folder.path().join("old.yaml"), secret("canary-old"))?;
    for format in ["text", "json", "markdown", "sarif", "junit", "github", "gitlab"] {
        let ran =
            run_in(folder.path(), &[&ARGUMENTS[..], &["--report", format]].concat(), &secret("canary-new"));
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("canary"), "{format}: {}", ran.stdout);
        assert!(
            !["text", "json", "markdown"].contains(&format) || ran.stdout.contains("stringData.password")
        );
    }
    Ok(())
}

fn definitions_are_compared_too() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let definition = |scope: &str| {
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.example.org}}\nspec: {{group: example.org, scope: {scope}, names: {{plural: as, singular: a, kind: A}}, versions: []}}\n"
        )
    };
    fs::write(folder.path().join("old.yaml"), definition("Cluster"))?;
    let ran = run_in(folder.path(), &ARGUMENTS, &definition("Namespaced"));
    assert!(
        ran.stdout.contains("CustomResourceDefinition/as.example.org\n            ~ spec.scope\n"),
        "{}",
        ran.stdout
    );
    Ok(())
}
