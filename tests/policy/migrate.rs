//! `policy migrate`: files of v1alpha1 are still read, and rewritten without losing a byte.

use crate::folder::{Folder, GOOD};

const OLD: &str = "\
# what the shop demands
apiVersion: hardtack.dev/v1alpha1
kind: Policy
metadata: {name: shop}   # flow stays flow
spec:
  extends: base.yaml
  severities: staging # not yet production
  pssVersion: v1.33   # until the upgrade
  gate: {severity: high}
";

const NEW: &str = "\
# what the shop demands
apiVersion: hardtack.dev/v1
kind: Policy
metadata: {name: shop}   # flow stays flow
spec:
  extends: base.yaml
  severitiesOf: staging # not yet production
  # until the upgrade
  gate: {severity: high, podSecurityVersion: v1.33}
";

const BASE: &str = "apiVersion: hardtack.dev/v1alpha1\nkind: Policy\nspec: {extends: staging}\n";

fn folder() -> Folder {
    Folder::new().with("hardtack.yaml", OLD).with("base.yaml", BASE)
}

#[test]
fn an_old_file_is_read_and_a_note_says_what_to_do() {
    let ran = folder().run("--report json=report.json", GOOD).ended(0);
    let note = "hardtack.yaml is of hardtack.dev/v1alpha1: hardtack policy migrate rewrites it for v1";
    let ran = ran.says(&format!("note: {note}"));
    assert!(ran.stdout.contains("allowPrivilegeEscalation"));
    let shown = folder().run("policy show --origin", "").ended(0);
    let line = shown.stdout.lines().find(|line| line.contains("podSecurityVersion: v1.33")).expect("a line");
    assert!(line.ends_with("# hardtack.yaml:8"), "{line}");
}

#[test]
fn without_write_the_diff_is_all() {
    let folder = folder();
    let ran = folder.run("policy migrate", "").ended(0);
    assert!(ran.stdout.contains("-  severities: staging # not yet production\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("+++ base.yaml (hardtack.dev/v1)"), "{}", ran.stdout);
    assert_eq!(folder.read("hardtack.yaml"), OLD);
    assert!(!folder.path("hardtack.yaml.v1alpha1").exists());
}

#[test]
fn write_keeps_the_old_file_and_the_meaning() {
    let folder = folder();
    let meaning = |folder: &Folder| {
        folder.run("policy show", "").ended(0).stdout.split_once('\n').expect("a head line").1.to_owned()
    };
    let before = meaning(&folder);
    folder.run("policy migrate --write", "").ended(0).says("hardtack.yaml is hardtack.dev/v1 now");
    assert_eq!(folder.read("hardtack.yaml"), NEW);
    assert_eq!(folder.read("hardtack.yaml.v1alpha1"), OLD);
    assert_eq!(meaning(&folder), before);
    folder.run("policy migrate --write", "").ended(0).says("hardtack.yaml needs nothing");
    let again = folder.with("base.yaml", BASE);
    again.run("policy migrate base.yaml --write", "").ended(2).says("base.yaml.v1alpha1 is there already");
    assert_eq!(again.read("base.yaml"), BASE);
}

#[test]
fn keys_of_the_old_version_are_unknown_in_the_new_one() {
    let folder = Folder::new().with_policy("pssVersion: v1.33");
    folder.run("", GOOD).ended(2).says("gate.podSecurityVersion in v1; hardtack policy migrate rewrites");
    let wrong =
        Folder::new().with("hardtack.yaml", &OLD.replace("v1.33", "v1.x").replace("base.yaml", "staging"));
    wrong.run("", GOOD).ended(2).says("hardtack.yaml:8:3: ");
}
